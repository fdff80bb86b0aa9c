"""The verb `responses`: measures, judges, prints the table, and ships it where asked."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.durable import write_file
from experiments.responses.judging import FAIL, PASS, Judged, judge_all, summary_row
from experiments.responses.registry import experiments
from experiments.responses.request import Asked, read
from experiments.responses.rows import CLASSES, reasons
from experiments.responses.seeds import measured
from experiments.tables import short
from experiments.validity.summaries import ship, text_of

TITLE = 62  # columns of a title on a terminal


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; 0 whatever the tests say: a failed test is a finding."""
    asked = read(arguments)
    if asked.breaks:
        from experiments.responses.breaks import tell_breaks

        return tell_breaks(asked)
    found = judge_all(asked.tests, experiments(), measured(asked))
    told = [summary_row(one, _reason(one)) for one in found]
    write_file(asked.results / "responses.csv", text_of(asked.command, told))
    print(table(found))
    print(f"\ntable: {(asked.results / 'responses.csv').as_posix()}")
    if asked.ship:
        print(f"shipped: {ship('responses', asked.command, told)}")
    return 0


def _reason(one: Judged) -> tuple[str, str]:
    """Why a row fails, or why it is void or not possible."""
    if one.result == PASS:
        return "", ""
    if one.result == FAIL:
        return reasons().get(one.row.row, ("", ""))
    return one.row.note_en, one.row.note_zh


def table(found: Sequence[Judged]) -> str:
    """All rows for the terminal, and how many tests of each class pass."""
    lines = [f"{'row':16} {'cl':2} {'median':>8}  {'5..95 %':19} {'band':15} {'agree':>5}  result"]
    for one in found:
        lines += [f"{one.row.title_en[:TITLE]}", _line(one)]
        reason = _reason(one)[0]
        if reason:
            lines.append(f"    {reason}")
    return "\n".join([*lines, "", *(_count(found, letter) for letter in CLASSES)])


def _line(one: Judged) -> str:
    """The numbers of a row."""
    row = one.row
    if row.state != "run":
        return f"{row.row:16} {row.class_:2} {one.result}"
    ends = ["" if end is None else f"{end:g}" for end in (row.low, row.high)]
    band = f"{row.sign} {ends[0]}..{ends[1]}" if any(ends) else row.sign
    spread_text = f"{short(one.p05)}..{short(one.p95)}"
    agree = "" if one.agree is None else f"{one.agree:.0%}"
    failed = ", ".join(n for n, v in (("sign", one.sign), ("magnitude", one.magnitude)) if v == FAIL)
    told = f"{one.result}{f' ({failed})' if failed else ''}"
    return f"{row.row:16} {row.class_:2} {short(one.median):>8}  {spread_text:19} {band:15} {agree:>5}  {told}"


def _count(found: Sequence[Judged], letter: str) -> str:
    """How many tests of a class pass in all their rows."""
    of_tests: dict[int, list[str]] = {}
    for one in found:
        if one.row.class_ == letter and one.result in (PASS, FAIL):
            of_tests.setdefault(one.row.number, []).append(one.result)
    passed = sum(FAIL not in results for results in of_tests.values())
    return f"{CLASSES[letter]}: {passed} of {len(of_tests)} tests pass"


__all__ = ["Asked", "main", "table"]
