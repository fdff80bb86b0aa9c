"""Every number of the five plans has its row, its status and our own words."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from sim.catalogue.loader import catalogue

READ = Path(__file__).with_name("read_definitions.sha256")  # digests of the wordings that we read
ROWS_BY_PLAN = {"A": 23, "B": 38, "C": 74, "D": 35, "E": 13}


def normal(text: str) -> str:
    """Letters and digits only, so that punctuation does not make a copy our own words."""
    return re.sub(r"\W+", " ", text).strip().lower()


def test_all_rows_of_all_plans_stand_here() -> None:
    targets = catalogue().targets
    assert len(targets) == 183
    assert Counter(row.plan for row in targets.values()) == ROWS_BY_PLAN
    assert all(row.target_id.startswith(row.plan.lower() + "_") for row in targets.values())
    assert all(row.document == f"plan_{row.plan.lower()}" and row.section for row in targets.values())
    assert all(row.title_en and row.title_zh and row.scope and row.definition for row in targets.values())


def test_the_forty_main_rows_are_covered() -> None:
    main = [row for row in catalogue().targets.values() if row.main is not None]
    assert {row.main for row in main} == set(range(1, 41))
    rules = {row.target_id for row in main if row.status != "simulated"}
    assert rules == {"b_funds_to_firms", "b_tc_rd_now", "b_tc_rd_2020"}


def test_a_simulated_target_without_number_says_why() -> None:
    open_rows = [
        r for r in catalogue().targets.values() if r.status == "simulated" and r.direction and r.target is None
    ]
    assert {r.target_id for r in open_rows} == {"a_ht_va_gdp", "c_ht_va_gdp", "a_st_contribution_yearly"}
    assert all("national" in row.note.lower() for row in open_rows)


def test_what_a_row_says_in_english_it_says_in_chinese() -> None:
    cat = catalogue()
    pairs = [(row.note, row.note_zh) for row in (*cat.targets.values(), *cat.driver_rules.values())]
    pairs += [(row.channel, row.channel_zh) for row in cat.levers.values()]
    pairs += [(row.text_en, row.text_zh) for row in cat.conflicts.values()]
    for english, chinese in pairs:
        assert bool(english) == bool(re.search(r"[\u4e00-\u9fff]", chinese)), english
    for row in cat.targets.values():
        in_words = row.target is None and bool(row.target_text)
        assert in_words == bool(re.search(r"[\u4e00-\u9fff]", row.target_text_zh)), row.target_id


def test_a_fact_about_the_past_has_no_target() -> None:
    facts = [row for row in catalogue().targets.values() if "_ctx_" in row.target_id]
    assert len(facts) > 50
    assert all(row.target is None and row.direction == "" for row in facts)


@pytest.mark.parametrize(
    ("target_id", "baseline_year", "baseline", "target_year", "target", "unit", "indicator"),
    [
        ("a_rd_gdp", 2012, 1.09, 2020, 2.5, "%", "rd_gdp_ratio"),
        ("b_tc_total", 2012, 600, 2020, 1000, "centre", "etc_three_tier"),
        ("c_fte", 2014, 4.9, 2020, 6.72, "10,000 person-years", "rd_personnel_fte"),
        ("c_patents", 2015, 8104, 2020, 13000, "item", "patents_valid_invention"),
        ("a_soe_rd_revenue", None, None, 2020, 1.5, "%", "soe_rd_revenue_ratio"),
        ("d_active_share_x2", 2018, 1, 2021, 2, "multiple of 2018", "ind_share_with_rd"),
        ("e_cover", None, None, 2020, 100, "%", "covered_share_changzhi"),
        ("b_ctx_tc_city", 2013, 400, None, None, "centre", "etc_city"),
    ],
)
def test_known_rows(
    target_id: str,
    baseline_year: int | None,
    baseline: float | None,
    target_year: int | None,
    target: float | None,
    unit: str,
    indicator: str,
) -> None:
    row = catalogue().targets[target_id]
    assert (row.baseline_year, row.baseline, row.target_year, row.target) == (
        baseline_year,
        baseline,
        target_year,
        target,
    )
    assert (row.unit, row.indicator) == (unit, indicator)


def test_definitions_are_our_own_words() -> None:
    read = set(READ.read_text(encoding="utf-8").split())
    assert len(read) > 200
    cat = catalogue()
    ours = [row.definition for row in cat.targets.values()] + [row.definition for row in cat.indicators.values()]
    ours += [row.text_en for row in cat.conflicts.values()]
    ours += [row.definition for rows in cat.observed.values() for row in rows]
    copied = [text for text in ours if hashlib.sha256(normal(text).encode()).hexdigest()[:16] in read]
    assert copied == []
    assert [text for text in ours if re.search(r"[\u4e00-\u9fff]{12,}", text)] == []


def test_units_of_a_target_and_its_indicator_convert() -> None:
    cat = catalogue()
    for row in cat.targets.values():
        if row.status == "simulated" and row.basis == "level" and row.target is not None:
            assert cat.convert(row.target, row.unit, cat.indicators[row.indicator].unit) > 0
