"""The page's own server: Streamlit on a Unix socket, ended with the program that started it.

`python -m experiments.dashboard.inner SOCKET PORT HOST ...`. Standard input is a pipe that closes when the starter
ends.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.dashboard import typeface

PAGE = Path(__file__).with_name("page.py")
LOOK = {
    "base": "light",
    "primaryColor": "#1f5f99",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f3f5f8",
    "textColor": "#1f2933",
    "borderColor": "#d5dbe3",
    "baseRadius": "small",
    "font": typeface.stack(typeface.LATIN, "sans-serif"),
    "codeFont": typeface.stack(typeface.LATIN_OF_CODE, "monospace"),
}
FIXED: dict[str, Any] = {
    "global.developmentMode": False,
    "logger.level": "error",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # a walk over all that is loaded, after every pass of every user
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.allowRunOnSave": False,
    "server.enableStaticServing": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "server.maxUploadSize": 1,
    "server.maxMessageSize": 60,
    "server.disconnectedSessionTTL": 60,
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "127.0.0.1",
}
MOST_SENT = 1_000_000  # bytes of one message of a browser: choices, never files


def options(port: int, hosts: Sequence[str]) -> dict[str, Any]:
    """Streamlit's options as those of a command line, which go before any file of the user."""
    names = sorted({host.rpartition(":")[0].strip("[]") or host for host in hosts})
    given = FIXED | {"browser.serverPort": port, "server.port": port, "server.allowedHosts": names}
    given |= {f"theme.{key}": value for key, value in LOOK.items()}
    return {name.replace(".", "_"): value for name, value in given.items()}


def _end_with_starter() -> None:
    """Wait until the pipe closes, then end at once: nobody can reach the page any more."""
    while os.read(0, 4096):  # not sys.stdin: its lock would be held when the interpreter ends
        pass
    os._exit(0)


def _make_ready() -> None:
    """Load what the first visitor would wait for: the parts of the page, and the scenarios that can be chosen."""
    from experiments.dashboard import page_compare, page_design, page_past, page_result  # noqa: F401
    from experiments.dashboard.scenarios import quarters, scenario_titles

    scenario_titles()
    quarters()


def main(socket: str, port: int, hosts: Sequence[str]) -> None:
    """Serve the page on a Unix socket, for a door that listens on this port under these names."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    import uvicorn
    from streamlit.starlette import App
    from streamlit.web import bootstrap

    bootstrap.load_config_options(options(port, hosts))
    threading.Thread(target=_make_ready, daemon=True).start()  # not before: Streamlit must be imported by one alone
    uvicorn.run(
        App(PAGE), uds=socket, ws="websockets-sansio", ws_max_size=MOST_SENT, log_level="error", access_log=False,
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=2,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
