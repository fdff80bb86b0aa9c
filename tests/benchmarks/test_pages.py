"""What the benchmarks say of their numbers: bars, records and gains; no time is asserted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import agent_sets, pairing, records
from benchmarks.goals import FULL, NO, NOT_JUDGED, STRETCH, TINY, YES, at_least, at_most, for_information, table
from sim.catalogue.loader import catalogue

FIGURES = {"full_run": 8.0, "every_lever": 10.0, "firm_quarter": 5.0, "twin": 120.0, "instructions": 4e7}


@pytest.mark.parametrize(("value", "met"), [(3.0, STRETCH), (4.0, STRETCH), (8.0, YES), (8.1, NO), (float("nan"), NO)])
def test_a_ratio_is_held_against_bar_and_stretch(value, met):
    assert at_most("run", value, "", 8, 4).met == met


@pytest.mark.parametrize(("value", "met"), [(250.0, STRETCH), (100.0, YES), (99.0, NO), (float("nan"), NO)])
def test_a_gain_is_held_against_bar_and_stretch(value, met):
    assert at_least("twin", value, "", 100, 200).met == met


def test_the_table_names_what_was_missed():
    lines = table([at_most("a", 9.0, "9x", 8), at_least("b", 9.0, "9x", 8), for_information("c", "x")])
    assert lines[2:5] == ["| a | 8x | - | 9x | **no** |", "| b | 8x | - | 9x | yes |", "| c | - | - | x | - |"]
    assert lines[-1] == "Missed: a."
    assert NOT_JUDGED in lines[4]
    assert table([at_least("b", 9.0, "9x", 8)])[-1] == "Every bar is met."


def test_full_and_tiny_measure_the_same_things():
    assert len(FULL.sizes) == len(TINY.sizes) == 4


def test_a_record_is_read_back_and_what_got_worse_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "HISTORY", tmp_path / "history.csv")
    assert records.last() is None
    assert records.comparison(records.here(FIGURES), None) == ["No record to compare with yet."]
    records.append(records.here(FIGURES))
    records.append(records.here(FIGURES | {"instructions": None}))
    first, second = records.read()
    assert (first["full_run"], first["twin"], second["instructions"]) == ("8", "120", "")
    now = records.here(FIGURES | {"full_run": 9.0, "twin": 100.0, "every_lever": 10.5, "firm_quarter": 2.0})
    found = records.comparison(now, first)
    assert [line.split(":")[1].strip() for line in found[1:] if line.startswith("WORSE")] == [
        "plain-Mesa twin over columns", "full default run over yardstick",
    ]  # fmt: skip
    assert any("not in both" in line for line in records.comparison(now, second))


def test_the_kept_file_has_the_columns_that_are_written():
    for one in records.read():
        assert tuple(one) == records.COLUMNS


def test_every_headline_is_an_indicator_and_the_judged_come_first():
    names = pairing.headlines()
    assert names[: len(pairing.JUDGED)] == pairing.JUDGED
    assert set(names) <= set(catalogue().indicators)


def test_the_gain_of_pairs_is_that_of_their_variances():
    luck, noise = np.random.default_rng(1).normal(size=(2, 4000))
    assert pairing.gain_of(luck, luck + 0.1 * noise) == pytest.approx(200.0, rel=0.1)
    assert pairing.gain_of(luck, noise) == pytest.approx(1.0, rel=0.1)
    assert pairing.gain_of(luck, luck) == float("inf")


def test_both_kinds_of_agents_answer_alike():
    """What is timed against each other is the same thing."""
    columnar, plain = agent_sets.two_models(60)
    ours, theirs = columnar.agents_by_type[agent_sets.Firm], plain.agents_by_type[agent_sets.PlainAgent]
    assert ours.get("sales_y") == theirs.get("sales_y")
    assert ours.agg("sales_y", np.mean) == theirs.agg("sales_y", np.mean)
    assert ours.sort("sales_y").get("sales_y") == theirs.sort("sales_y").get("sales_y")
    sums = [agents.groupby("city").agg("sales_y", np.sum) for agents in (ours, theirs)]
    assert list(sums[0]) == list(sums[1])
    assert list(sums[0].values()) == pytest.approx(list(sums[1].values()), rel=1e-14)


def test_what_other_targets_measured_is_kept(tmp_path: Path):
    from benchmarks.__main__ import LONG_FORMS, long_forms

    page = tmp_path / "results.md"
    assert long_forms(page) == ""
    page.write_text(f"# Benchmarks\n\nfigures\n\n{LONG_FORMS}\n\nkills: 50\n")
    assert long_forms(page) == f"\n{LONG_FORMS}\n\nkills: 50\n"
