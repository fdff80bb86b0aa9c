"""What a kind makes of the runs: words, numbers, tables and panels of a figure, all in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from experiments.outcomes import Results
from experiments.questions.question import Question
from experiments.words import Pair


@dataclass(frozen=True)
class Number:
    """A number of an answer: the middle of the runs and its 5-95 % band, in a unit of the catalogue.

    middle, low, high : None where the runs have none, such as a dose outside the range; `word` says so then.
    is_signed : a difference, told with its sign. runs : paired replicates that it comes from.
    what : `mean` or `median` of the runs with the band of the runs; `share` of the runs with the 90 % interval of a
    share of so few; `dose` with the interval of a quantile.
    scale : real units that one simulated agent stands for, which limits how small a difference can be.
    """

    key: str
    title: Pair
    unit: str
    middle: float | None
    low: float | None
    high: float | None
    runs: int
    what: str = "mean"
    is_signed: bool = False
    word: Pair = ("", "")
    scale: int = 1

    @property
    def is_too_small(self) -> bool:
        """Whether nothing moved in any run, though one simulated agent stands for several: a change may lie below."""
        return self.scale > 1 and self.is_signed and self.middle == self.low == self.high == 0.0


@dataclass(frozen=True)
class Said:
    """One answer in words: a short sentence with its main number and band, and the other outcomes, one a line."""

    lead: Pair
    points: Sequence[Pair] = ()


Cell = Number | Pair
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Table:
    """Heads and rows of cells; the first cells are words."""

    title: Pair
    heads: Sequence[Pair]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Series:
    """Points of a panel with their bands; `mark` is the letter that the page explains."""

    mark: str
    x: Sequence[float]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """A panel: `dots` (one row a series) or `lines` (over x); `line` is a target or a zero.

    title, unit : of the quantity that is drawn; across, across_unit : of x, where there is one.
    """

    title: Pair
    unit: str
    shape: str
    series: Sequence[Series]
    line: float | None = None
    across: Pair = ("Year", "年份")
    across_unit: str = ""


@dataclass(frozen=True)
class Finding:
    """What the runs of one end of the evidence say.

    said : the answer in words.
    numbers : those of the words, in their order; at the other ends they are set beside each other by their key.
    """

    said: Sequence[Said]
    numbers: Sequence[Number]
    tables: Sequence[Table]
    panels: Sequence[Panel] = field(default_factory=tuple)


@dataclass(frozen=True)
class Case:
    """A question with the results of its points by their name; letters tell its variants apart, where they are few."""

    question: Question
    results: Mapping[str, Results]
    has_letters: bool = True

    def of(self, name: str) -> Results:
        """The runs of a point. Raises KeyError."""
        return self.results[name]

    @property
    def reference(self) -> Results:
        """The runs of the reference."""
        return self.results[self.question.reference]

    @property
    def scale(self) -> int:
        """Real units that one simulated agent stands for."""
        return next(iter(self.results.values())).scenario.scale

    def others(self) -> list[str]:
        """Names of the variants but the reference, in the file's order."""
        return [one.name for one in self.question.variants if one.name != self.question.reference]

    def mark(self, name: str) -> str:
        """The letter of a variant in figures and tables; `name` may be that of a row of a sweep."""
        return LETTERS[[one.name for one in self.question.variants].index(name.partition("-")[0])]

    def lettered(self, name: str) -> Pair:
        """The title of a variant, with its letter where there are letters."""
        title = self.question.variant(name).title
        return (f"{self.mark(name)} {title[0]}", f"{self.mark(name)} {title[1]}") if self.has_letters else title

    def against(self, name: str) -> Pair:
        """The head of a column of differences to the reference."""
        title, base = self.lettered(name), self.question.reference
        return (f"{title[0]} − {self.mark(base)}", f"{title[1]} − {self.mark(base)}") if self.has_letters else title
