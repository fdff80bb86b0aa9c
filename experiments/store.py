"""The store: sealed Parquet shards that are either whole and true or not there, and files that replace each other.

A shard is written under a temporary name (host, pid, random), synced, and linked to runs/<2>/<shard>.<digest>.parquet,
which fails if the name exists. The digest covers shard id and bytes, so swapped and flipped files are found on reading.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DIGITS = 24
SEALED = re.compile(rf"([0-9a-f]{{{DIGITS}}})\.([0-9a-f]{{{DIGITS}}})\.parquet")
TEMPORARY = ".tmp-"


class StoreError(RuntimeError):
    """The store cannot be used: it is busy, read-only or full. The message is one line."""


def shard_id(*parts: object) -> str:
    """The name of a shard: a digest of what lies in it."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:DIGITS]


def _seal(shard: str, content: bytes | pa.Buffer) -> str:
    digest = hashlib.sha256(shard.encode() + b"\0")
    digest.update(content)
    return digest.hexdigest()[:DIGITS]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _born(pid: int) -> str:
    """When a process of this host was started, in ticks since the system's start; 0 where it cannot be told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"


def _write_temporary(folder: Path, content: bytes | pa.Buffer) -> Path:
    """A synced temporary file with this content; nothing is left behind when writing fails."""
    folder.mkdir(parents=True, exist_ok=True)
    owner = f"{socket.gethostname()}-{os.getpid()}-{_born(os.getpid())}"
    path = folder / f"{TEMPORARY}{owner}-{secrets.token_hex(8)}"
    try:
        with path.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as failed:
        path.unlink(missing_ok=True)
        free = ""
        with contextlib.suppress(OSError):
            room = os.statvfs(folder)
            free = f"; {room.f_bavail * room.f_frsize // 1_000_000} MB free"
        raise StoreError(f"{folder}: cannot write: {failed.strerror}{free}") from failed
    return path


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file as a whole (temporary name, sync, rename)."""
    data = content.encode() if isinstance(content, str) else content
    temporary = _write_temporary(path.parent, data)
    temporary.replace(path)
    _sync_folder(path.parent)


@dataclass(frozen=True)
class Store:
    """The files of one study, under results/<study>/."""

    folder: Path

    @property
    def runs(self) -> Path:
        """The folder of the sealed shards."""
        return self.folder / "runs"

    def probe(self) -> None:
        """Create the folder and check that it can be written. Raises StoreError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as failed:
            raise StoreError(f"{self.folder}: cannot be made: {failed.strerror}") from failed
        _write_temporary(self.folder, b"probe").unlink()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the study for this process. Raises StoreError naming the process that holds it."""
        try:
            import fcntl
        except ImportError:  # not on Windows; commits never overwrite, so the lock is only a clear message
            yield
            return
        path = self.folder / ".lock"
        with path.open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as busy:
                if busy.errno not in (errno.EAGAIN, errno.EACCES):
                    yield  # a file system without locks
                    return
                handle.seek(0)
                holder = handle.read(200).strip() or "another process"
                raise StoreError(f"{self.folder}: is in use by {holder}") from busy
            handle.truncate(0)
            handle.write(f"pid {os.getpid()} on {socket.gethostname()} since {time.strftime('%H:%M:%S')}")
            handle.flush()
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def holder(self) -> str:
        """Who holds the study's lock, as it says itself; nothing when nobody does."""
        try:
            import fcntl
        except ImportError:
            return ""
        with contextlib.suppress(OSError), (self.folder / ".lock").open("r") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return handle.read(200).strip() or "another process"
        return ""

    def write_shard(self, shard: str, table: pa.Table) -> Path:
        """Seal a table. The same table twice gives the same file, and the second time changes nothing."""
        stream = pa.BufferOutputStream()
        pq.write_table(
            table,
            stream,
            compression="zstd",
            compression_level=3,
            write_page_checksum=True,
            use_dictionary=["run", "scenario", "period", "group"],
        )
        content = stream.getvalue()
        path = self.runs / shard[:2] / f"{shard}.{_seal(shard, content)}.parquet"
        temporary = _write_temporary(path.parent, content)
        try:
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)
        finally:
            temporary.unlink()
        _sync_folder(path.parent)
        return path

    def sealed(self) -> list[Path]:
        """All sealed files, by name; their content is not looked at."""
        found = [path for path in self.runs.glob("[0-9a-f][0-9a-f]/*.parquet") if SEALED.fullmatch(path.name)]
        return sorted(found, key=lambda path: path.name)

    def path_of(self, name: str) -> Path:
        """Where the sealed file of this name lies."""
        return self.runs / name[:2] / name

    def read(self, path: Path, columns: Sequence[str] | None = None) -> pa.Table:
        """The table of a sealed file, or some columns. Raises StoreError if its bytes are not those that were sealed.

        A symbolic link is refused: it may point to what nobody sealed.
        """
        name = SEALED.fullmatch(path.name)
        try:
            content = b"" if path.is_symlink() else path.read_bytes()
        except OSError as failed:
            raise StoreError(f"{path}: cannot be read: {failed.strerror}") from failed
        if name is None or _seal(name[1], content) != name[2]:
            raise StoreError(f"{path}: the content is not what was sealed; run the study again")
        return pq.read_table(io.BytesIO(content), columns=columns, page_checksum_verification=True)

    def is_true(self, path: Path) -> bool:
        """Whether the bytes of a file are those that were sealed under its name."""
        name = SEALED.fullmatch(path.name)
        if name is None or path.is_symlink():
            return False
        try:
            return _seal(name[1], path.read_bytes()) == name[2]
        except OSError:
            return False

    def quarantine(self, path: Path) -> None:
        """Put a damaged file aside, where nobody reads it."""
        target = self.folder / "quarantine"
        target.mkdir(exist_ok=True)
        path.replace(target / path.name)

    def sweep_temporary(self, pids: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        """Remove what processes of this host left behind: these ones, and all that are not alive any more.

        A temporary name bears host, process id and the time the process began, so that a new process with an old id
        keeps nothing of a dead one alive.
        """
        mark = f"{TEMPORARY}{socket.gethostname()}-"
        for path in self.folder.rglob(f"{TEMPORARY}*"):
            pid, _, rest = path.name.removeprefix(mark).partition("-")
            if path.name.startswith(mark) and pid.isdecimal():
                born = rest.partition("-")[0]
                if int(pid) in pids or (born != "0" and _born(int(pid)) != born):
                    path.unlink(missing_ok=True)
