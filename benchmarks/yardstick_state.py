"""State of the yardstick: columns of firms, the places that they meet, and room for one block of 512 rows.

A kernel is compiled anew when its own file changes, not when this one does: `make clean` after a change of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column, Columns

BLOCK, DRAWS, NEAR = 512, 16, 5
SECTORS, CITIES, ALLIANCES, UNIVERSITIES, CENTRES_A_CITY = 20, 30, 200, 100, 50


class Firms(NamedTuple):
    """Columns of firms, shape (capacity,); the capacity is a multiple of 512."""

    alive: Any
    uid: Any
    group: Any
    city: Any
    alliance: Any
    certified: Any
    certificate_end: Any
    age: Any
    patents: Any
    sales: Any
    log_sales: Any
    knowledge: Any
    absorption: Any
    growth: Any
    rd: Any
    grant: Any


class Places(NamedTuple):
    """What firms meet: means of groups and alliances (last quarter), universities and centres with their load."""

    group_mean: Any
    group_sum: Any
    group_size: Any
    alliance_mean: Any
    alliance_sum: Any
    alliance_size: Any
    quality: Any
    nearest: Any
    load: Any
    load_before: Any
    centre_quality: Any
    centre_load: Any


class Scratch(NamedTuple):
    """Room for one block, and for the applicants of a quarter."""

    luck: Any
    listed: Any
    first: Any
    second: Any
    intensity: Any
    gained: Any
    boost: Any
    score: Any
    cost: Any
    applicant: Any


class YardstickFirm(ColumnAgent):
    """A firm of the yardstick; the names are those of `Firms`."""

    group = Column("i2", "code", "sector times cities plus city")
    city = Column("i2", "code", "city")
    alliance = Column("i2", "code", "alliance, -1 without one", default=-1)
    certified = Column("u1", "flag", "holds a certificate")
    certificate_end = Column("i2", "quarter", "when the certificate runs out")
    age = Column("i4", "quarters", "age")
    patents = Column("i4", "count", "patents")
    sales = Column("f8", "million yuan", "size", default=1.0)
    log_sales = Column("f8", "-", "its logarithm")
    knowledge = Column("f8", "-", "stock of knowledge", default=1.0)
    absorption = Column("f8", "-", "what it understands of others")
    growth = Column("f8", "-", "last step of ln sales")
    rd = Column("f8", "million yuan", "R&D of the quarter")
    grant = Column("f8", "million yuan", "grant of the quarter")


def columns_for(firms: int) -> Columns:
    """Empty columns with room for half as many again, in whole blocks."""
    blocks = -(-(3 * firms // 2 + 64) // BLOCK)
    return Columns("yardstick", YardstickFirm.declared(), blocks * BLOCK)


def places() -> Places:
    """Means of nobody yet, universities and centres of drawn quality, the five nearest of each city."""
    rng = np.random.default_rng(7)
    quality, where, cities = rng.uniform(0.2, 1.0, UNIVERSITIES), rng.random((UNIVERSITIES, 2)), rng.random((CITIES, 2))
    nearest = np.argsort(((cities[:, None] - where[None]) ** 2).sum(axis=-1), axis=1, kind="stable")[:, :NEAR]
    centres, groups = CITIES * CENTRES_A_CITY, SECTORS * CITIES
    means = np.zeros(groups), np.zeros(groups), np.zeros(groups, np.int64)
    allied = np.zeros(ALLIANCES + 1), np.zeros(ALLIANCES), np.zeros(ALLIANCES, np.int64)
    loads = np.zeros(UNIVERSITIES, np.int64), np.zeros(UNIVERSITIES, np.int64)
    centre_quality = rng.uniform(0.1, 1.0, centres)
    return Places(
        *means, *allied, quality, np.ascontiguousarray(nearest), *loads, centre_quality, np.zeros(centres, np.int64)
    )


def scratch(capacity: int) -> Scratch:
    """Room to work in."""
    first, second, intensity, gained, boost = np.empty((5, BLOCK))
    score, cost, applicant = np.empty(capacity), np.empty(capacity), np.empty(capacity, np.int64)
    listed = np.empty(BLOCK + 1, np.int64)
    luck = np.empty((DRAWS, BLOCK))
    return Scratch(luck, listed, first, second, intensity, gained, boost, score, cost, applicant)
