"""An answer in two languages: sentences, tables and figures, as one page of HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from experiments import pages
from experiments.markdown import table as markdown_table
from experiments.words import Pair

Cell = str | Pair


@dataclass(frozen=True)
class Table:
    """Heads and rows; a cell is a text, or a pair of texts in both languages. numbers : columns set to the right."""

    heads: Sequence[Pair]
    rows: Sequence[Sequence[Cell]]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page: head, sentences, tables, figures (SVG text of our own) by the name of their file."""

    head: Pair
    sentences: Sequence[Pair] = ()
    tables: Sequence[Table] = ()
    figures: Sequence[tuple[str, str]] = ()
    notes: Sequence[Pair] = ()


@dataclass(frozen=True)
class Page:
    """A whole answer: the question, the answer in a few sentences, and its parts."""

    title: Pair
    question: Pair
    answer: Sequence[Pair]
    sections: Sequence[Section] = field(default_factory=list)
    command: str = ""


def said(cell: Cell, language: int) -> str:
    """A cell in a language: 0 English, 1 Chinese."""
    return cell if isinstance(cell, str) else cell[language]


def markdown(page: Page) -> str:
    """The page as Markdown: all of it in Chinese, then all of it in English."""
    return "\n".join([*_markdown(page, 1), "---", "", *_markdown(page, 0)])


def _markdown(page: Page, language: int) -> list[str]:
    lines = [f"# {page.title[language]}", "", f"> {page.question[language]}", ""]
    lines += [line for pair in page.answer for line in (f"**{pair[language]}**", "")]
    for section in page.sections:
        lines += [f"## {section.head[language]}", ""]
        lines += [line for pair in section.sentences for line in (pair[language], "")]
        for one in section.tables:
            heads = [head[language] for head in one.heads]
            lines += [markdown_table(heads, [[said(cell, language) for cell in row] for row in one.rows])]
        lines += [line for name, _ in section.figures for line in (f"![{section.head[language]}]({name})", "")]
        lines += [f"- {pair[language]}" for pair in section.notes] + ([""] if section.notes else [])
    return [*lines, f"`{page.command}`", ""]


def html(page: Page) -> str:
    """The page as HTML: self-contained, without a script, Chinese and English by a switch; equal pages, equal bytes."""
    figures = {name: Markup(svg) for section in page.sections for name, svg in section.figures}  # drawn by us
    return pages.page("planning.html", page=page, figures=figures)
