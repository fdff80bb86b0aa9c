"""The page's own server: Streamlit on a Unix socket, ended with the program that started it.

`python -m experiments.dashboard.inner [option ...]`; standard input is a pipe that closes when the starter ends.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

PAGE = Path(__file__).with_name("page.py")
COLOURS = {
    "base": "light",
    "primaryColor": "#1f5f99",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f3f5f8",
    "textColor": "#1f2933",
    "borderColor": "#d5dbe3",
    "baseRadius": "small",
}
FIXED = {
    "global.developmentMode": "false",
    "logger.level": "error",
    "logger.hideWelcomeMessage": "true",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": "false",
    "runner.magicEnabled": "false",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.allowRunOnSave": "false",
    "server.enableStaticServing": "false",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableAgentApi": "false",
    "server.scriptHealthCheckEnabled": "false",
    "server.maxUploadSize": "1",
    "server.maxMessageSize": "60",
    "server.disconnectedSessionTTL": "60",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": "127.0.0.1",
}


def options(socket: Path, port: int, hosts: frozenset[str]) -> list[str]:
    """Streamlit's options, all on the command line, which goes before any file of the user."""
    names = sorted({host.rpartition(":")[0] or host for host in hosts})
    given = FIXED | {"server.address": f"unix://{socket}", "browser.serverPort": str(port)}
    given |= {f"theme.{key}": value for key, value in COLOURS.items()}
    return [f"--{key}={value}" for key, value in given.items()] + [f"--server.allowedHosts={name}" for name in names]


def _end_with_starter() -> None:
    """Wait until the pipe closes, then end at once: nobody can reach the page any more."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def main(given: list[str]) -> None:
    """Serve the page."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", *given, str(PAGE)]
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main(sys.argv[1:])
