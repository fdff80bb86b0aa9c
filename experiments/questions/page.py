"""The page and the plain text of an answer: one view of it, both languages, no script, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from experiments import pages
from experiments.figures.answered import shade_of
from experiments.questions.answer import Answer
from experiments.questions.drawing import figure_of
from experiments.questions.finding import LETTERS, Cell, Number, Table
from experiments.questions.telling import in_words, plain, texts
from experiments.questions.trials import Failed
from experiments.words import Pair
from sim.catalogue.loader import catalogue

SMALL: Pair = ("too small to show", "过小，无法分辨")
SMALLER: Pair = (
    "Too small to show: no run moved. One simulated firm stands for {}, so the change may be less than such a step or"
    " none at all; this is no proof that nothing happens. Asking with every firm by itself can tell:",
    "“过小，无法分辨”指各次运行均未变化：1家模拟企业代表{}家实际企业，变化可能小于这一步长，也可能确实没有，"
    "不能据此认为没有作用。如需分辨，请逐家模拟全部企业重新运行：",
)


def cell_view(cell: Cell) -> dict[str, Any]:
    """A cell: its text and, for a number, the band below it."""
    if not isinstance(cell, Number):
        return {"main": cell, "band": None, "is_number": False}
    if cell.is_too_small:
        return {"main": SMALL, "band": None, "is_number": True}
    _, low, high, _ = texts(cell)
    band = None if cell.middle is None or cell.what == "none" else (f"{low[0]} – {high[0]}", f"{low[1]} – {high[1]}")
    return {"main": plain(cell), "band": band, "is_number": True}


def table_view(table: Table) -> dict[str, Any]:
    """A table with its cells as texts."""
    rows = [[cell_view(cell) for cell in row] for row in table.rows]
    numeric = [any(row[i]["is_number"] for row in rows) for i in range(len(table.heads))]
    return {"title": table.title, "heads": table.heads, "rows": rows, "numeric": numeric}


def unit_title(unit: str) -> Pair:
    """The unit of a parameter: the catalogue's own, not that of sentences."""
    row = catalogue().units.get(unit)
    return (row.title_en, row.title_zh) if row else (in_words(unit, 1.0)[0][1].strip(), in_words(unit, 1.0)[1][1])


def view(found: Answer, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """All that page and plain text show."""
    question = found.question
    letters = [
        {"mark": LETTERS[i], "title": one.title, "shade": shade_of(LETTERS[i])}
        for i, one in enumerate(question.variants)
    ]
    return {
        "question": question,
        "number": question.number,
        "said": found.finding.said,
        "small": small(found),
        "is_small_said": is_small_said(found),
        "full_size": full_size(manifest["command"]),
        "trials": found.trials,
        "letters": letters,
        "tables": [table_view(table) for table in found.finding.tables],
        "beside": table_view(found.beside) if found.beside else None,
        "costs": table_view(found.costs),
        "ends": table_view(found.ends) if found.ends else None,
        "assumptions": found.assumptions,
        "doses": found.doses,
        "evidence": found.evidence,
        "levers": found.levers,
        "caution": found.caution.sentences,
        "seed": found.seed,
        "replicates": found.replicates,
        "scale": found.caution.scale,
        "units": catalogue().units,
        "manifest": manifest,
    }


def small(found: Answer) -> Pair | None:
    """What to say where a change is too small to show; None where none is."""
    tables = [table for table in (*found.finding.tables, found.beside, found.ends) if table]
    cells = [cell for table in tables for row in table.rows for cell in row if isinstance(cell, Number)]
    scale = next((one.scale for one in (*found.finding.numbers, *cells) if one.is_too_small), 0)
    return (SMALLER[0].format(scale), SMALLER[1].format(scale)) if scale else None


def is_small_said(found: Answer) -> bool:
    """Whether a number of the sentences is too small to show, and not only one of the tables."""
    return any(one.is_too_small for one in found.finding.numbers)


def full_size(command: str) -> str:
    """The command that asks the same with every firm by itself."""
    kept = [part for part in command.split() if not part.startswith("population=")]
    return " ".join([*kept, "population=full"])


def figure(found: Answer, is_alone: bool = False) -> str:
    """The figure as SVG text; alone, with the question's title above."""
    return figure_of(found.finding.panels, found.question.title if is_alone else None)


def page(found: Answer, manifest: Mapping[str, Any]) -> str:
    """The page as text; equal answers give equal bytes."""
    drawn = Markup(figure(found))  # drawn by us from numbers; nothing that a user wrote stands in it
    shown = view(found, manifest)
    shown.pop("units")  # every page has them
    return pages.page("answer.html", figure=drawn, **shown)


def _cells(row: Sequence[Mapping[str, Any]], language: int) -> str:
    found = []
    for cell in row:
        band = f" ({cell['band'][language]})" if cell["band"] else ""
        found.append((cell["main"][language] + band).replace("|", "\\|"))
    return "| " + " | ".join(found) + " |"


def _table(table: Mapping[str, Any], language: int) -> list[str]:
    heads = [head[language].replace("|", "\\|") for head in table["heads"]]
    rule = "|" + "---|" * len(heads)
    return [f"### {table['title'][language]}", "", "| " + " | ".join(heads) + " |", rule,
            *(_cells(row, language) for row in table["rows"]), ""]  # fmt: skip


WORDS: dict[str, Pair] = {
    "cost": ("Public cost", "财政投入"),
    "ends": ("If the evidence is weaker or stronger", "证据偏弱或偏强时"),
    "rests": ("What it rests on that the plans do not say", "规划之外的假设"),
    "cannot": ("What the model cannot answer", "模型无法回答的部分"),
    "tests": ("How far these levers were tested", "本题政策工具的检验情况"),
    "read": ("How to read it", "阅读说明"),
}


def _listed(word: str, pairs: Sequence[Pair], language: int) -> list[str]:
    """A head with a list, nothing without texts."""
    head = f"### {WORDS[word][language]}"
    return [head, "", *(f"- {one[language]}" for one in pairs), ""] if pairs else []


def _failed(one: Failed) -> Pair:
    """A failed test as a line."""
    title, class_, reason = one.title, one.class_, one.reason
    return (f"Fails ({one.number}, {class_[0]}): {title[0]} – wanted {one.wanted[0]}, found {one.found[0]}."
            f" {reason[0]}",
            f"未通过（{one.number}，{class_[1]}）：{title[1]}——应为{one.wanted[1]}，模型为{one.found[1]}。"
            f"{reason[1]}")  # fmt: skip


def plain_text(found: Answer, manifest: Mapping[str, Any]) -> str:
    """The answer as Markdown, Chinese first, then English."""
    shown = view(found, manifest)
    lines: list[str] = []
    for language in (1, 0):
        lines += [
            f"# {shown['number']} {found.question.title[language]}",
            "",
            f"> {found.question.asked[language]}",
            "",
        ]
        for one in shown["said"]:
            lines += [f"**{one.lead[language]}**", "", *(f"- {point[language]}" for point in one.points)]
            lines += [""] if one.points else []
        if shown["small"]:
            lines += [f"{shown['small'][language]} `{shown['full_size']}`", ""]
        lines += _listed("cannot", found.question.limits, language)
        for table in shown["tables"]:
            lines += _table(table, language)
        lines += [
            line
            for table in (shown["beside"], shown["costs"], shown["ends"])
            if table
            for line in _table(table, language)
        ]
        lines += [f"### {WORDS['rests'][language]}", ""]
        lines += [f"- {pair[language]}" for pair in shown["assumptions"]]
        for rest in (*shown["doses"], *shown["evidence"]):
            unit = unit_title(rest.unit)[language]
            lines.append(
                f"- {rest.title[language]} = {rest.used[language]} {unit}"
                f" ({rest.span}; {rest.grade}; {rest.kind[language]})"
            )
        lines += ["", *_listed("tests", [*found.trials.sentences, *map(_failed, found.trials.failed)], language)]
        lines += _listed("read", shown["caution"], language)
    return "\n".join(lines)
