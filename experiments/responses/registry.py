"""All experiments by number, gathered from the families: each has rows in the table, each row that is run has one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from experiments.responses.experiment import Experiment

FAMILIES = (
    *("tax", "notch", "certificates", "talent", "world", "dynamics", "race"),
    *("subsidies", "selection", "vouchers", "finance", "networks", "platforms", "demand"),
)


@lru_cache(maxsize=1)
def experiments() -> Mapping[int, Experiment]:
    """Experiments by number, ascending. Raises ValueError for a number that stands twice."""
    found: dict[int, Experiment] = {}
    for family in FAMILIES:
        for one in import_module(f"experiments.responses.{family}").EXPERIMENTS:
            if one.number in found:
                raise ValueError(f"test {one.number} has two experiments")
            found[one.number] = one
    return dict(sorted(found.items()))
