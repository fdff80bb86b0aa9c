"""The whole page as Streamlit runs it, without a browser, on the stand-in model."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.dashboard import page_design, page_past, page_result, page_state
from experiments.dashboard.engine import Engine
from experiments.dashboard.studies import Reader
from experiments.dashboard.surroundings import Surroundings
from experiments.dashboard.wording import CHINESE, ENGLISH, WORDS, word
from tests.dashboard.stand_in import engine_in

testing = pytest.importorskip("streamlit.testing.v1")
PAGE = Path(page_design.__file__).with_name("page.py")
HOSTILE = "<script>alert(1)</script> **x** [a](javascript:b)"


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Streamlit puts the page in the place of the main module; workers that other tests start would load it."""
    own = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = own


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    found = engine_in(tmp_path)
    around = Surroundings(found, Reader(tmp_path), lists_everything=False)
    for module in (page_design, page_past, page_result, page_state):
        monkeypatch.setattr(module, "surroundings", lambda: around)
    few = {"history": ("History", "历史情形"), "plan_a_2014": ("Plan A", "规划A")}
    monkeypatch.setattr(page_design, "scenario_titles", lambda: few)  # to compose all of them takes seconds
    yield found
    found.close()


def opened(language: int, **query: str):
    """The page in a session of its own."""
    page = testing.AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["language"] = language
    page.query_params.update(query)
    return page.run()


def texts_of(page) -> str:
    """All that stands on the page, as one text."""
    kinds = ("header", "subheader", "markdown", "caption", "info", "warning", "error", "html", "code", "title")
    return "\n".join(
        str(getattr(one, "value", None) or getattr(one, "body", "")) for kind in kinds for one in page.get(kind)
    )


def go_to(page, part: str):
    return page.radio(key="part").set_value(part).run()


def run_mix(page, engine: Engine, language: int, budget: float | None, name: str = "") -> None:
    """Choose the budget of vouchers, press the button, and wait for the result."""
    page.selectbox(key="replicates").set_value(4)
    page.toggle(key="uncertain").set_value(False)
    if budget is not None:
        page.multiselect(key="levers").set_value(["innovation_voucher"]).run()
        page.selectbox(key="how.innovation_voucher.budget_y").set_value("number").run()
        page.number_input(key="dose.innovation_voucher.budget_y").set_value(budget)
    if name:
        page.text_input(key="mix_name").set_value(name)
    page.run()
    page.button(key="run").click().run()
    for _ in range(300):
        if not page.session_state["session"].ask:
            break
        time.sleep(0.05)
        page.run()
    assert not page.exception, texts_of(page)
    assert page.session_state["part"] == "result"
    assert word("summary", language) in texts_of(page)


def test_opening_the_page_runs_nothing(engine: Engine):
    for part in ("design", "result", "compare", "past", "about"):
        page = opened(ENGLISH)
        assert not page.exception
        assert not go_to(page, part).exception
    assert not opened(CHINESE, run="0123456789abcdef0123", scenario="plan_a_2014", button="run").exception
    assert not engine.jobs


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_a_whole_path(engine: Engine, language: int):
    page = opened(language)
    run_mix(page, engine, language, 3.0, HOSTILE)
    first = texts_of(page)
    assert "5–95" in first
    assert "<script>" not in first.replace("<style>", "")
    base, changed = WORDS["made_of"][language].split("{}")[:2]
    assert base in first
    assert changed in first
    for section in page_result.SECTIONS:
        page.segmented_control(key="section").set_value(section).run()
        assert not page.exception, section
    go_to(page, "design")
    run_mix(page, engine, language, 5.0)
    go_to(page, "compare")
    assert not page.exception
    assert word("compare_note", language) in texts_of(page)
    go_to(page, "past")
    assert not page.exception
    for budget in (3, 5):
        assert f"{budget} {('× 100m yuan', '亿元')[language]}" in texts_of(page)
    page.button(key="open_study").click().run()
    assert not page.exception
    assert page.session_state["part"] == "result"


def test_two_sessions_do_not_meet(engine: Engine):
    one, two = opened(CHINESE), opened(ENGLISH)
    run_mix(one, engine, CHINESE, 3.0, "mine alone")
    go_to(two, "past"), go_to(one, "past")
    assert "mine alone" in texts_of(one)
    assert "mine alone" not in texts_of(two)
    assert "3 × 100m yuan" not in texts_of(two)
    go_to(two, "result")
    assert word("nothing_yet", ENGLISH) in texts_of(two)
    study = one.session_state["session"].mixes[-1].mix.study
    linked = opened(ENGLISH, run=study)  # who was given the number may open it
    assert linked.session_state["part"] == "result"
    assert word("summary", ENGLISH) in texts_of(linked)
    assert len(engine.jobs) == 1


def test_a_wrong_setting_is_told_by_the_line_of_the_command_and_nothing_is_run(engine: Engine):
    page = opened(ENGLISH)
    for line, told in (("lever.rd_grant.rate=25", "is out of range 0..1 (share). Did you mean 0.25?"),
                       ("results=/etc", "is not for this page"), ("lever.<b>.x=1", "&lt;b&gt;")):  # fmt: skip
        page.text_area(key="further").set_value(line).run()
        page.button(key="run").click().run()
        assert not page.exception
        assert told in texts_of(page)
        assert page.session_state["part"] == "design"
    assert not engine.jobs


def test_a_full_queue_is_told(engine: Engine):
    engine.most_waiting = 0
    page = opened(CHINESE)
    page.button(key="run").click().run()
    assert word("full_queue", CHINESE) in texts_of(page)
    assert not page.exception
