"""The report: equal bytes for equal results, no request, nothing of the user's run, both languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest

from experiments.caution import Caution, bound
from experiments.compose import load_scenario
from experiments.number_texts import amount, money, percent, signed
from experiments.outcomes import Results
from experiments.report import HEADLINE, render
from experiments.scorecard import scorecard
from experiments.tables import BOOK_COLUMNS
from experiments.titles.parameters import title_of
from experiments.words import BOOKS, DRIVER_RULES, PARTS, STATUS, named
from sim.catalogue.loader import catalogue
from tests.experiments import fake_model

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>${7*7}{{7*7}}</style>"


def results(name: str, **changes) -> Results:
    scenario = replace(load_scenario(name), **changes)
    return fake_model.results(scenario)


def page(*found: Results) -> str:
    manifest = {
        "replicates": 2,
        "seed": 1,
        "scale": 1,
        "failures": [],
        "overrides": [],
        "catalogue": "0",
        "versions": {},
    }
    return render("main", found, scorecard(found), manifest)


@pytest.fixture(scope="module")
def text() -> str:
    return page(results("history"), results("plan_a_2014"))


class Links(HTMLParser):
    """Collects tags, and attributes that could make a request or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.reaching: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "action", "data", "background") or name.startswith("on"):
                self.reaching.append((tag, name, value or ""))


def test_the_same_results_give_the_same_bytes(text: str):
    assert page(results("history"), results("plan_a_2014")) == text


def test_nothing_is_requested_and_nothing_runs(text: str):
    links = Links()
    links.feed(text)
    assert links.tags.isdisjoint({"script", "link", "iframe", "object", "embed", "img", "form", "base"})
    assert [found for found in links.reaching if not found[2].startswith("#")] == []
    assert not re.search(r"url\((?!#|data:font/otf;base64,)|@import", text)
    assert "default-src 'none'" in text


def test_what_a_user_wrote_is_shown_and_never_run():
    shown = page(results("history", title_en=HOSTILE, title_zh=HOSTILE, assumptions=(HOSTILE,), notes=(HOSTILE,)))
    links = Links()
    links.feed(shown)
    assert "script" not in links.tags
    assert "img" not in links.tags
    assert "<script" not in shown
    assert "onerror=alert(2)&gt;" in shown
    assert "{{7*7}}" in shown


def test_both_languages_stand_in_the_page(text: str):
    assert text.count('<span lang="zh">') == len(re.findall(r'<span lang="en"(?: class="mark")?>', text)) > 1000
    for row in catalogue().targets.values():
        if row.main:
            assert escape(row.title_zh) in text


def test_every_number_of_the_plans_is_printed_with_its_status(text: str):
    """In the list by plan, not only in the catalogue: a row that falls out of the page is noticed."""
    printed = dict(re.findall(r'<tr id="target-(\w+)">(.*?)</tr>', text, re.DOTALL))
    targets = catalogue().targets
    assert set(printed) == set(targets)
    assert len(printed) == 183
    for name, row in targets.items():
        for words in (row.title_en, row.title_zh, *STATUS[row.status]):
            assert escape(words, quote=False) in unescape_quotes(printed[name]), (name, words)
        if row.status != "simulated":
            assert escape(named(row.note, 0), quote=False) in unescape_quotes(printed[name]), name


def unescape_quotes(text: str) -> str:
    """Quotes are written in two ways by two libraries."""
    return text.replace("&#34;", '"').replace("&#39;", "'")


def test_conflicts_of_the_plans_stand_in_the_page(text: str):
    for row in catalogue().conflicts.values():
        assert escape(row.text_en, quote=False) in unescape_quotes(text)
        assert row.text_zh in text


def test_sections_of_policy_stand_in_the_page(text: str):
    for name in ("plans", "winners", "reported", "money"):
        assert f'<section id="{name}">' in text
    assert "Public cost of each unit of outcome" in text


def test_every_headline_indicator_has_its_figure(text: str):
    assert set(HEADLINE) <= set(catalogue().indicators)
    assert text.count("<figure>") == len(HEADLINE)


def test_no_clock_and_no_place_of_this_machine_stand_in_the_page(text: str):
    plain = re.sub(r"<td class=\"small\">.*?</td>", "", text)
    for source in catalogue().sources.values():  # dates of documents are facts
        plain = plain.replace(html.escape(source.citation), "").replace(source.citation, "")
    assert not re.search(r"20[2-9]\d-\d\d-\d\d", plain)
    assert "/tmp" not in text
    assert "dc:date" not in text


def test_a_run_of_half_a_year_has_a_report_too():
    assert "<figure>" not in page(results_for_half_a_year())


def results_for_half_a_year() -> Results:
    scenario = load_scenario("history", ["end=2011Q2"])
    return fake_model.results(scenario, 1)


def chinese(text: str) -> str:
    """The page as the Chinese view shows it."""
    return re.sub(r'<span lang="en"(?: class="mark")?>.*?</span>', "", text, flags=re.DOTALL)


def test_the_chinese_view_says_in_chinese_what_a_reader_needs(text: str):
    cat, page_zh = catalogue(), chinese(text)
    rows = [*cat.levers.values(), *cat.driver_rules.values(), *cat.targets.values()]
    for row in rows:
        english = [row.title_en, getattr(row, "channel", ""), getattr(row, "note", "")]
        assert [words for words in english if len(words) > 12 and f">{escape(words)}" in page_zh] == []
        assert escape(row.title_zh) in page_zh
    for row in (row for row in cat.parameters.values() if row.kind == "assumed"):
        assert f">{escape(title_of(row.address)[1])}" in page_zh
        assert len(row.title) <= 12 or f">{escape(row.title)}" not in page_zh
    for words in ("not simulated", "hold last", "national average", "tax expenditure", ">assumed<", ">assumption<"):
        assert words not in page_zh


def test_every_part_of_the_model_and_every_driver_rule_has_words():
    cat = catalogue()
    assert {address.partition(".")[0] for address in cat.parameters} <= set(PARTS)
    assert {row.rule.partition(":")[0] for row in cat.driver_rules.values()} <= set(DRIVER_RULES)
    assert set(BOOKS) == set(BOOK_COLUMNS)


def test_every_link_has_its_place(text: str):
    places = set(re.findall(r' id="([^"]+)"', text))
    assert {link for link in re.findall(r'href="#([^"]+)"', text) if not re.match(r"[mp][0-9a-f]{6,}", link)} <= places


def test_a_study_of_one_scenario_has_one_set_of_results():
    alone = page(results("plan_a_2014"))
    assert "The plan itself" not in alone
    assert 'colspan="8"' not in alone


def test_a_plan_that_was_not_run_says_so(text: str):
    assert "its plan is not in this study" in text


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, ""), (0.01, "<0.1"), (-0.01, ">-0.1"), (9.96, "10.0"), (1234.5, "1,234")]
)
def test_money_is_short(value: float, shown: str):
    assert money(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (61.25, "alliance", "61"),
        (7.5, "alliance", "7.5"),
        (61.25, "%", "61.2"),
        (1234.5, "firm", "1,234"),
        (5.1, "", "5.1"),
    ],
)
def test_counts_are_whole_where_a_quantile_falls_between_two(value: float, unit: str, shown: str):
    assert amount(value, unit) == shown


def test_a_probability_of_few_runs_has_its_bound(text: str):
    """None of two: chances up to 1 - sqrt(0.05) are not ruled out at 95 %; none of 32: up to 9 %."""
    assert bound(2) == pytest.approx(1 - 0.05**0.5)
    assert round(100 * bound(32)) == 9
    assert "From 2 runs, 0 % means a chance of at most 78 %, 100 % one of at least 22 %" in text
    assert len(Caution(32, 1).sentences) == 2
    assert len(Caution(8, 8).sentences) == 4


def test_notes_name_levers_by_their_titles():
    assert named("Set by the lever rd_grant (rd_grant.firm_share).", 0) == (
        "Set by the lever “R&D project grants” (“Part of the line kept for firms”)."
    )
    assert named("仅随政策工具 technology_market 变动", 1) == "仅随政策工具“技术市场”变动"
    assert named("see b_ctx_ind_rd_share and history.csv", 0) == "see b_ctx_ind_rd_share and history.csv"


def test_a_target_of_every_year_shows_its_years(text: str):
    assert "2014–<br>2020" in text


def test_money_stands_by_lever_and_year_without_a_word_of_later_releases(text: str):
    assert "Disbursed, or tax not collected, by year" in text
    assert "release" not in text


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (0.0, "0"), (0.001, "<1"), (0.38, "38"), (0.996, ">99"), (1.0, "100")]
)
def test_none_and_all_are_not_what_rounds_to_them(value: float | None, shown: str):
    assert percent(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(-0.2, "0"), (0.2, "0"), (-3.4, "-3"), (12.0, "+12")])
def test_a_deviation_that_rounds_to_zero_has_no_sign(value: float, shown: str):
    assert signed(value, 0) == shown
