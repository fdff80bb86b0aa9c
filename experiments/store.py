"""The store: sealed Parquet shards that are either whole and true or not there, and files that replace each other.

A shard is written under a temporary name (host, pid, random), synced, and linked to runs/<2>/<shard>.<digest>.parquet,
which fails if the name exists. The digest covers shard id and bytes, so swapped and flipped files are found on reading.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments import lock
from experiments.durable import (
    TEMPORARY,
    StoreError,
    remove,
    sweep_temporary,
    sync_folder,
    temporary_name,
    told,
    write_file,
    write_temporary,
)

__all__ = ["DIGITS", "QUARANTINE", "Store", "StoreError", "shard_id", "write_file"]
DIGITS = 24
SEALED = re.compile(rf"([0-9a-f]{{{DIGITS}}})\.([0-9a-f]{{{DIGITS}}})\.parquet")
QUARANTINE = "quarantine"


def shard_id(*parts: object) -> str:
    """The name of a shard: a digest of what lies in it."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:DIGITS]


def _seal(shard: str, content: bytes | pa.Buffer) -> str:
    digest = hashlib.sha256(shard.encode() + b"\0")
    digest.update(content)
    return digest.hexdigest()[:DIGITS]


@dataclass(frozen=True)
class Store:
    """The files of one study, under results/<study>/."""

    folder: Path

    @property
    def runs(self) -> Path:
        """The folder of the sealed shards."""
        return self.folder / "runs"

    def probe(self) -> None:
        """Create the folder and check that files can be written and linked in it. Raises StoreError."""
        with told(self.folder, "cannot be made"):
            self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.runs, self.folder / QUARANTINE, *(self.runs.glob("*") if self.runs.is_dir() else ())):
            if folder.is_symlink():
                raise StoreError(f"{folder}: is a symbolic link; what is stored stays in the study's folder")
        for folder in (self.folder, self.runs):
            temporary = write_temporary(folder, b"probe")
            second = folder / temporary_name()
            try:
                with told(folder, "cannot link files"):
                    os.link(temporary, second)
            finally:
                remove(temporary)
                remove(second)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the study for this process. Raises StoreError naming the process that holds it."""
        return lock.held(self.folder)

    def holder(self) -> str:
        """Who holds the study's lock, as it says itself; nothing when nobody does."""
        return lock.holder(self.folder)

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
        if path.parent.is_symlink():
            raise StoreError(f"{path.parent}: is a symbolic link; what is stored stays in the study's folder")
        temporary = write_temporary(path.parent, content)
        try:
            self._commit(temporary, path)
        finally:
            remove(temporary)
        return path

    def _commit(self, temporary: Path, path: Path) -> None:
        """Give a whole file its final name, unless a true file has it already. Raises StoreError."""
        with told(path):
            try:
                os.link(temporary, path)
            except FileExistsError:
                if not self.is_true(path):  # damaged since: it would hide what we have
                    self.quarantine(path)
                    os.link(temporary, path)
            try:
                sync_folder(path.parent)
            except OSError:  # nobody knows whether the name lasts: not committed
                remove(path)
                raise

    def sealed(self) -> list[Path]:
        """All sealed files, by name; their content is not looked at."""
        return sorted((path for path in self._files() if self._is_own(path)), key=lambda path: path.name)

    def foreign(self) -> list[Path]:
        """What lies among the sealed files and is none: other names, files in the wrong folder, in linked folders."""
        return sorted(p for p in self._files() if not self._is_own(p) and not p.name.startswith(TEMPORARY))

    def _files(self) -> Iterator[Path]:
        """All files in the folder of the sealed ones and the folders in it; links are not followed."""
        with told(self.runs, "cannot be read"):
            for entry in os.scandir(self.runs) if self.runs.is_dir() else ():
                if entry.is_dir(follow_symlinks=False):
                    yield from (Path(below.path) for below in os.scandir(entry.path))
                else:
                    yield Path(entry.path)

    def _is_own(self, path: Path) -> bool:
        """Whether a path is where a sealed file of its name lies."""
        return SEALED.fullmatch(path.name) is not None and path.parent.name == path.name[:2]

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
        return pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True).read(columns)

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
        """Put a damaged or foreign file aside, where nobody reads it. Raises StoreError."""
        target, number = self.folder / QUARANTINE / path.name, 1
        with told(path, "cannot be put aside"):
            target.parent.mkdir(exist_ok=True)
            while target.exists() or target.is_symlink():
                number += 1
                target = target.with_name(f"{path.name}.{number}")
            path.replace(target)

    def sweep_temporary(self, pids: Collection[int] = ()) -> None:
        """Remove temporary files of processes of this host: of these ones, and of all that are dead."""
        sweep_temporary(self.folder, set(pids))
