"""Tables on a terminal: nothing is lost, no line is too wide, identifiers of the first column stay whole."""

from __future__ import annotations

import pytest

from experiments.fitted import layout, width, wrapped

TABLE = [
    ["id", "title", "words", "reason"],
    [
        "rd_grant.budget_y",
        "年度预算，按年拨付的资金",
        "a;b",
        "the yearly money and the part of a project that is paid for",
    ],
    ["rule", "", "rd_grant.budget_y;rd_grant.firm_share", "no reason"],
]


def signs(text: str) -> str:
    return "".join(sorted(text.replace(" ", "").replace("\n", "")))


def test_without_a_limit_each_row_is_one_line():
    lines = layout(TABLE)
    assert len(lines) == len(TABLE)
    assert lines[1].startswith("rd_grant.budget_y  年度预算")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120])
def test_on_a_terminal_no_line_is_too_wide_and_nothing_is_lost(columns: int):
    lines = layout(TABLE, columns)
    assert max(map(width, lines)) <= columns
    text = "\n".join(lines)
    assert "rd_grant.budget_y" in text
    for row in TABLE[1:]:
        for cell in row:
            assert not set(signs(cell)) - set(signs(text))
    if lines[0].startswith("id"):
        assert signs(text) == signs("".join(cell for row in TABLE for cell in row))


def test_a_narrow_terminal_gets_records_with_the_column_beside_each_cell():
    lines = layout(TABLE, 50)
    assert lines[0] == "rd_grant.budget_y"
    assert lines[1].split() == ["title", "年度预算，按年拨付的资金"]
    assert not any(line.strip() == "title" for line in lines), "an empty cell has no line"


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("a.long_address", 8, ["a.long_", "address"]),
        ("年度预算", 4, ["年度", "预算"]),
        ("", 4, [""]),
        ("a;b;c", 4, ["a;b;", "c"]),
    ],
)
def test_texts_are_broken_where_they_may_be(text: str, columns: int, lines: list[str]):
    assert wrapped(text, columns) == lines
