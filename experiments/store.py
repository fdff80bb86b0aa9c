"""The store: sealed Parquet shards that are either whole and true or not there, and files that replace each other.

A shard is written under a temporary name (host, pid, random), synced, and linked to runs/<2>/<shard>.<digest>.parquet,
which fails if the name exists. The digest covers shard id and bytes, so swapped and flipped files are found on reading.
Folders are synced once, at the end of a study: a loss of power before costs the runs, never their truth.
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
from collections.abc import Iterable, Iterator
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


def _write_temporary(folder: Path, content: bytes | pa.Buffer) -> Path:
    """A synced temporary file with this content; nothing is left behind when writing fails."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{TEMPORARY}{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(8)}"
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
        return path

    def sync(self, shards: Iterable[Path]) -> None:
        """Make the names of sealed shards last through a loss of power (their bytes do already): once a study."""
        for folder in sorted({path.parent for path in shards}):
            _sync_folder(folder)

    def find(self, shard: str) -> Path | None:
        """The sealed file of a shard, if there is a whole and true one; a damaged one is put into quarantine/."""
        for path in sorted((self.runs / shard[:2]).glob(f"{shard}.*.parquet")):
            if self._is_true(path):
                return path
            self._quarantine(path)
        return None

    def read(self, path: Path) -> pa.Table:
        """The table of a sealed file. Raises StoreError if its bytes are not those that were sealed."""
        name, content = SEALED.fullmatch(path.name), path.read_bytes()
        if name is None or _seal(name[1], content) != name[2]:
            raise StoreError(f"{path}: the content is not what was sealed; run the study again")
        return pq.read_table(io.BytesIO(content), page_checksum_verification=True)

    def _is_true(self, path: Path) -> bool:
        name = SEALED.fullmatch(path.name)
        return name is not None and not path.is_symlink() and _seal(name[1], path.read_bytes()) == name[2]

    def _quarantine(self, path: Path) -> None:
        target = self.folder / "quarantine"
        target.mkdir(exist_ok=True)
        path.replace(target / path.name)

    def sweep_temporary(self, pids: set[int]) -> None:
        """Remove what processes of this host with these ids left behind."""
        marks = {f"{TEMPORARY}{socket.gethostname()}-{pid}-" for pid in pids}
        for path in self.folder.rglob(f"{TEMPORARY}*"):
            if any(path.name.startswith(mark) for mark in marks):
                path.unlink(missing_ok=True)
