"""The lock of a study's folder: one sweep at a time, and a clear message for the second.

Commits never overwrite, so that nothing is lost where locks do not work (some network file systems, Windows). The
system lets go of a dead process's lock: a file that one left behind is taken over. Workers of one that was killed just
now may be there for a moment longer, with its lock: that moment is waited for.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from experiments.durable import StoreError, told

FILE = ".lock"
TRIES = 100
PATIENCE, PAUSE = 10.0, 0.05  # seconds that workers of a dead process may take to end; between two looks
NOT_LINKED = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for this process. Raises StoreError naming the process that holds it."""
    path = folder / FILE
    handle = _taken(path)
    try:
        yield
    finally:
        if handle is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            handle.close()


def _taken(path: Path) -> TextIO | None:
    """The locked file; None where there are no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    until = time.monotonic() + PATIENCE
    for _ in range(TRIES + int(PATIENCE / PAUSE)):
        with told(path):
            handle = os.fdopen(os.open(path, NOT_LINKED, 0o666), "r+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            with handle:
                if busy.errno not in (errno.EAGAIN, errno.EACCES):
                    return None
                if not _is_dead(_who(handle)) or time.monotonic() > until:
                    raise StoreError(f"{path.parent}: is in use by {_who(handle)}") from busy
            time.sleep(PAUSE)
            continue
        if _is_there(handle, path):
            _say(handle, path)
            return handle
        handle.close()  # its holder removed it while we waited for it: whoever comes next makes a new one
    raise StoreError(f"{path}: cannot be locked: it is taken away again and again")


def _is_there(handle: TextIO, path: Path) -> bool:
    """Whether the locked file is still the one of this name."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.lstat())
    except OSError:
        return False


def _say(handle: TextIO, path: Path) -> None:
    """Write down who we are."""
    try:
        with told(path):
            handle.truncate(0)
            began = time.strftime("%Y-%m-%d %H:%M:%S")
            handle.write(f"pid {os.getpid()} on {socket.gethostname()} since {began}")
            handle.flush()
    except StoreError:
        with contextlib.suppress(OSError):
            handle.close()  # what could not be written is tried again on closing
        raise


def _is_dead(who: str) -> bool:
    """Whether a holder, as it says itself, ran on this computer and is gone."""
    match = re.match(r"pid (\d{1,10}) on (.*) since ", who)
    if match is None or match[2] != socket.gethostname():
        return False
    try:
        os.kill(int(match[1]), 0)  # asks only whether it is there
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def _who(handle: TextIO) -> str:
    """What a holder says of itself."""
    handle.seek(0)
    return handle.read(200).strip() or "another process"


def holder(folder: Path) -> str:
    """Who holds a folder, as it says itself; nothing when nobody does."""
    try:
        import fcntl
    except ImportError:
        return ""
    with contextlib.suppress(OSError), (folder / FILE).open("r") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _who(handle)
    return ""
