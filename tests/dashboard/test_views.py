"""What the page shows, worked out of stored runs: every row fits its head, every figure has its band, text is text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from experiments.costs import public_cost
from experiments.dashboard import files, view_assumptions, view_groups, view_money, view_paths, view_targets
from experiments.dashboard.shown_text import name_of, plain, without_places
from experiments.dashboard.sight import Shown, Sight, are_pairs, look
from experiments.dashboard.studies import Reader
from experiments.dashboard.tables_html import Cell, bullets, colour_key, note, table
from experiments.dashboard.wording import WORDS
from experiments.store import StoreError
from experiments.winners import HEADLINES
from experiments.words import DIMENSIONS
from sim.catalogue.loader import catalogue
from tests.dashboard.stand_in import sight_in

PLACE = re.compile(r"\{\d?\}")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
Made = tuple[Reader, Shown, Sight]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return sight_in(tmp_path_factory.mktemp("results"), {"innovation_voucher.budget_y": "300"})


def test_every_word_is_there_in_both_languages_with_the_same_places():
    for key, (english, chinese) in WORDS.items():
        assert min(len(english), len(chinese)) > 0, key
        assert PLACE.findall(english) == PLACE.findall(chinese), key


@pytest.mark.parametrize("language", [0, 1])
def test_targets_have_value_band_probability_and_fit_their_head(made: Made, language: int):
    sight = made[2]
    head, rows = view_targets.head(sight, language), view_targets.target_rows(sight, language, is_main=False)
    assert len(rows) == len(catalogue().targets)
    assert {len(row) for row in rows} == {len(head)}
    told = [row for row in rows if isinstance(row[7], Cell) and row[7].share is not None]
    assert told
    assert all(row[4].text and "–" in row[4].below and row[5].below for row in told)
    alone = Sight(sight.name, sight.mix, None)
    assert {len(row) for row in view_targets.target_rows(alone, language)} == {len(view_targets.head(alone, language))}


def test_a_probability_is_the_share_of_runs(made: Made):
    sight = made[2]
    column = list(catalogue().indicators).index("hnte_stock")
    values = sight.mix.yearly[:, sight.mix.years.index(2020), column]
    row = next(
        row for row in view_targets.target_rows(sight, 0) if row[1].text == catalogue().targets["a_hnte"].title_en
    )
    assert row[7].share == np.mean(values >= catalogue().targets["a_hnte"].target)


@pytest.mark.parametrize("language", [0, 1])
def test_cost_and_effects_have_their_band(made: Made, language: int):
    sight = made[2]
    lines = view_money.sentences(sight, language)
    assert len(lines) == 6
    assert all("5–95" in line for line in lines)
    mean, low, high = view_money.cost_of(sight.mix)
    assert low <= mean <= high
    assert mean == pytest.approx(np.mean([public_cost(book) for book in sight.mix.books]))
    rows = view_money.cost_rows(sight, language)
    assert {len(row) for row in rows} == {len(view_money.cost_head(language))}
    assert all(row[2].below for row in rows)
    ledger = view_money.ledger_rows(sight.mix, language)
    assert ledger
    assert {len(row) for row in ledger} == {len(view_money.ledger_head(language))}
    assert len(view_money.sentences(Sight(sight.name, sight.mix, None), language)) == 1


def test_paths_hold_medians_bands_observations_and_targets(made: Made):
    sight = made[2]
    sides = view_paths.sides_of([(("History", "历史"), sight.reference), (sight.name, sight.mix)], 1)
    titles = dict.fromkeys(("year", "median", "observed", "plan", "target"), "x")
    figure = view_paths.figure("hnte_stock", sides, titles, 1)
    points = figure["data"]["values"]
    assert len(points) == 2 * len(sight.mix.years)
    assert all(p["p05"] <= p["p50"] <= p["p95"] for p in points)
    assert json.loads(json.dumps(figure)) == figure
    assert {goal["plan"] for goal in view_paths.goals("hnte_stock", sight.mix.years)} >= {"D"}
    assert max(point["year"] for point in view_paths.observed("hnte_stock")) == 2017
    assert not view_paths.goals("hnte_stock", [2030])
    names = [name for name, _ in view_paths.sides_of([(("A", "甲"), sight.mix)] * 3, 0)]
    assert len(set(names)) == 3
    assert [name for name, _ in view_paths.colours(names)] == names


def test_groups_are_paired_differences(made: Made):
    found = view_groups.found_between(made[2].all)
    for dimension in DIMENSIONS:
        head, rows = view_groups.group_head(dimension, 1), view_groups.group_rows(found, dimension, 1)
        assert {len(row) for row in rows} <= {len(head)}
        json.dumps(view_groups.group_figure(found, dimension, HEADLINES[0], 0))


def test_one_wide_band_does_not_hide_the_bars_of_a_figure():
    bars = [{"percent": 3.0, "low": -1.0, "high": 5.0}, {"percent": -5.0, "low": -8.0, "high": 900.0}]
    assert view_groups.reach(bars) == [-8.0, 20.0]
    assert view_groups.reach(bars[:1]) == [-1.0, 5.0]
    assert view_groups.reach([]) == [0.0, 0.0]


def test_a_difference_that_may_be_chance_says_so():
    assert view_money._doubt(1.0, 0.5, 2.0) == view_money.SURE
    assert view_money._doubt(1.0, -0.5, 2.0) == view_money.DOUBT
    assert view_money._doubt(0.0, 0.0, 0.0) == view_money.NO_EFFECT


def test_the_assumed_doses_in_force_are_listed_with_their_grade(made: Made):
    sight = made[2]
    rows = view_assumptions.assumed_rows(sight.mix.scenario, 0)
    assert rows
    assert all(row[4].text == "D" for row in rows)
    assert {len(row) for row in rows} == {6}
    budget = next(row for row in rows if row[:2] == ["Innovation vouchers", "Yearly budget"])
    assert (budget[2], budget[3].text) == ("3", "100m yuan a year")
    (changed,) = view_assumptions.changed_rows(["lever.innovation_voucher.budget_y=300"], 1)
    assert changed[:3] == ["科技创新券", "年度预算", "3"]
    assert view_assumptions.change_text("lever.innovation_voucher.budget_y=300", 1) == "科技创新券：年度预算 3 亿元/年"
    (changed,) = view_assumptions.changed_rows(["mechanism.award_grants.apply_small=0.3"], 1)
    assert [*changed[:3], changed[3].text] == ["项目资助评审", "有研发活动的小企业每年提出申报的比例", "0.3", "比例"]
    assert view_assumptions.change_text("mechanism.award_grants.apply_small=0.3", 0).startswith("Grants: small perf")
    for text in ("end=2018Q4", "driver.coal_price={2019:400}"):
        assert view_assumptions.change_text(text, 0) == text
        assert view_assumptions.changed_rows([text], 0)[0][0] == text.partition("=")[0]
    assert len(view_assumptions.cautions(sight, 1)) >= 3


def test_mixes_are_pairs_only_with_the_same_draws(made: Made):
    sight = made[2]
    assert sight.reference is not None
    assert are_pairs(sight.mix, sight.reference)
    from dataclasses import replace

    assert not are_pairs(sight.mix, replace(sight.reference, draws=("other",) * len(sight.reference.replicates)))
    assert not are_pairs(sight.mix, replace(sight.reference, replicates=(90, 91, 92, 93, 94, 95)))


def test_a_mix_has_a_name_of_its_own_and_the_same_numbers(made: Made):
    reader, shown, sight = made
    assert [one.scenario.name for one in sight.all] == ["history", "history_mix1"]
    plain_one = reader.open(shown.mix.study, shown.replicates)[0]
    assert np.array_equal(plain_one.quarterly, sight.mix.quarterly, equal_nan=True)
    assert look(reader, Shown(shown.name, shown.mix, None, 3, 1)).mix.replicates == (0, 1, 2)


def test_past_studies_are_listed_and_opened_with_their_reference(made: Made):
    reader, shown, _ = made
    everything = {one.study: one for one in reader.past(is_everything=True)}
    assert set(everything) == {shown.mix.study, shown.reference.study}
    assert not reader.past(is_everything=False)
    assert everything[shown.mix.study].changes == ("lever.innovation_voucher.budget_y=300",)
    assert reader.reference_of(shown.mix.study) == shown.reference.study == reader.reference_of(shown.reference.study)


@pytest.mark.parametrize("study", ["", ".", "..", "../..", "0123456789abcdef0123", "/etc", "a\0b", "a/b", "main"])
def test_what_is_no_study_is_not_opened(made: Made, study: str):
    with pytest.raises(StoreError):
        made[0].open(study)
    assert made[0].look(study) is None
    assert made[0].scenarios(study) == {}
    assert made[0].reference_of(study) is None


def test_a_link_among_the_studies_is_not_followed(made: Made, tmp_path: Path):
    reader, shown, _ = made
    (tmp_path / "linked").symlink_to(reader.folder(shown.mix.study))
    other = Reader(tmp_path)
    assert (tmp_path / "linked" / "manifest.json").is_file()
    assert other.past(is_everything=True) == []
    with pytest.raises(StoreError):
        other.open("linked")


def test_a_damaged_study_is_not_shown(tmp_path: Path):
    _, shown, _ = sight_in(tmp_path, {}, replicates=1)
    for path in (tmp_path / "dashboard" / shown.mix.study / "runs").rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError):
        Reader(tmp_path).open(shown.mix.study)


def test_files_hold_tables_runs_and_the_report(made: Made):
    reader, shown, sight = made
    data, report = files.bundle(reader, shown, sight)
    assert set(files.names_in(data)) == {
        "scorecard.csv", "indicators.csv", "budget.csv", "plans.csv", "cost_per_outcome.csv", "winners.csv",
        f"runs-{shown.mix.study}.parquet", f"runs-{shown.reference.study}.parquet",
    }  # fmt: skip
    assert data == files.zipped(dict(reversed(contents(data).items())))
    assert report.startswith(b"<!doctype html>")
    assert "组合1".encode() in report


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_whatever_a_text_holds_it_is_shown_as_text():
    rows = [[Cell(HOSTILE), Cell(HOSTILE, HOSTILE, "plan", 0.5)], [HOSTILE, ""]]
    shown = (table([HOSTILE, Cell(HOSTILE, HOSTILE, "n")], rows), bullets([HOSTILE]), note(HOSTILE),
             colour_key([(HOSTILE, "#000000")]))  # fmt: skip
    for made_of in shown:
        assert "<script" not in made_of
        assert "<img" not in made_of
        assert "&lt;script&gt;" in made_of
    assert plain("**a** [b](javascript:c) :red[d] $x$ `e`") == (
        r"\*\*a\*\* \[b\]\(javascript\:c\) \:red\[d\] \$x\$ \`e\`"
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [("", "Mix 1"), ("  \u202e\n", "Mix 1"), ("a" * 99, "a" * 40), (" 创新券 ", "创新券"), ("\x00x\u202ey", "xy")],
)
def test_a_name_is_short_and_printable(given: str, shown: str):
    assert name_of(given, "Mix 1") == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("/srv/data/study/runs/x.parquet: is damaged", "x.parquet: is damaged"),
        ("override: a.rate = 25 is out of range 0..1 (a/b)", "override: a.rate = 25 is out of range 0..1 (a/b)"),
        ("configs/scenario/mine.yaml:14: no", "configs/scenario/mine.yaml:14: no"),
        (r"C:\Users\someone\x.csv is gone", "x.csv is gone"),
    ],
)  # fmt: skip
def test_messages_name_no_place(given: str, shown: str):
    assert without_places(given) == shown
