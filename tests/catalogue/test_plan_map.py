"""Nothing of the five plans is without its place: instruments, rules, actors and targets are all there, and lead on."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from sim.catalogue.integrity_plans import AGENTS, check_plans, tables
from sim.catalogue.loader import FOLDER, Catalogue, catalogue
from sim.catalogue.plan_rows import ActorRow, InstrumentRow

Cells = dict[str, str]
# Number of ids and SHA-256 of the sorted ids, a line each, as counted in the plans.
IDS = {
    "instruments.csv": (206, "c022051e2f6860d4fe0e622de2fbb8e549d8659f0ce5c063527d0f7441566ce4"),
    "rules.csv": (64, "8871bc456ab5d49d454183c10ae56c743b99b2eace11c841bdde71f592da81df"),
    "actors.csv": (96, "a9b9d0f42890ca6663e8e5a8b20c3d3596bc1f91206cb6f18fd145285f0c3f86"),
    "targets.csv": (183, "9402d98a689dbfbd0d0aad0c686c454162bcbc2b8eabdb96c714e756461854c1"),
}


def ids_of(name: str) -> Iterable[str]:
    cat = catalogue()
    return cat.targets if name == "targets.csv" else tables(cat)[name]


@pytest.mark.parametrize("name", IDS)
def test_no_id_of_the_plans_is_missing_or_new(name: str) -> None:
    ids = sorted(ids_of(name))
    assert (len(ids), hashlib.sha256("\n".join(ids).encode()).hexdigest()) == IDS[name]


def test_every_lever_comes_from_an_instrument() -> None:
    cat = catalogue()
    assert set(cat.levers) <= {row.lever for row in cat.instruments.values()}


def test_every_dose_is_what_some_instrument_or_rule_moves() -> None:
    cat = catalogue()
    moved = {address for rows in tables(cat).values() for row in rows.values() for address in row.parameter}
    assert set(cat.doses) <= moved


def test_kinds_of_agent_are_those_of_the_model() -> None:
    from sim.model import KINDS

    assert set(AGENTS) == set(KINDS)
    named = {row.parameter[0] for row in catalogue().actors.values() if row.status == "agent"}
    assert named == set(KINDS)


def test_the_activity_rule_of_plan_e_is_the_campaign() -> None:
    assert catalogue().rules_of_plans["R53"].lever == "coverage_campaign"


def test_columns_of_the_three_tables_are_the_same() -> None:
    assert list(InstrumentRow.__annotations__) == list(ActorRow.__annotations__)


def test_reasons_and_titles_are_in_both_languages() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for rows in tables(catalogue()).values():
        for row in rows.values():
            assert chinese.search(row.title_zh), row.id_
            assert chinese.search(row.reason_zh), row.id_
            assert not chinese.search(row.title_en + row.reason), row.id_


def test_a_reason_names_the_same_targets_in_both_languages() -> None:
    for rows in tables(catalogue()).values():
        for row in rows.values():
            english, other = (set(re.findall(r"\b[a-e]_[a-z0-9_]+", t, re.ASCII)) for t in (row.reason, row.reason_zh))
            assert english == other, row.id_


def test_what_is_not_modelled_says_which_target_it_could_touch() -> None:
    said = re.compile(r"Could touch [a-e]_|depend on it|hangs on it")
    for rows in tables(catalogue()).values():
        for row in rows.values():
            assert (row.status == "not_modelled") == bool(said.search(row.reason)), row.id_


def changed(folder: Path, name: str, change: Callable[[list[Cells]], object]) -> list[str]:
    """What the check says about a copy of the catalogue in which one table was changed."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / name
    with path.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, columns)
        writer.writeheader()
        writer.writerows(rows)
    return list(check_plans(Catalogue(folder)))


def put(id_: str, **cells: str) -> Callable[[list[Cells]], object]:
    """Write cells into the row of an id."""
    return lambda rows: next(row for row in rows if row["id"] == id_).update(cells)


def nothing_left_out(rows: list[Cells]) -> None:
    for row in rows:
        if row["status"] == "not_modelled":
            row.update(status="shared", parameter="award_grants.noise")


BREAKS = [
    ("instruments.csv", lambda rows: rows.pop(), "has 205 rows, the plans name 206"),
    ("actors.csv", lambda rows: rows.pop(), "has 95 rows, the plans name 96"),
    ("rules.csv", lambda rows: rows.reverse(), "ids must be R01 to R64 in order"),
    ("rules.csv", put("R05", lever="centre_recogniton"), "lever 'centre_recogniton' is not in levers.csv"),
    (
        "rules.csv",
        put("R05", parameter="centre_recognition.weeding"),
        "R05: address 'centre_recognition.weeding' is in",
    ),
    ("rules.csv", put("R05", parameter="award_grants.noise"), "R05: names a lever, so it names a dose of that lever"),
    ("rules.csv", put("R25", parameter=""), "R25: shared, so it names a dose or parameter"),
    ("rules.csv", put("R57", parameter="rd_grant.rate"), "R57: not_modelled, so it has neither"),
    ("actors.csv", put("firm_soe", parameter="company"), "firm_soe: agent, so its parameter is one of"),
    ("actors.csv", put("firm_soe", reason=""), "firm_soe: needs titles, plans and a reason"),
    ("instruments.csv", put("intl", reason_zh=""), "intl: needs titles, plans and a reason"),
    ("instruments.csv", put("intl", reason="Could touch a_nothing."), "names 'a_nothing', which is not in targets.csv"),
    ("instruments.csv", put("project_grant", parameter="award_grants.noise"), "project_grant: fiscal, so it is"),
    ("instruments.csv", put("hnte_tax", status="rule"), "hnte_tax: tax, so it is lever or shared"),
    ("instruments.csv", put("inclusive_tax", status="lever"), "hnte_tax_rate.cut_points: is the own dose of 2"),
    ("instruments.csv", put("hnte_pool", lever="rd_grant"), "hnte_pool: no instrument of the plans leads to this"),
    ("instruments.csv", nothing_left_out, "0 not modelled, expected 25 to 50"),
]


@pytest.mark.parametrize(("name", "change", "message"), BREAKS)
def test_a_broken_promise_is_found(
    tmp_path: Path, name: str, change: Callable[[list[Cells]], object], message: str
) -> None:
    assert not any(message in line for line in check_plans(catalogue()))
    found = changed(tmp_path / "catalogue", name, change)
    assert any(message in line for line in found), found
