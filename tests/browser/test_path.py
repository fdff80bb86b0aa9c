"""A planner's whole path in a real browser, in both languages; screenshots in results/browser/ are looked at."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from experiments.dashboard import typeface
from experiments.dashboard.engine import FIRST
from experiments.dashboard.wording import CHINESE
from experiments.fonts import FAMILY
from sim.catalogue.loader import catalogue
from tests.browser.served import Served, dashboard
from tests.browser.visitor import Visitor, browser, browser_path

SWITCH = "button[data-variant=segmented_control] p"  # the names of the languages, Chinese first
FIRST_RESULT = 15.0  # seconds from the button to figures on the screen, scaled population


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if browser_path() is None:
        pytest.fail("no browser is installed; Debian has chromium")
    with dashboard(tmp_path_factory.mktemp("path")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(params=[0, 1], ids=["en", "zh"])
def visitor(served: Served, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    found = Visitor(chromium, served.url, request.param)
    yield found
    found.leave()
    assert found.elsewhere == [], "every request stays on this computer"
    assert found.faults == []


def lever(name: str, language: int) -> str:
    row = catalogue().levers[name]
    return (row.title_en, row.title_zh)[language]


def dose(address: str, language: int) -> str:
    row = catalogue().doses[address]
    return (row.title_en, row.title_zh)[language]


def test_a_whole_path(visitor: Visitor, served: Served, tmp_path: Path):
    budgets = (("3.1", "9.2"), ("3.2", "9.4"))[visitor.language]
    visitor.come()
    visitor.shot("1_start")
    visitor.choose_lever(lever("innovation_voucher", visitor.language))
    visitor.choose(dose("innovation_voucher.budget_y", visitor.language), visitor.word("own_number"))
    visitor.set_number(0, budgets[0])
    visitor.shot("2_design")
    began = time.monotonic()
    visitor.run()
    took = time.monotonic() - began
    print(f"first result after {took:.1f} s")
    visitor.shot("3_first")
    visitor.wait_until_refined()
    assert visitor.word("against", 16, 1, 8) in visitor.text()
    for number, section in enumerate(("scorecard", "paths", "money", "who", "assumptions"), 4):
        visitor.section(section)
        visitor.shot(f"{number}_{section}")
    _download(visitor, tmp_path)
    visitor.go_to("design")
    visitor.set_number(0, budgets[1])
    visitor.run()
    visitor.wait_until_refined()
    visitor.go_to("compare")
    visitor.shot("a_compare")
    assert visitor.word("compare_note") in visitor.text()
    visitor.go_to("past")
    visitor.shot("b_past")
    visitor.go_to("about")
    visitor.shot("c_about")
    assert took < FIRST_RESULT
    assert served.log.count("error") == 0, served.log


def _download(visitor: Visitor, folder: Path) -> None:
    visitor.section("download")
    visitor.page.get_by_role("button", name=visitor.word("prepare")).click()
    with visitor.page.expect_download(timeout=120_000) as got:
        visitor.page.get_by_role("button", name=visitor.word("get_data")).click(timeout=120_000)
    got.value.save_as(folder / "data.zip")
    with zipfile.ZipFile(folder / "data.zip") as archive:
        assert {"scorecard.csv", "winners.csv"} <= set(archive.namelist())
    with visitor.page.expect_download() as got:
        visitor.page.get_by_role("button", name=visitor.word("get_report")).click()
    got.value.save_as(folder / "report.html")
    assert (folder / "report.html").read_text().startswith("<!doctype html>")


def test_the_switch_changes_all_words(visitor: Visitor):
    visitor.come()
    other = Visitor.__new__(Visitor)
    other.language = 1 - visitor.language
    visitor.page.get_by_text(("中文", "English")[visitor.language], exact=True).click()
    visitor.page.get_by_role("heading", name=other.word("design"), exact=True).wait_for()
    visitor.page.get_by_role("button", name=other.word("run"), exact=True).wait_for()
    visitor.settle()
    text = visitor.text()
    for key in ("scenario", "levers", "settings", "run", "past"):
        assert other.word(key) in text
        assert visitor.word(key) not in text


def test_a_page_in_chinese_is_drawn_with_the_font_that_the_door_serves(visitor: Visitor):
    """A reader whose computer has no Chinese font sees the same; a character beyond the subset falls to another."""
    given = list[tuple[int, str]]()
    visitor.page.on("response", lambda told: given.append((told.status, told.headers.get("content-type", "")))
                    if told.url == visitor.url.rstrip("/") + typeface.PATH else None)  # fmt: skip
    visitor.come()
    visitor.page.locator(SWITCH).first.wait_for()
    visitor.page.evaluate("document.fonts.ready.then(() => true)")
    visitor.settle()
    assert given == [(200, typeface.KIND)]  # in English too: the switch shows the language's own name
    loaded = "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family.replaceAll('\"', ''))"
    assert FAMILY in visitor.page.evaluate(loaded)
    families = visitor.page.evaluate("getComputedStyle(document.querySelector('h2')).fontFamily")
    order = [families.index(f'"{one}"') for one in (typeface.LATIN, FAMILY, *typeface.OF_SYSTEMS)]
    assert order == sorted(order)
    assert families.endswith("sans-serif")
    own, others = visitor.fonts_of("h2" if visitor.language == CHINESE else SWITCH)
    assert own.get(FAMILY, 0) > 0
    assert not others


def test_a_wrong_setting_is_told_and_nothing_is_run(visitor: Visitor, served: Served):
    before = sorted(served.folder.glob("results/dashboard/*"))
    visitor.come()
    visitor.page.get_by_text(visitor.word("further"), exact=True).first.click()
    field = visitor.page.locator("textarea").first
    field.fill("lever.rd_grant.rate=25")
    field.press("Control+Enter")
    visitor.settle()
    visitor.page.get_by_role("button", name=visitor.word("run"), exact=True).click()
    visitor.page.get_by_text("is out of range 0..1 (share). Did you mean 0.25?").wait_for()
    visitor.shot("d_refused")
    assert sorted(served.folder.glob("results/dashboard/*")) == before


def test_a_loaded_address_shows_a_run_and_starts_none(visitor: Visitor, served: Served):
    studies = sorted(served.folder.glob("results/dashboard/*/manifest.json"))
    visitor.come(f"?run={studies[0].parent.name}")
    visitor.page.get_by_text(visitor.word("summary"), exact=True).wait_for()
    visitor.come("?run=00000000000000000000&scenario=plan_a_2014")
    visitor.page.wait_for_timeout(1500)
    assert sorted(served.folder.glob("results/dashboard/*/manifest.json")) == studies
    assert FIRST == 4
