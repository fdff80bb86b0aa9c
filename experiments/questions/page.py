"""The page and the plain text of an answer: one view of it, both languages, no script, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from experiments import pages
from experiments.figures.answered import answered, shade_of
from experiments.questions.answer import Answer
from experiments.questions.finding import LETTERS, Cell, Number, Table
from experiments.questions.telling import in_words, plain, texts
from experiments.words import Pair
from sim.catalogue.loader import catalogue

NOT_MODELLED: Pair = ("The model does not answer this part.", "模型不能回答以下部分。")


def cell_view(cell: Cell) -> dict[str, Any]:
    """A cell: its text and, for a number, the band below it."""
    if not isinstance(cell, Number):
        return {"main": cell, "band": None, "is_number": False}
    _, low, high, _ = texts(cell)
    band = None if cell.middle is None or cell.what == "none" else (f"{low[0]} – {high[0]}", f"{low[1]} – {high[1]}")
    return {"main": plain(cell), "band": band, "is_number": True}


def table_view(table: Table) -> dict[str, Any]:
    """A table with its cells as texts."""
    rows = [[cell_view(cell) for cell in row] for row in table.rows]
    numeric = [any(row[i]["is_number"] for row in rows) for i in range(len(table.heads))]
    return {"title": table.title, "heads": table.heads, "rows": rows, "numeric": numeric}


def panel_unit(unit: str) -> Pair:
    """The unit of an axis: the catalogue's own, not that of sentences."""
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
        "sentences": found.finding.sentences,
        "letters": letters,
        "panels": [(panel.title, panel_unit(panel.unit)) for panel in found.finding.panels],
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


def figure(found: Answer, is_alone: bool = False) -> str:
    """The figure as SVG text; alone, with the panels' titles above."""
    panels = found.finding.panels
    if not panels:
        return ""
    return answered(panels, [panel.title for panel in panels] if is_alone else ())


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
    "read": ("How to read it", "阅读说明"),
}


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
        lines += [text for pair in shown["sentences"] for text in (f"**{pair[language]}**", "")]
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
            unit = panel_unit(rest.unit)[language]
            lines.append(
                f"- {rest.title[language]} = {rest.used[language]} {unit}"
                f" ({rest.span}; {rest.grade}; {rest.kind[language]})"
            )
        if found.question.limits:
            lines += [
                "",
                f"### {WORDS['cannot'][language]}",
                "",
                *(f"- {one[language]}" for one in found.question.limits),
            ]
        lines += ["", f"### {WORDS['read'][language]}", "", *(f"- {one[language]}" for one in shown["caution"]), ""]
    return "\n".join(lines)
