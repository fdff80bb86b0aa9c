"""Queries over the sealed runs of a study with DuckDB, a CSV of them, and one file of them all as a cache.

`connect(store)` gives a DuckDB connection with the view `runs`: the columns run, scenario, replicate, period, group
and one an indicator. Every file is checked against its seal first; a damaged one is refused by name.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.sealed_json import read_sealed, sealed_text
from experiments.shards import KEYS
from experiments.status import folder_of
from experiments.store import Store, StoreError, write_file
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, nearest, shown

CACHE = "runs.parquet"
CACHE_SEALS = "runs.json"  # of which files the cache was made, and the digest of its own bytes
HEADER = ",".join(KEYS).encode()  # how every table of runs begins
PERIODS = ("all", "years", "quarters")
EXPORT_KEYS = ("to", "indicators", "periods", "groups")


def seals_of(names: Sequence[str]) -> str:
    """One digest for a set of sealed names."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def files_of(store: Store) -> list[Path]:
    """The files to query: the cache if it holds just what is sealed, else the sealed files, each checked.

    Raises StoreError naming a file that is not what was sealed, or when there is none.
    """
    sealed = store.sealed()
    if not sealed:
        raise StoreError(f"{store.folder}: holds no runs yet")
    cache = store.folder / CACHE
    if _is_true(store, sealed):
        return [cache]
    for path in sealed:
        if not store.is_true(path):
            raise StoreError(f"{path}: the content is not what was sealed; run the study again")
    return sealed


def _is_true(store: Store, sealed: Sequence[Path]) -> bool:
    """Whether there is a cache, it holds just what is sealed, and its bytes are those that were written."""
    try:
        told = read_sealed(store.folder / CACHE_SEALS)
        return told == {"seals": seals_of([path.name for path in sealed]), "digest": _digest(store.folder / CACHE)}
    except (OSError, StoreError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def connect(store: Store, writes: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the view `runs`. It reads these files, writes none but `writes`, reaches nothing else.

    Whatever a query says, it gets no other file, no network and no extension, and cannot change that.
    """
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    files = [str(path.absolute()) for path in files_of(store)]
    connection.read_parquet(files, union_by_name=True).create_view("runs")
    connection.execute("SET allowed_paths = ?", [[*files, *(str(path.absolute()) for path in writes)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def compact(arguments: Sequence[str]) -> int:
    """Write all runs of a study into one Parquet file: a cache, made again whenever the sealed files change."""
    folder, _ = folder_of(arguments)
    store = Store(folder)
    tables = [store.read(path) for path in store.sealed()]
    if not tables:
        raise StoreError(f"{folder}: holds no runs yet")
    plain = [table.replace_schema_metadata(None).unify_dictionaries() for table in tables]
    try:
        whole = pa.concat_tables(plain, promote_options="permissive")
    except pa.ArrowException as wrong:
        raise StoreError(f"{folder}: its files do not fit together: {shown(str(wrong).splitlines()[0])}") from None
    buffer = io.BytesIO()
    pq.write_table(whole, buffer, compression="zstd", write_page_checksum=True)
    write_file(folder / CACHE, buffer.getvalue())
    told = {"seals": seals_of([path.name for path in store.sealed()]), "digest": _digest(folder / CACHE)}
    write_file(folder / CACHE_SEALS, sealed_text(told))
    print(f"{len(tables):,} files with {whole.num_rows:,} rows: {(folder / CACHE).as_posix()}")
    return 0


def export(arguments: Sequence[str]) -> int:
    """Write runs of a study as a CSV table: `export study=sweep to=runs.csv indicators=rd_expenditure periods=years`.

    Groups are left out unless groups=all. Raises ScenarioError for an unknown key or indicator.
    """
    folder, given = folder_of(arguments, EXPORT_KEYS)
    names = _indicators(given.get("indicators", ""))
    periods = given.get("periods", "years")
    if periods not in PERIODS:
        raise ScenarioError([f"override: periods = {shown(periods)} must be one of {', '.join(PERIODS)}"])
    target = _target(Path(given.get("to", folder / "runs.csv")))
    conditions = [{"all": "true", "years": "period NOT LIKE '%Q%'", "quarters": "period LIKE '%Q%'"}[periods]]
    conditions += [] if given.get("groups") == "all" else ["\"group\" = ''"]
    columns = ", ".join(f'"{name}"' for name in (*KEYS, *names))
    temporary = target.absolute().with_name(f".tmp-{os.getpid()}-{target.name}")
    with connect(Store(folder), [temporary]) as connection:
        query = (
            f'SELECT {columns} FROM runs WHERE {" AND ".join(conditions)} ORDER BY scenario, replicate, "group", period'
        )
        try:
            connection.sql(query).write_csv(str(temporary), header=True)
            temporary.replace(target)
        except (duckdb.Error, OSError) as failed:
            raise StoreError(f"{target}: cannot be written: {shown(str(failed).splitlines()[0])}") from None
        finally:
            temporary.unlink(missing_ok=True)
    print(f"table: {target.as_posix()}")
    return 0


def _target(path: Path) -> Path:
    """The table to write. Raises ScenarioError for another kind of file, or one that is no table of runs already."""
    told = f"override: to = {shown(str(path))}"
    if path.suffix != ".csv" or "\0" in str(path):
        raise ScenarioError([f"{told}: must be a .csv file"])
    if not path.parent.is_dir():
        raise ScenarioError([f"{told}: there is no folder {shown(str(path.parent))}"])
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ScenarioError([f"{told}: is a link or a folder; name another file"])
    if path.is_file():
        with path.open("rb") as file:
            first = file.readline(len(HEADER) + 1)
        if first.rstrip(b"\r\n") and not first.startswith(HEADER):
            raise ScenarioError([f"{told}: is there already and no table of runs; name another file"])
    return path


def _indicators(text: str) -> list[str]:
    """The indicators that are named, all without a name."""
    known = list(catalogue().indicators)
    asked = [name for name in re.split(r"[,;\s]+", text) if name]
    for name in asked:
        if name not in known:
            raise ScenarioError([f"override: indicators = {shown(name)} is no indicator.{nearest(name, known)}"])
    return asked or known
