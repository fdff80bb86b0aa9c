"""The files of a mix and its reference: the tables and the report of a command, and the sealed runs as one table."""

from __future__ import annotations

import io
import tempfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.dashboard.sight import Shown, Sight
from experiments.dashboard.studies import Reader
from experiments.report import render
from experiments.scorecard import scorecard
from experiments.sealed_json import read_sealed
from experiments.store import Store
from experiments.tables import write_tables

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive
_ONE_AT_A_TIME = threading.Lock()  # figures are drawn with settings of the whole process


def bundle(reader: Reader, shown: Shown, sight: Sight) -> tuple[bytes, bytes]:
    """The archive of tables and runs, and the report. Raises StoreError."""
    with _ONE_AT_A_TIME:
        scores, manifest = scorecard(sight.all), _manifest(reader, shown, sight)
        report = render(shown.mix.study, sight.all, scores, manifest).encode()
        with tempfile.TemporaryDirectory(prefix="innopolicy-files-") as name:
            folder = Path(name)
            write_tables(folder, sight.all, scores)
            found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    for where in (shown.reference, shown.mix):
        if where is not None:
            found[f"runs-{where.study}.parquet"] = runs_of(Store(reader.folder(where.study)))
    return zipped(found), report


def _manifest(reader: Reader, shown: Shown, sight: Sight) -> dict[str, Any]:
    """The manifest of the mix's study with the runs that are shown."""
    told: Mapping[str, Any] = read_sealed(reader.folder(shown.mix.study) / "manifest.json")
    return dict(told) | {"replicates": len(sight.mix.replicates), "failures": []}


def runs_of(store: Store) -> bytes:
    """All sealed runs of a study as one Parquet file. Raises StoreError for a file that is not what was sealed."""
    tables = [store.read(path).replace_schema_metadata(None).unify_dictionaries() for path in store.sealed()]
    buffer = io.BytesIO()
    pq.write_table(pa.concat_tables(tables, promote_options="permissive"), buffer, compression="zstd")
    return buffer.getvalue()


def zipped(found: Mapping[str, bytes]) -> bytes:
    """Files as an archive; equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(found.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def names_in(data: bytes) -> Sequence[str]:
    """Names of the files in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()
