"""Rows of the map of the five plans: where each instrument, rule and actor of the documents stands in the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Plan = Literal["A", "B", "C", "D", "E"]
PlanStatus = Literal["lever", "shared", "rule", "not_modelled"]
InstrumentType = Literal[
    "fiscal",
    "tax",
    "finance",
    "procurement",
    "platform",
    "network",
    "talent",
    "regulation",
    "governance",
    "information",
]
PlanRuleType = Literal["threshold", "money", "ladder", "assistance", "governance"]
ActorType = Literal["firm", "science", "platform", "network", "finance", "government", "people", "place"]


@dataclass(frozen=True)
class PlanMapRow:
    """Where something that the plans name stands in the model.

    `status`: lever (has doses of its own), shared (moves a named dose or number of something else), rule (fixed in the
    world), not_modelled. `lever`: the lever it belongs to, if any. `parameter`: addresses in doses.csv or
    parameters.csv. `reason`: how it enters, or why not and which target it could have touched.
    """

    id_: str
    title_en: str
    title_zh: str
    type_: str
    plans: tuple[Plan, ...]
    status: str
    lever: str
    parameter: tuple[str, ...]
    reason: str
    reason_zh: str


@dataclass(frozen=True)
class InstrumentRow(PlanMapRow):
    """An instrument of the plans."""

    type_: InstrumentType
    status: PlanStatus


@dataclass(frozen=True)
class PlanRuleRow(PlanMapRow):
    """A rule that the plans state (R01 to R64)."""

    type_: PlanRuleType
    status: PlanStatus


@dataclass(frozen=True)
class ActorRow(PlanMapRow):
    """An actor that the plans name; with status `agent` the parameter is its kind of agent in the model."""

    type_: ActorType
    status: Literal["agent", "lever", "shared", "rule", "not_modelled"]


@dataclass(frozen=True)
class ConflictRow:
    """Numbers of the plans that cannot all be taken at their word, in our own words."""

    id: str
    plans: tuple[str, ...]
    targets: tuple[str, ...]
    text_en: str
    text_zh: str
