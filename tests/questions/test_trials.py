"""Where the levers of a question fail tests of published effects: the table is known, and what fails is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.questions.answer import Answer, answer
from experiments.questions.page import page, plain_text
from experiments.questions.trials import trials_by_lever, trials_of
from experiments.responses.rows import rows
from experiments.validity.summaries import Summary, made_by
from sim.catalogue.loader import catalogue
from tests.questions.own_questions import answered

OF_NO_LEVER = {"35", "38", "53", "54", "56", "59", "61", "63", "66"}  # of firms, prices, laws, or all levers
COLUMNS = ("row", "test", "class", "title_en", "title_zh", "sign", "low", "high", "unit", "median", "p05", "p95",
           "result", "reason_en", "reason_zh")  # fmt: skip
LINES = (
    ("26", "26", "X", "Late over early", "后补助与前补助之比", "<1", "0.3", "1.1", "ratio", "0.018", "0", "14.5",
     "fail", "Little cash.", "缺资金。"),
    ("26_diversion", "26", "X", "Misuse", "挪用", "", "", "10", "%", "", "", "", "void", "", ""),
    ("23", "23", "H", "Inventions", "发明", "+", "", "", "%", "1.5", "1", "2", "pass", "", ""),
    ("17", "17", "H", "Own money", "自筹", "+", "", "", "%", "0.07", "-0.14", "0.35", "fail", "", ""),
    ("50_start", "50", "H", "Start", "开展研发", "+", "3", "25", "% points", "1", "0", "2", "fail", "Why.", "原因。"),
)  # fmt: skip
PLANTED = Summary(
    "responses", "innopolicy responses", made_by(), tuple(dict(zip(COLUMNS, one, strict=True)) for one in LINES)
)


def test_the_table_knows_levers_and_tests_alone():
    known = {str(one.number) for one in rows().values()}
    levers = list(catalogue().levers)
    assert list(trials_by_lever()) == [name for name in levers if name in trials_by_lever()]
    for lever, numbers in trials_by_lever().items():
        assert numbers == tuple(sorted(set(numbers), key=int)), lever
        assert set(numbers) <= known, lever
    touched = {number for numbers in trials_by_lever().values() for number in numbers}
    assert known - touched == OF_NO_LEVER, "a new test needs its levers in tests_of_levers.csv, or a place here"


def test_tests_of_the_levers_are_counted_and_what_fails_is_told_with_its_reason():
    found = trials_of(["rd_grant", "soe_mandate"], PLANTED)
    assert (found.passed, [one.row for one in found.failed], found.untried) == (1, ["26", "17"], 1)
    first, second = found.failed
    assert first.wanted == ("0.3 to 1.1", "0.3至1.1")
    assert first.found[0].startswith("0.018 (5–95 %: 0 to 14.5")
    assert first.reason == ("Little cash.", "缺资金。")
    assert second.wanted == ("above zero", "大于0")
    assert second.found[1].startswith("0.070%（5–95%区间")
    assert second.reason[1] == "原因未知。"
    told = found.sentences
    assert "passes 1 and fails 2" in told[0][0]
    assert told[-1][1] == "尚无已发表效果可供对照的政策工具：国有企业研发责任。"


def test_an_old_table_says_so():
    old = trials_of(["rd_grant"], replace(PLANTED, version="another"))
    assert old.sentences[-1] == ("The tests were made by another version of the model.", "检验由模型的另一版本完成。")
    assert old.sentences[:-1] == trials_of(["rd_grant"], PLANTED).sentences


@pytest.fixture
def compared(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The question of one's own that compares grants and help."""
    return answer(answered("compare", tmp_path_factory.getbasetemp())[2], 1, 4)


def test_page_and_text_name_the_failing_tests(compared: Answer):
    found = replace(compared, trials=trials_of(["rd_grant"], PLANTED))
    for text in (
        page(found, {"command": "innopolicy ask mine"}),
        plain_text(found, {"command": "innopolicy ask mine"}),
    ):
        assert "Late over early" in text
        assert "缺资金。" in text
        assert "Misuse" not in text
    html = page(found, {"command": "innopolicy ask mine"})
    assert html.index("Something") < html.index("<svg"), "what the model cannot answer stands beside the answer"


def test_a_change_below_the_step_names_the_command_at_full_size(compared: Answer):
    command = "innopolicy ask mine population=tiny replicates=4"
    html, text = page(compared, {"command": command}), plain_text(compared, {"command": command})
    for made in (html, text):
        assert "innopolicy ask mine replicates=4 population=full" in made
        assert "1家模拟企业代表40家实际企业" in made
    assert html.count("过小，无法分辨</span>") >= 1
    numbers = [replace(one, scale=1) for one in compared.finding.numbers]
    assert any(one.is_too_small for one in compared.finding.numbers)
    assert not any(one.is_too_small for one in numbers)


def test_the_shipped_table_is_read():
    assert trials_of(["super_deduction"]).sentences
    assert trials_of([]).sentences == []
