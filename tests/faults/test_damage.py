"""Damaged files: found, put aside or told, made again; no table and no query ever includes them."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.index import read_index
from experiments.query import compact, connect, files_of
from experiments.reading import results_of
from experiments.sealed_json import read_sealed
from experiments.status import status_of
from experiments.store import StoreError
from tests.faults.commands import FAKE, LONG, TEN, digests, planned, store, sweep, temporary

ROUNDS = 10 if LONG else 1  # of ten sealed and ten other damages each
Damage = Callable[[Path, random.Random], None]


def truncated(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(1, len(content))])


def emptied(path: Path, _: random.Random) -> None:
    path.write_bytes(b"")


def flipped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def lengthened(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(7))


def swapped(path: Path, chance: random.Random) -> None:
    others = [other for other in path.parent.parent.glob("*/*.parquet") if other != path]
    other = chance.choice(sorted(others))
    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(content)


def replaced(path: Path, chance: random.Random) -> None:
    pq.write_table(pa.table({"run": ["f" * 64], "period": ["2011"]}), path)


def renamed(path: Path, chance: random.Random) -> None:
    path.rename(path.with_name(f"{path.name[:2]}{chance.randbytes(11).hex()}{path.name[24:]}"))


def misplaced(path: Path, chance: random.Random) -> None:
    folder = path.parent.with_name("ab" if path.parent.name != "ab" else "cd")
    folder.mkdir(exist_ok=True)
    path.rename(folder / path.name)


def linked(path: Path, _: random.Random) -> None:
    elsewhere = path.parents[4] / "elsewhere.parquet"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def made_a_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def removed(path: Path, _: random.Random) -> None:
    path.unlink()


SEALED = [
    truncated,
    emptied,
    flipped,
    lengthened,
    swapped,
    replaced,
    renamed,
    misplaced,
    linked,
    made_a_folder,
    removed,
]
REFUSED = [truncated, emptied, flipped, lengthened, swapped, replaced, renamed, linked, made_a_folder]
TEXTS = ["plan.json", "manifest.json", "points.csv", "outcomes.csv", "targets.csv", "index.parquet"]


@pytest.fixture
def copy(tmp_path: Path, whole_folder: Path) -> Callable[[], Path]:
    """A way to get copies of the finished sweep."""
    made: list[Path] = []

    def another() -> Path:
        made.append(tmp_path / str(len(made)))
        shutil.copytree(whole_folder, made[-1])
        return made[-1]

    return another


def aside(folder: Path) -> list[str]:
    """What was put into quarantine."""
    place = store(folder).folder / "quarantine"
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def without_quarantine(found: dict[str, str]) -> dict[str, str]:
    """Files that are in use."""
    return {name: digest for name, digest in found.items() if "/quarantine/" not in name}


def runs_read(folder: Path) -> int:
    """Runs that a report would show; 0 when it is refused."""
    here = store(folder)
    try:
        found = results_of(planned(f"{FAKE}:run", TEN).plan, here, read_index(here, verify=False))
    except StoreError:
        return 0
    return sum(len(one.replicates) for one in found)


def test_damaged_runs_are_never_read_but_put_aside_and_made_again(
    copy: Callable[[], Path], whole: dict[str, str], figure: list[tuple[str, str]]
):
    chance, count = random.Random(1), 0
    for damage in SEALED * ROUNDS:
        folder = copy()
        here = store(folder)
        damage(chance.choice(here.sealed()), chance)
        if damage in REFUSED:
            with pytest.raises(StoreError, match=r"not what was sealed|cannot be read"):
                connect(here)
            assert runs_read(folder) < 10, damage.__name__
        done = sweep(folder)
        assert done.code == 0, f"{damage.__name__}: {done.err}"
        assert without_quarantine(digests(folder)) == whole, damage.__name__
        expected = {"swapped": 2, "removed": 0}.get(damage.__name__, 1)
        assert len(aside(folder)) == expected, damage.__name__
        assert temporary(folder) == []
        count += max(expected, 1)
    figure.append(("damaged sealed files, not found or not made again", f"{count}, 0"))


def test_foreign_files_among_the_runs_are_put_aside(copy: Callable[[], Path], whole: dict[str, str]):
    folder = copy()
    runs = store(folder).runs
    (runs / "notes.txt").write_text("mine")
    (next(runs.iterdir()) / "x.parquet").write_bytes(b"PAR1")
    (runs / "zz").mkdir()
    shutil.copy(store(folder).sealed()[0], runs / "zz")
    assert sweep(folder).code == 0
    assert len(aside(folder)) == 3
    assert without_quarantine(digests(folder)) == whole


def test_damaged_tables_plans_and_caches_are_told_or_made_again(
    copy: Callable[[], Path], whole: dict[str, str], figure: list[tuple[str, str]]
):
    chance, count = random.Random(2), 0
    for _ in range(3 * ROUNDS if LONG else 1):
        for name in TEXTS:
            damage = chance.choice([truncated, emptied, flipped, lengthened])
            folder = copy()
            damage(store(folder).folder / name, chance)
            if name in ("plan.json", "manifest.json"):
                with pytest.raises(StoreError, match="is damaged"):
                    status_of(store(folder))
            else:
                assert status_of(store(folder))["missing"] == 0
            done = sweep(folder)
            assert done.code == 0, f"{name} {damage.__name__}: {done.err}"
            assert "10 of them from before" in done.out
            assert digests(folder) == whole, f"{name} {damage.__name__}"
            count += 1
    figure.append(("damaged tables, plans, manifests and indexes, not told or not made again", f"{count}, 0"))


@pytest.mark.parametrize("name", ["plan.json", "manifest.json", "origin.json"])
def test_a_number_that_changed_in_a_text_is_found(copy: Callable[[], Path], name: str):
    path = store(copy()).folder / name
    before = path.read_text()
    place = next(i for i, sign in enumerate(before) if sign in "12345678")
    path.write_text(before[:place] + "9" + before[place + 1 :])
    with pytest.raises(StoreError, match=f"{name}: is damaged"):
        read_sealed(path)


def test_an_index_that_lies_is_not_believed(copy: Callable[[], Path], whole: dict[str, str]):
    folder = copy()
    path = store(folder).folder / "index.parquet"
    table = pq.read_table(path)
    first = table["shard"].to_pylist()[0]
    pq.write_table(table.set_column(0, "shard", pa.array([first] * len(table))), path)
    store(folder).path_of(next(n for n in table["shard"].to_pylist() if n != first)).unlink()
    assert status_of(store(folder))["missing"] > 0
    assert sweep(folder).code == 0
    assert digests(folder) == whole


def test_a_damaged_origin_is_told_and_somebody_has_to_decide(copy: Callable[[], Path], whole: dict[str, str]):
    for damage in (truncated, emptied, flipped, made_a_folder):
        folder = copy()
        damage(store(folder).folder / "origin.json", random.Random(3))
        refused = sweep(folder)
        assert refused.code == 3
        assert "origin.json: is damaged" in refused.err
        assert "--new-store" in refused.err
    damage_of = flipped
    folder, other = copy(), copy()
    damage_of(store(folder).folder / "origin.json", random.Random(4))
    damage_of(store(other).folder / "origin.json", random.Random(4))
    assert "10 of them from before" in sweep(folder, flags=("--accept-changed",)).out
    assert without_origin(digests(folder)) == without_origin(whole)
    assert "0 of them from before" in sweep(other, flags=("--new-store",)).out
    assert {name: d for name, d in digests(other).items() if ".old-1" not in name} == whole


def without_origin(found: dict[str, str]) -> dict[str, str]:
    """Without the file that notes what was accepted."""
    return {name: digest for name, digest in found.items() if not name.endswith("origin.json")}


def test_a_damaged_cache_of_all_runs_is_not_queried(copy: Callable[[], Path]):
    folder = copy()
    compact([f"results={folder / 'results'}", "study=grid"])
    cache = store(folder).folder / "runs.parquet"
    assert files_of(store(folder)) == [cache]
    flipped(cache, random.Random(5))
    assert files_of(store(folder)) == store(folder).sealed()
