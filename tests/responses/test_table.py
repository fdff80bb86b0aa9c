"""The table of response tests: a closed set, every band with its source, every failing row with a reason."""

from __future__ import annotations

import pytest

from experiments.responses.breaks import breaks
from experiments.responses.patches import PATCHES
from experiments.responses.registry import experiments
from experiments.responses.rows import reasons, rows
from experiments.validity.summaries import shipped
from sim.catalogue.loader import catalogue

RUN = {name for name, row in rows().items() if row.state == "run"}


def test_each_test_that_is_run_has_an_experiment_and_each_experiment_a_test():
    assert {rows()[name].number for name in RUN} == set(experiments())


def test_sources_exist():
    assert not {source for row in rows().values() for source in row.sources} - set(catalogue().sources)


@pytest.mark.parametrize("row", rows().values(), ids=lambda row: row.row)
def test_bands_are_in_order(row):
    assert row.low is None or row.high is None or row.low < row.high


def test_each_test_has_a_broken_model():
    assert {rows()[name].number for name in breaks()} == set(experiments())


@pytest.mark.parametrize("one", breaks().values(), ids=lambda one: one.row)
def test_a_break_names_what_exists(one):
    assert one.row in RUN
    assert one.parameters or one.patch
    assert not one.patch or one.patch in PATCHES
    assert {address for address, _ in one.parameters} <= set(catalogue().parameters)
    assert one.title_en and one.title_zh  # noqa: PT018


def test_reasons_stand_for_failing_rows_and_for_no_others():
    table = shipped("responses")
    assert table is not None
    failing = {one["row"] for one in table.rows if one["result"] == "fail"}
    assert set(reasons()) == failing
    assert all(english and chinese for english, chinese in reasons().values())
