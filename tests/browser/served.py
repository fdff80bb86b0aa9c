"""A dashboard on a free port, started as a command of its own and ended by its pid."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 400.0  # kernels may have to be compiled first


@dataclass
class Served:
    """A dashboard that runs: where it is, and the process of its command."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def processes(self) -> dict[int, str]:
        """Pids of the command and of everything below it, with what they were started by."""
        parents: dict[int, int] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        found, front = {self.process.pid}, {self.process.pid}
        while front:
            front = {pid for pid, parent in parents.items() if parent in front} - found
            found |= front
        return {pid: command_of(pid) for pid in found}


def command_of(pid: int) -> str:
    """The command line of a process; nothing when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def dashboard(folder: Path, *arguments: str, is_warm: bool = True) -> Iterator[Served]:
    """Serve with results in `folder`; with `is_warm` the reference has been run when it is handed over."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    given = [f"port={port}", f"results={folder / 'results'}", *arguments]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "experiments", "dashboard", *given], cwd=folder, stdout=log, stderr=log,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
        )  # fmt: skip
    served = Served(port, folder, process)
    try:
        _wait(served, lambda: "dashboard: http" in served.log)
        if is_warm:
            _wait(served, lambda: bool(list(folder.glob("results/dashboard/*/manifest.json"))))
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def _wait(served: Served, is_there: object) -> None:
    assert callable(is_there)
    end = time.monotonic() + START_SECONDS
    while not is_there():
        assert served.process.poll() is None, served.log
        assert time.monotonic() < end, served.log
        time.sleep(0.2)
