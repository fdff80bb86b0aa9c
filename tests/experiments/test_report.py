"""The report: equal bytes for equal results, no request, nothing of the user's run, both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest

from experiments.compose import load_scenario
from experiments.outcomes import Results, results_of, table_of
from experiments.report import HEADLINE, render
from experiments.scorecard import scorecard
from sim.catalogue.loader import catalogue
from tests.experiments import fake_model

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>${7*7}{{7*7}}</style>"


def results(name: str, **changes) -> Results:
    scenario = replace(load_scenario(name), **changes)
    return results_of(scenario, [table_of(scenario, 1, {r: fake_model.run(scenario, 1, r) for r in (0, 1)})])


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
    assert not re.search(r"url\((?!#)|@import", text)
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
    assert text.count('lang="zh"') == text.count('<span lang="en">')
    for row in catalogue().targets.values():
        if row.main:
            assert escape(row.title_zh) in text


def test_every_headline_indicator_has_its_figure(text: str):
    assert set(HEADLINE) <= set(catalogue().indicators)
    assert text.count("<figure>") == len(HEADLINE)


def test_no_clock_and_no_place_of_this_machine_stand_in_the_page(text: str):
    assert not re.search(r"20[2-9]\d-\d\d-\d\d", re.sub(r"<td class=\"small\">.*?</td>", "", text))
    assert "/tmp" not in text
    assert "dc:date" not in text


def test_a_run_of_half_a_year_has_a_report_too():
    assert "<figure>" not in page(results_for_half_a_year())


def results_for_half_a_year() -> Results:
    scenario = load_scenario("history", ["end=2011Q2"])
    return results_of(scenario, [table_of(scenario, 1, {0: fake_model.run(scenario)})])
