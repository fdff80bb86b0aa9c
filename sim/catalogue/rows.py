"""The kinds of rows that the catalogue holds: one frozen dataclass a table, one field a column.

A field's name is its column's name (a trailing underscore is dropped, for words that Python keeps for itself).
Closed sets are Literal types, so the loader can refuse anything else and say what is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["measured", "evidence", "calibrated", "assumed"]
Grade = Literal["A", "B", "C", "D"]  # A measured or statute, B good evidence, C weak or transferred, D assumption
Confidence = Literal["high", "medium", "low"]
Dimension = Literal["city", "sector", "size", "ownership"]
SourceKind = Literal["plan", "statistics", "act", "press", "literature", "fit", "derived", "assumption", "not_traced"]
Status = Literal["simulated", "exogenous", "rule", "not_simulated"]
Direction = Literal["at_least", "reach", "at_most", ""]
Host = Literal["firm", "university", "institute", "government", "intermediary"]
Eligible = Literal[
    "any", "project", "industrial", "large_or_medium", "patent_holder", "coal", "city", "county", "zone", "incubator"
]
Tier = Literal["city", "province", "nation", "rungs"]
Known = Literal["measured", "derived", "assumed"]


@dataclass(frozen=True)
class Parameter:
    """A number of a mechanism; value, low and high in `unit`."""

    address: str
    title: str
    unit: str
    kind: Kind
    value: float
    low: float
    high: float
    source: str
    grade: Grade
    note: str


@dataclass(frozen=True)
class StructureRow:
    """One entry of a table by category (sector, city, size class ...), such as a share or an intensity."""

    table: str
    category: str
    value: float
    low: float
    high: float
    unit: str
    kind: Kind
    source: str
    grade: Grade
    note: str


@dataclass(frozen=True)
class LeverRow:
    """A policy lever: the columns and budget lines that it may write, its channel and evidence."""

    lever: str
    title_en: str
    title_zh: str
    family: str
    acts_on: tuple[str, ...]
    channel: str
    channel_zh: str
    evidence: tuple[str, ...]
    grade: Grade


@dataclass(frozen=True)
class DoseRow:
    """One setting of a lever, which acts only where a `main` dose is not neutral.

    `words` are texts allowed in place of a number.
    """

    address: str
    lever: str
    dose: str
    title_en: str
    title_zh: str
    unit: str
    neutral: float
    low: float
    high: float
    words: tuple[str, ...]
    main: bool
    source: str
    grade: Grade
    note: str


@dataclass(frozen=True)
class IndicatorRow:
    """An outcome. A ratio is factor x numerator / denominator, both indicators; others have a function of this name.

    A yearly one is measured at the end of a year only. An index is 100 times the geometric mean of the ratios that its
    numerator names, each relative to the first year.
    """

    indicator: str
    title_en: str
    title_zh: str
    unit: str
    kind: Literal["flow", "stock", "yearly", "ratio", "index"]
    numerator: str
    denominator: str
    factor: float
    good: Literal["up", "down", "none"]
    family: str
    by: tuple[Dimension, ...]
    observed: str
    definition: str
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The indicators that a ratio or an index is made of."""
        named = (*self.numerator.split(";"), self.denominator)
        return tuple(part.strip() for part in named if part.strip())


@dataclass(frozen=True)
class TargetRow:
    """A number of a plan: target, baseline or fact, and how the model treats it."""

    target_id: str
    plan: Literal["A", "B", "C", "D", "E"]
    title_en: str
    title_zh: str
    unit: str
    scope: str
    direction: Direction
    baseline_year: int | None
    baseline: float | None
    target_year: int | None
    target: float | None
    target_text: str
    target_text_zh: str
    document: str
    section: str
    definition: str
    status: Status
    indicator: str
    basis: str
    note: str
    note_zh: str
    main: int | None


@dataclass(frozen=True)
class SourceRow:
    """Where numbers come from."""

    source: str
    citation: str
    kind: SourceKind


@dataclass(frozen=True)
class UnitRow:
    """A unit; `factor` turns a value into the first unit of its dimension."""

    unit: str
    title_en: str
    title_zh: str
    dimension: str
    factor: float


@dataclass(frozen=True)
class StreamRow:
    """A named stream of random numbers; its number never changes."""

    stream: str
    number: int
    kind: str
    used_by: str
    doc: str


@dataclass(frozen=True)
class ProgrammeRow:
    """A kind of recognised centre: its stock at the end of 2010 and its historical pace (new ones a year, net).

    `eligible` says who may host one; `project` is for kinds that another mechanism places and completes.
    """

    order: int
    kind: str
    title_en: str
    title_zh: str
    host_kind: Host
    tiers: tuple[Tier, ...]
    start_stock_2010: float
    start_low: float
    start_high: float
    start_kind: Known
    start_source: str
    historical_pace_y: float
    pace_low: float
    pace_high: float
    pace_kind: Known
    pace_source: str
    max_tier: int
    counted_in: tuple[str, ...]
    start_year: int
    eligible: Eligible
    note: str


@dataclass(frozen=True)
class SectorRow:
    """One of the twelve sectors."""

    sector: str
    name_en: str
    name_zh: str
    is_industrial: bool
    is_energy: bool
    is_heavy: bool
    super_deduction_class: str


@dataclass(frozen=True)
class CityRow:
    """One of the eleven cities."""

    city: str
    name_zh: str


@dataclass(frozen=True)
class CountyRow:
    """One of the twelve counties and districts of Changzhi."""

    county: str
    name_zh: str


@dataclass(frozen=True)
class SeriesRow:
    """One observed year of a series."""

    series: str
    year: int
    value: float
    unit: str
    definition: str
    source: str
    confidence: Confidence

    @property
    def kind(self) -> Kind:
        """measured, or assumed where the value was recalled and its source not traced."""
        return "assumed" if self.source == "not traced" else "measured"

    @property
    def grade(self) -> Grade:
        """D where the source was not traced, else by confidence."""
        by_confidence: dict[Confidence, Grade] = {"high": "A", "medium": "B", "low": "C"}
        return "D" if self.kind == "assumed" else by_confidence[self.confidence]


@dataclass(frozen=True)
class RuleRow:
    """A dated national rule: its value for a class of firms from one year to another (empty: still in force)."""

    rule: str
    class_: str
    from_year: int
    to_year: int | None
    value: float
    unit: str
    source: str
    grade: Grade
    definition: str


@dataclass(frozen=True)
class DriverRule:
    """How a driver goes on beyond its last observed year; `low` and `high` are the band of `value`."""

    driver: str
    title_en: str
    title_zh: str
    rule: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    kind: Kind
    source: str
    note: str
    note_zh: str
