"""Answers as files: three recomputed by hand from the stored runs, no answer without band and assumptions, the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.__main__ import main
from experiments.plan_files import plan_from, read_plan_file
from experiments.questions.answer import Answer, answer
from experiments.questions.answer_files import check, write_answer
from experiments.questions.carrying import Asked, Posed
from experiments.questions.finding import Case
from experiments.questions.page import page
from experiments.questions.question_files import read_question
from experiments.store import Store
from tests.questions import own_questions
from tests.questions.check_by_hand import CHECKS, is_same
from tests.questions.check_by_hand import check as by_hand
from tests.questions.own_questions import answered, write
from tests.questions.planted import cases, keep, posed_of

FILES = ("answer.html", "answer.json", "answer.md", "figure.svg", "table.csv")
HOSTILE = "<script>alert(1)</script>&{{7*7}}"


@pytest.fixture
def compared(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Store]:
    """A question of one's own with its answer, by the stand-in."""
    return written(tmp_path, *answered("compare", tmp_path_factory.getbasetemp()))


def written(folder: Path, posed: Posed, asked: Asked, held: dict[str, Case]) -> tuple[Answer, Store]:
    """An answer and the store in which its files lie."""
    found, store = answer(held, asked.seed, asked.replicates), Store(folder / "answer")
    store.probe()
    write_answer(store, posed, asked, held, found)
    return found, store


def texts(store: Store) -> dict[str, str]:
    return {name: (store.folder / name).read_text(encoding="utf-8") for name in FILES}


def test_the_same_answer_has_the_same_bytes_twice(compared, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    again = written(tmp_path / "again", *answered("compare", tmp_path_factory.getbasetemp()))
    assert texts(again[1]) == texts(compared[1])


def test_the_page_asks_for_nothing_and_runs_nothing(compared):
    html = texts(compared[1])["answer.html"]
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"(?:src|href)=\"(?!#)", html.replace('xlink:href="#', "")), "nothing is fetched"
    assert html.count('lang="en"') == html.count('lang="zh"'), "every text stands in both languages"


def test_what_a_planner_writes_is_text_and_nothing_else(compared):
    found, _ = compared
    hostile = replace(found.question, title=(HOSTILE, HOSTILE), asked=(HOSTILE, HOSTILE), limits=((HOSTILE, HOSTILE),))
    html = page(replace(found, question=hostile), {"command": HOSTILE})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{7*7}}" in html


def test_every_number_has_unit_band_runs_and_the_answer_says_what_it_rests_on(compared):
    said = json.loads(texts(compared[1])["answer.json"])
    for end in ("central", "weak", "strong"):
        for one in said["numbers"][end]:
            assert one["unit"]
            assert one["p05"] <= one["value"] <= one["p95"]
            assert one["runs"] == 4
    assert said["assumptions"]
    assert {one["address"] for one in said["doses"]} >= {
        "lever.rd_grant.budget_y",
        "lever.assistance_matching.officials",
    }
    assert said["evidence"][0]["address"] == "population.misuse_mean"
    assert said["manifest"]["evidence"]["strong"] == {"population.misuse_mean": 0.05}
    assert said["cannot"]
    assert [one["value"] for one in said["costs"][1:3]] != [None, None]


def test_no_answer_without_band_or_assumptions(compared, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    found, _ = compared
    check(found)
    bandless = replace(found, finding=replace(found.finding, numbers=[replace(found.finding.numbers[0], low=None)]))
    with pytest.raises(ValueError, match="has no band"):
        check(bandless)
    posed, asked, held = answered("compare", tmp_path_factory.getbasetemp())
    with pytest.raises(ValueError, match="has no band"):
        write_answer(Store(tmp_path / "none"), posed, asked, held, bandless)
    assert not (tmp_path / "none").exists()
    with pytest.raises(ValueError, match="what it rests on"):
        check(replace(found, assumptions=[], doses=[]))
    with pytest.raises(ValueError, match="no sentence"):
        check(replace(found, finding=replace(found.finding, said=[])))


def test_both_languages_tell_the_same_numbers(compared):
    found, _ = compared
    for english, chinese in [text for one in found.finding.said for text in (one.lead, *one.points)]:
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[\u4e00-\u9fff]", english)
        assert english.count("%") == chinese.count("%")


def test_every_kind_makes_a_page(tmp_path_factory: pytest.TempPathFactory):
    for kind in own_questions.KINDS:
        found = answer(answered(kind, tmp_path_factory.getbasetemp())[2], 1, 4)
        html = page(found, {"command": "innopolicy ask mine"})
        assert "<svg" in html, kind
        assert found.costs.rows, kind
        assert all(english and chinese for one in found.finding.said for english, chinese in (one.lead, *one.points))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_three_answers_are_the_same_when_recomputed_by_hand(name: str, tmp_path: Path):
    posed, asked = posed_of(read_question(name), replicates=5, evidence=name == "05_grants_to_vouchers")
    store = Store(tmp_path)
    store.probe()
    keep(posed, store)
    held = cases(posed)
    write_answer(store, posed, asked, held, answer(held, asked.seed, asked.replicates))
    found = by_hand(store.folder)
    assert len(found) >= 6
    assert any(here not in (0.0, 1.0) for _, _, here in found)
    for what, said, here in found:
        assert is_same(said, here), what


def test_the_hand_sees_a_number_that_is_wrong(tmp_path: Path):
    posed, asked = posed_of(read_question("06_before_or_after"), replicates=2, evidence=False)
    store, held = Store(tmp_path), cases(posed)
    store.probe()
    keep(posed, store)
    write_answer(store, posed, asked, held, answer(held, asked.seed, asked.replicates))
    path = store.folder / "answer.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    next(one for one in said["numbers"]["central"] if one["key"] == "additional:before")["value"] += 0.01
    path.write_text(json.dumps(said), encoding="utf-8")
    assert not all(is_same(said, here) for _, said, here in by_hand(store.folder))


def test_the_verb_runs_seals_and_answers_with_the_model_itself(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, own_questions.KINDS["split"])
    small = ["population=tiny", "replicates=2", "workers=1", "evidence=no", "parameters=central", "drivers=central"]
    assert main(["ask", "mine", *small]) == 0
    told = capsys.readouterr().out
    folder = tmp_path / "results" / "ask" / "mine"
    assert all((folder / name).is_file() for name in FILES)
    assert "我的问题 / Mine" in told
    assert folder.relative_to(tmp_path).as_posix() in told
    assert main(["ask", "mine", *small]) == 0
    assert "4/4 runs are there already" in capsys.readouterr().err
    assert plan_from(folder / "plan.json").digest() == read_plan_file(folder / "plan.json")["digest"]
