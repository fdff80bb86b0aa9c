"""Files that are whole or not there: temporary names, synced writes, and failures that name the path.

A temporary name bears host, process id and the time the process began, so that what a dead process left can be told
from what a living one is writing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

TEMPORARY = ".tmp-"
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class StoreError(RuntimeError):
    """The store cannot be used: it is busy, read-only, full or damaged. The message is one line."""


@contextlib.contextmanager
def told(path: Path, what: str = "cannot write") -> Iterator[None]:
    """Turn a failure of the file system into a StoreError that names the path and the room that is left there."""
    try:
        yield
    except OSError as failed:
        room = _room(path)
        raise StoreError(f"{path}: {what}: {failed.strerror or failed}{room}") from failed


def _room(path: Path) -> str:
    """Free space of the file system that holds a path, as the end of a message; nothing when it cannot be told."""
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError):
            found = os.statvfs(folder)
            return f"; {found.f_bavail * found.f_frsize // 1_000_000} MB free"
    return ""


def born(pid: int) -> str:
    """When a process of this host was started, in ticks since the system's start; 0 where it cannot be told.

    A process that ended and was not fetched by its parent yet is none any more.
    """
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return told[19] if told[0] not in "ZX" else "0"
    except (OSError, IndexError):
        return "0"


def temporary_name() -> str:
    """A name that no other process uses."""
    return f"{TEMPORARY}{socket.gethostname()}-{os.getpid()}-{born(os.getpid())}-{secrets.token_hex(8)}"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_temporary(folder: Path, content: bytes) -> Path:
    """A synced temporary file with this content; nothing is left behind when writing fails. Raises StoreError.

    Every failure counts, that of closing too: a file system may tell only then that it kept nothing.
    """
    path = folder / temporary_name()
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, NEW_FILE, 0o666)
            try:
                _write_all(handle, content)
                os.fsync(handle)
            finally:
                os.close(handle)
        except BaseException:
            remove(path)
            raise
    return path


def _write_all(handle: int, content: bytes) -> None:
    """All bytes: one call may take only some of them."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def remove(path: Path) -> None:
    """Remove a temporary file if that can be done; what stays is swept by the next command."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file as a whole (temporary name, sync, rename). Raises StoreError."""
    data = content.encode() if isinstance(content, str) else content
    temporary = write_temporary(path.parent, data)
    try:
        with told(path):
            temporary.replace(path)
            sync_folder(path.parent)
    except BaseException:
        remove(temporary)
        raise


def sweep_temporary(folder: Path, pids: set[int]) -> None:
    """Remove what processes of this host left behind: these ones, and all that are not alive any more.

    A new process with an old id keeps nothing of a dead one alive. Raises StoreError.
    """
    mark = f"{TEMPORARY}{socket.gethostname()}-"
    for path in folder.rglob(f"{TEMPORARY}*"):
        pid, _, rest = path.name.removeprefix(mark).partition("-")
        if path.name.startswith(mark) and pid.isdecimal():
            began = rest.partition("-")[0]
            if int(pid) in pids or (began != "0" and born(int(pid)) != began):
                with told(path):
                    path.unlink(missing_ok=True)
