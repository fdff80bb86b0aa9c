"""Which runs a store holds: made from the sealed files, remembered in index.parquet, and never trusted above them.

The remembered part is a cache: a sealed name that it does not know is read, a name whose file is gone is dropped, and
without it everything is read again. Sealed names bear the digest of the bytes, so a name that is known and whose file
is true holds the runs that it held. A shard is named after its runs: what the cache says of one is checked by that.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.sealed_json import is_bytes
from experiments.store import DIGITS, Store, StoreError, shard_id, write_file

FILE = "index.parquet"
RECORD = b"record"
COLUMNS = ("shard", "record", "run")


@dataclass
class Index:
    """Runs by what is kept of them: `runs[record][run id]` is the name of the sealed file."""

    runs: dict[str, dict[str, str]] = field(default_factory=dict)
    shards: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # file name -> record, run ids
    quarantined: list[str] = field(default_factory=list)

    def add(self, name: str, record: str, runs: Iterable[str]) -> None:
        """Note a sealed file. A run that lies in two files is read from the first by name: both hold the same."""
        listed = list(runs)
        self.shards[name] = (record, listed)
        held = self.runs.setdefault(record, {})
        for run in listed:
            if run not in held or name < held[run]:
                held[run] = name


def runs_in(store: Store, path: Path) -> tuple[str, list[str]]:
    """Record and ids of the runs in a sealed file, in their order. Raises StoreError if it is not true."""
    try:
        table = store.read(path, ["run"])
        found = record_of(table), list(dict.fromkeys(table["run"].to_pylist()))
    except (KeyError, ValueError, pa.ArrowException) as wrong:
        raise StoreError(f"{path}: is no table of runs") from wrong
    if not _is_named_after(path.name, *found):
        raise StoreError(f"{path}: holds other runs than its name says")
    return found


def _is_named_after(name: str, record: str, runs: list[str]) -> bool:
    """Whether a shard of this name holds these runs."""
    return shard_id(record, *runs) == name[:DIGITS]


def record_of(table: pa.Table) -> str:
    """What is kept of the runs of a shard."""
    told: bytes = (table.schema.metadata or {}).get(RECORD, b"full")
    return told.decode()


def read_index(store: Store, verify: bool) -> Index:
    """The runs of a store.

    verify : look at the bytes of every file; a damaged one is put into quarantine/, and so is what lies among the
    sealed files and is none.
    """
    known = _remembered(store)
    index = Index()
    for path in store.foreign() if verify else ():
        store.quarantine(path)
        index.quarantined.append(path.name)
    for path in store.sealed():
        if verify and not store.is_true(path):
            store.quarantine(path)
            index.quarantined.append(path.name)
            continue
        if path.name in known:
            index.add(path.name, *known[path.name])
            continue
        try:
            index.add(path.name, *runs_in(store, path))
        except StoreError:
            store.quarantine(path)
            index.quarantined.append(path.name)
    return index


def write_index(store: Store, index: Index) -> None:
    """Remember the index, unless the file holds just that. Raises StoreError."""
    rows = [(name, record, run) for name, (record, runs) in sorted(index.shards.items()) for run in runs]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    table = pa.table({name: pa.array(values, pa.string()) for name, values in zip(COLUMNS, columns, strict=True)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", use_dictionary=["shard", "record"], write_page_checksum=True)
    path = store.folder / FILE
    if not is_bytes(path, buffer.getvalue()):
        write_file(path, buffer.getvalue())


def _remembered(store: Store) -> dict[str, tuple[str, list[str]]]:
    """What index.parquet says: file name -> record, run ids. Empty when it is not there or cannot be read."""
    path = store.folder / FILE
    try:
        table = pq.ParquetFile(io.BytesIO(path.read_bytes()), page_checksum_verification=True).read()
        columns = [table[name].to_pylist() for name in COLUMNS]
    except (OSError, KeyError, ValueError, MemoryError, pa.ArrowException):
        return {}
    found: dict[str, tuple[str, list[str]]] = {}
    for name, record, run in zip(*columns, strict=True):
        found.setdefault(str(name), (str(record), []))[1].append(str(run))
    return {name: listed for name, listed in found.items() if _is_named_after(name, *listed)}
