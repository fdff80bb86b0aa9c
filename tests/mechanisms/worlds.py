"""A small world with plain columns drawn from a fixed seed, and the parameters of the catalogue for its steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar, get_type_hints

import numpy as np

from sim.agents.alliance import Alliance
from sim.agents.budget import BUDGET_LINES
from sim.agents.centre import TechCentre
from sim.agents.firm import LARGE, MEDIUM, MICRO, PRIVATE, SMALL, Firm
from sim.agents.government import Government
from sim.agents.institute import ResearchInstitute
from sim.agents.intermediary import INTERMEDIARY, Intermediary
from sim.agents.university import University
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar
from sim.core.columns import Columns
from sim.core.money import Ledger
from sim.core.steps import addresses
from sim.core.streams import Draws

P = TypeVar("P")
N_FIRMS, FREE = 200, 40


def params(kind: type[P], **changes: Any) -> P:
    """The Params of a mechanism with the catalogue's values, some of them changed."""
    module = kind.__module__.rsplit(".", 1)[1]
    hints = get_type_hints(kind)
    found = {name: hints[name](catalogue().parameter(a).value) for name, a in addresses(module, kind).items()}
    return replace(kind(**found), **changes)  # type: ignore[type-var]


def small_world(
    start: str = "2014Q1", end: str = "2017Q4", seed: int = 1, n: int = N_FIRMS, order: Any = None
) -> World:
    """World of n firms, 6 universities, 8 institutes, 4 intermediaries and the governments; no centre, no alliance.

    `order` places the firms on other rows (a permutation of n), to show that rows do not matter.
    """
    draws = Draws(seed, 0, {name: row.number for name, row in catalogue().streams.items()})
    draws.open_quarter(0)
    world = World(
        calendar=Calendar.of(start, end), draws=draws, accounts=Ledger(BUDGET_LINES), scale=1,
        firms=Columns("firm", Firm.declared(), n + FREE), universities=Columns("university", University.declared(), 6),
        institutes=Columns("institute", ResearchInstitute.declared(), 8),
        centres=Columns("centre", TechCentre.declared(), 16), alliances=Columns("alliance", Alliance.declared(), 8),
        intermediaries=Columns("intermediary", Intermediary.declared(), 4),
        governments=Columns("government", Government.declared(), 12),
    )  # fmt: skip
    rows = np.arange(n) if order is None else np.asarray(order)
    world.firms.place(rows, np.arange(1, n + 1), firm_values(n))
    for columns, first in ((world.universities, 1001), (world.institutes, 2001)):
        columns.place(np.arange(columns.capacity), first + np.arange(columns.capacity), body_values(columns.capacity))
    brokers = {"role": np.full(4, INTERMEDIARY), "places": np.full(4, 50), "efficiency": np.ones(4)}
    world.intermediaries.place(np.arange(4), 3001 + np.arange(4), brokers)
    cities = {"level": (np.arange(12) > 0).astype(np.int8), "city": np.arange(12) - 1}
    world.governments.place(np.arange(12), 4001 + np.arange(12), cities)
    return world


def firm_values(n: int) -> dict[str, Any]:
    """Columns of n firms, the larger ones above scale and more often with R&D."""
    random = np.random.default_rng(7)
    sales = np.exp(random.normal(3.5, 1.8, n))
    has_rd = random.random(n) < 0.5
    rd = np.where(has_rd, sales * random.uniform(0.005, 0.06, n), 0.0)
    size = np.select([sales < 3, sales < 20, sales < 400], [MICRO, SMALL, MEDIUM], LARGE)
    return {
        "sector": random.integers(0, 12, n), "city": random.integers(0, 11, n),
        "ownership": np.where(random.random(n) < 0.9, PRIVATE, 1), "size_class": size, "sales_y": sales,
        "sales_1y": sales, "is_above_scale": (sales > 20).astype(np.uint8), "is_energy": random.integers(0, 2, n),
        "is_high_tech_field": random.integers(0, 2, n), "has_rd": has_rd, "rd_reported_1y": rd,
        "rd_reported_q": rd / 4, "rd_staff": rd / 0.2, "knowledge": rd * 4,
        "inventions_in_force": random.poisson(rd / 3), "cognitive_position": random.random(n),
        "has_rd_institution": has_rd & (random.random(n) < 0.7),
    }  # fmt: skip


def body_values(n: int) -> dict[str, Any]:
    """Columns of n universities or institutes."""
    return {
        "city": np.arange(n) % 3, "field": np.arange(n) % 12, "quality": np.linspace(0.5, 1.5, n),
        "openness": np.linspace(0.3, 0.7, n), "own_rd_q": np.full(n, 1e6),
        "rd_staff": np.full(n, 400.0), "knowledge": np.full(n, 80.0),
        "inventions_in_force": np.full(n, 10), "cognitive_position": np.linspace(0.1, 0.9, n),
    }  # fmt: skip


def next_quarter(world: World) -> None:
    """Move the clock as the model does: flows and payments of the quarter start empty."""
    world.calendar.quarter += 1
    world.draws.open_quarter(world.calendar.quarter)
    world.flows.clear()
    for columns in world.kinds.values():
        columns.neutralise()
    for columns in world.payees:
        columns.received_yuan.clear()
    world.accounts.open_quarter()
    if world.calendar.is_first_of_year:
        world.accounts.open_year()


def received(world: World, line: str) -> int:
    """Yuan that all recipients got from a line this quarter."""
    number = world.accounts.number(line)
    return int(sum(kind.received_yuan.of(number).sum() for kind in world.payees))


def frozen(world: World, but: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The bytes of every column of every kind, without the named ones (kind.column)."""
    return {
        f"{kind}.{name}": np.asarray(columns[name]).tobytes()
        for kind, columns in world.kinds.items()
        for name in columns.declared
        if f"{kind}.{name}" not in but
    }


def by_uid(columns: Columns, name: str) -> np.ndarray[Any, Any]:
    """The values of a column for the living, in the order of their uids."""
    rows = columns.rows()
    return np.asarray(columns[name][rows[np.argsort(columns.uid[rows])]])
