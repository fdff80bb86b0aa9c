"""The kinds of answers, a closed set: each a module with its block, its variants and how it answers."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Finding
from experiments.questions.question import Question, Variant

KINDS = ("reaches", "dose", "enough", "buys", "compare", "split", "path", "breaks")


class Kind(Protocol):
    """A module of this package."""

    def read(self, block: Block, variants: tuple[Variant, ...], reference: str) -> object:
        """The kind's own block; faults go to the block."""

    def points(self, question: Question) -> tuple[Variant, ...]:
        """All that is run: the variants, or each with each row of a sweep."""

    def answer(self, case: Case) -> Finding:
        """What the runs say."""


def module_of(kind: str) -> Kind:
    """The module of a kind."""
    return cast(Kind, import_module(f"experiments.questions.kinds.{kind}"))
