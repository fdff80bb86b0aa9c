"""Reading of questions: all shipped ones, and what is refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.__main__ import main
from experiments.questions.blocks import CHINESE
from experiments.questions.carrying import Asked, pose
from experiments.questions.kinds import KINDS, module_of
from experiments.questions.question_files import questions, read_question
from experiments.questions.rests import evidence
from experiments.scenario_files import shipped_folder
from tests.questions import own_questions
from tests.questions.own_questions import write

SHIPPED = sorted(path.stem for path in (shipped_folder() / "question").glob("*.yaml"))
COMPARE = own_questions.KINDS["compare"]


def test_there_are_twenty_five_in_a_row():
    assert [name[:2] for name in SHIPPED] == [f"{n:02d}" for n in range(1, 26)]
    assert set(KINDS) == {read_question(name).kind for name in SHIPPED}, "no kind without a question"


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_read_and_says_what_it_rests_on_in_both_languages(name: str):
    question = read_question(name)
    assert question.evidence, "the ends of the evidence must be tried"
    assert question.limits, "no question is answered whole: the file says what is missing"
    pairs = [question.title, question.asked, *(one.title for one in question.variants), *question.limits]
    for english, chinese in [*pairs, *(rest.title for rest in evidence(question))]:
        assert english
        assert not CHINESE.search(english)
        assert CHINESE.search(chinese)
    names = [one.name for one in module_of(question.kind).points(question)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_composes_and_tries_what_it_says(name: str):
    question = read_question(name)
    posed = pose(question, Asked(population="tiny", replicates=2))
    wanted = len(module_of(question.kind).points(question))
    assert len(posed.points) == 3 * wanted
    assert len(posed.plan.points) == 3 * wanted, "two variants, or two ends of the evidence, are one and the same run"
    assert all(point.scenario.scale == 40 for point in posed.plan.points)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: compare", "kind: comprae", "mine.yaml:5: kind = comprae must be one of"),
        ("title_zh: 我的问题", "title_zh: Mine", "mine.yaml:2: title_zh must be Chinese"),
        ("title_en: Mine", "title_en: 我", "mine.yaml:1: title_en must be English"),
        ("question_en: What happens?\n", "", "question_en must be given"),
        ("title_en: Mine", "title_en: Mine\ncolour: red", "mine.yaml:2: colour is an unknown key here"),
        ("title_en: Mine", "title_en: Mine\ntitle_en: Twice", "mine.yaml:2: title_en is given twice"),
        ("title_en: Mine", "title_en: ${oc.env:HOME}", "${...} is not allowed"),
        ("title_en: Mine", "title_en: !!python/name:os.system", "is not allowed"),
        ("lever.rd_grant.budget_y: 100", "lever.rd_grant.budgt_y: 100", "Did you mean lever.rd_grant.budget_y?"),
        ("scenario: national_law}", "scenario: national_lwa}", "scenario = national_lwa must be one of"),
        ("of: rd_actual", "of: rd_actaul", "compare.outcomes.0.of = rd_actaul is no indicator"),
        ("size=large", "size=huge", "must be one of city=, sector=, size=, ownership="),
        ("{of: rd_actual,", "{of: rd_actual, group: size=large,", "rd_actual is not measured by size"),
        ("books.rd_grant.disbursed", "books.rd_grant.spent", "must be books.LEVER.COLUMN"),
        ("year: 2020, say: difference}", "year: 1999, say: difference}", "is out of range 2011..2030"),
        ("say: level", "say: loudly", "must be one of difference, percent, level"),
        ("population.misuse_mean", "population.misuse", "evidence.0.address = population.misuse must be one of"),
        ("population.misuse_mean", "population.above_scale_line", "has no range in the catalogue"),
        ("stronger: low", "stronger: strong", "must be one of high, low"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, monkeypatch, capsys, old: str, new: str, said: str):
    assert old in COMPARE
    monkeypatch.chdir(tmp_path)
    write(tmp_path, COMPARE.replace(old, new, 1))
    assert main(["ask", "mine", "population=tiny", "results=out"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert all(line.startswith("error: configs/question/mine.yaml:") for line in told.splitlines())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", ["of: rd_actaul", "lever.rd_grant.budgt_y: 100", "stronger: strong", "zh: Words"])
def test_the_line_is_that_of_the_fault(tmp_path: Path, monkeypatch, capsys, wrong: str):
    right = {"of: rd_actaul": "of: rd_actual", "lever.rd_grant.budgt_y: 100": "lever.rd_grant.budget_y: 100",
             "stronger: strong": "stronger: low", "zh: Words": "zh: 某些方面"}[wrong]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    text = COMPARE.replace(right, wrong, 1)
    write(tmp_path, text)
    assert main(["ask", "mine"]) == 2
    line = text[: text.index(wrong)].count("\n") + 1
    assert f"mine.yaml:{line}: " in capsys.readouterr().err


def test_a_value_out_of_range_is_told_with_its_own_line(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = COMPARE.replace("lever.rd_grant.budget_y: 100", "lever.rd_grant.budget_y: 100000")
    write(tmp_path, text)
    assert main(["ask", "mine", "results=out"]) == 2
    line = text[: text.index("100000")].count("\n") + 1
    assert f"mine.yaml:{line}: lever.rd_grant.budget_y = 100000 is out of range" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[0, 50, 120]", "[0, 120, 50]", "numbers that rise"),
        ("places_y: [0, 50, 120]", "places_y: [0, 50]", "must have lists of one length"),
        ("[a_hnte, d_hnte]", "[a_hnte, a_conversion_rate]", "cannot be tested"),
        ("probability: 0.75", "probability: 75", "is out of range 0.05..0.95"),
        ("lever.hnte_pool.places_y", "lever.hnte_pool.palces_y", "Did you mean lever.hnte_pool.places_y?"),
    ],
)
def test_a_fault_of_a_sweep_is_told(tmp_path: Path, monkeypatch, capsys, old: str, new: str, said: str):
    monkeypatch.chdir(tmp_path)
    text = own_questions.KINDS["dose"]
    assert old in text
    write(tmp_path, text.replace(old, new, 1))
    assert main(["ask", "mine"]) == 2
    assert said in capsys.readouterr().err


def test_a_parameter_is_not_both_moved_and_tried_at_its_ends(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, COMPARE.replace("lever.assistance_matching.budget_y: 5", "mechanism.population.misuse_mean: 0.3"))
    assert main(["ask", "mine"]) == 2
    assert "which a variant or the sweep sets" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "ask takes one question"),
        (["ask", "99"], "question 99 does not exist"),
        (["ask", "01", "02"], "ask takes one question"),
        (["ask", "01", "population=huge"], "population = huge must be one of"),
        (["ask", "01", "replicates=1"], "replicates = 1 is out of range 2..10000"),
        (["ask", "01", "evidence=maybe"], "evidence = maybe must be one of"),
        (["ask", "01", "lever.rd_grant.budget_y=3"], "sets an unknown key"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(tmp_path: Path, monkeypatch, capsys, arguments: list[str], said: str):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_list_counts_the_runs(capsys):
    assert main(["ask", "list", "replicates=10"]) == 0
    told = capsys.readouterr().out
    assert "(25 questions)" in told
    assert questions()["05"] == "05_grants_to_vouchers"
    line = next(line for line in told.splitlines() if line.startswith("05"))
    assert " 60 " in line  # two variants, three ends, ten replicates


def test_help_tells_the_keys(capsys):
    assert main(["ask", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(key in told for key in ("population", "replicates", "evidence", "parameters", "drivers"))
