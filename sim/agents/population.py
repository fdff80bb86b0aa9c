"""The synthetic population at the end of 2010 and the table of known totals that it meets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.alliance import Alliance
from sim.agents.budget import BUDGET_LINES
from sim.agents.centre import TechCentre
from sim.agents.firm import CERTIFIED, PIPELINE_QUARTERS, Firm
from sim.agents.government import Government
from sim.agents.industry import LAST_HEAVY_SECTOR
from sim.agents.institute import ResearchInstitute
from sim.agents.intermediary import Intermediary
from sim.agents.population_firms import (
    FIRST_UID,
    above_scale_firms,
    finish_firms,
    marked,
    pipe_of_filings,
    shares_up_to,
    small_firms,
)
from sim.agents.population_platforms import add_platforms
from sim.agents.population_public import public_bodies
from sim.agents.traits import Number, Origin, Values
from sim.agents.university import University
from sim.agents.world import World
from sim.catalogue.loader import Catalogue
from sim.core.arithmetic import SMALLEST, exp_of, log_of
from sim.core.calendar import Calendar
from sim.core.columns import Columns
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.money import Ledger
from sim.core.streams import Draws

START_YEAR = 2010
START = -1  # the quarter of the draws of the start state
INDIVIDUALS = 2  # places in the arrays by owner: firms 0, public bodies 1, individuals 2


def build_world(
    cat: Catalogue,
    calendar: Calendar,
    draws: Draws,
    scale: int,
    number: Number,
    paths: Mapping[str, npt.NDArray[np.float64]],
    row_order: npt.NDArray[np.int64] | None = None,
) -> World:
    """World at the end of 2010.

    Parameters
    ----------
    scale : k; numbers of agents, money and flows are those of the province divided by k.
    number : address -> value of the parameter in this scenario.
    row_order : places of the firms in their columns (a permutation), to show that rows do not matter.
    """
    draws.open_quarter(START)
    origin = Origin(cat, number, draws, scale)
    upper = above_scale_firms(origin)
    lower = small_firms(origin, FIRST_UID + len(upper["uid"]))
    firms = [finish_firms(origin, upper), finish_firms(origin, lower)]
    publics = [public_bodies(origin, institutes=False), public_bodies(origin, institutes=True)]
    shares = _share_patents(origin, firms, publics)
    n = sum(len(values["uid"]) for values in firms)
    slots = n + origin.count("population.free_slots")
    world = _empty_world(calendar, draws, scale, slots, [len(values["uid"]) for values in publics])
    world.paths = dict(paths)
    _settle(world.firms, firms, row_order)
    for columns, values in zip((world.universities, world.institutes), publics, strict=True):
        columns.place(np.arange(len(values["uid"])), values.pop("uid"), values)
    world.indices |= shares | {"price": np.ones(1)}
    world.exogenous = {name: float(path[0]) for name, path in paths.items()}
    add_platforms(world, origin)
    world.notes["number"] = number
    _remember_start(world)
    world.notes["totals"] = known_totals(world, cat)
    return world


def _empty_world(calendar: Calendar, draws: Draws, scale: int, slots: int, publics: list[int]) -> World:
    """A world with empty columns: places for firms, and for the universities and institutes there will be."""
    return World(
        calendar=calendar, draws=draws, accounts=Ledger(BUDGET_LINES), scale=scale,
        firms=Columns("firm", Firm.declared(), slots),
        universities=Columns("university", University.declared(), publics[0]),
        institutes=Columns("institute", ResearchInstitute.declared(), publics[1]),
        centres=Columns("centre", TechCentre.declared(), max(64, 3200 // scale)),
        alliances=Columns("alliance", Alliance.declared(), 128),
        intermediaries=Columns("intermediary", Intermediary.declared(), 128),
        governments=Columns("government", Government.declared(), 12),
    )  # fmt: skip


def _remember_start(world: World) -> None:
    """Sums of the start state that later laws are relative to."""
    firms = world.firms
    above = firms.is_above_scale * firms.alive
    light = above * (firms.sector > LAST_HEAVY_SECTOR)
    rd = fixed_sum(firms.rd_actual_q, firms.alive)
    for columns in (world.universities, world.institutes):
        rd += fixed_sum(columns.rd_q, columns.alive)
    world.notes["rd_2010_q"] = unfixed(rd)
    world.notes["light_share_2010"] = fixed_sum(firms.sales_y, light) / fixed_sum(firms.sales_y, above)


def _settle(columns: Columns, firms: list[Values], row_order: npt.NDArray[np.int64] | None) -> None:
    """Put the firms on their rows, one column after the other: only one of them is in memory twice."""
    uids = np.concatenate([values.pop("uid") for values in firms])
    rows = np.arange(len(uids)) if row_order is None else np.asarray(row_order)[: len(uids)]
    columns.place(rows, uids, {})
    places = slice(0, len(uids)) if row_order is None else rows
    for name in list(firms[0]):
        columns[name][places] = np.concatenate([values.pop(name) for values in firms])


def _filing_weights(origin: Origin, values: Values) -> npt.NDArray[np.float64]:
    elasticity = origin.number("file_patents.elasticity")
    knowledge = np.asarray(values["knowledge"], np.float64)
    powers = np.where(knowledge > SMALLEST, exp_of(elasticity * log_of(knowledge)), 0.0)  # as arithmetic.power
    weights: npt.NDArray[np.float64] = powers * values["patent_propensity"]
    return weights


def _share_patents(origin: Origin, firms: list[Values], publics: list[Values]) -> dict[str, npt.NDArray[Any]]:
    """Spread patents in force and the pipe of filings over their owners; fix the level of the filing law."""
    cat, scale, number = origin.cat, origin.scale, origin.number
    in_force = cat.series("patents_valid_invention")[2010] / scale
    by_firms, by_public = number("population.patents_firms") / scale, number("population.patents_public") / scale
    pipe = pipe_of_filings(origin)
    u = origin.draws.province("traits.in_force")
    stocks = [int(round(by_firms)), int(round(by_public)), int(round(in_force - by_firms - by_public))]
    levels = np.zeros(3)
    for owner, bodies in enumerate((firms, publics)):
        weight = np.concatenate([_filing_weights(origin, values) for values in bodies])
        shares, part = shares_up_to(weight), stocks[owner] / in_force
        ring = np.zeros((len(weight), PIPELINE_QUARTERS), np.int32)
        for age, filed in enumerate(pipe):
            v = origin.draws.uniform_for("traits.pending", [10 * age + owner + 1])[0]
            # the quarter before the run is ring place 11 (quarter -1), the oldest is place 0 (quarter -12)
            ring[:, age] = marked(shares, int(round(filed * part)), float(v))
        total = math.fsum(weight.tolist())
        levels[owner] = cat.series("patent_applications_invention")[2010] / scale / 4.0 * part / total
        _give_patents(bodies, marked(shares, stocks[owner], u), ring)
    levels[INDIVIDUALS] = cat.series("patent_applications_invention")[2010] / scale / 4.0 * stocks[2] / in_force
    individuals = np.array([int(round(f * stocks[2] / in_force)) for f in pipe], np.int64)
    return {"filing_level": levels, "individuals_pending": individuals,
            "individuals_in_force": np.array([stocks[2]], np.int64)}  # fmt: skip


def _give_patents(bodies: list[Values], held: npt.NDArray[np.int64], ring: npt.NDArray[np.int32]) -> None:
    """Patents in force and filings under way to their owners, in order."""
    first = 0
    for values in bodies:
        here = slice(first, first + len(values["uid"]))
        values |= {"inventions_in_force": held[here], "inventions_pending": ring[here]}
        first = here.stop


def _total(columns: Columns, name: str, mask: npt.NDArray[Any] | None = None) -> float:
    alive = columns.alive.view(np.bool_)
    values = columns[name][alive if mask is None else alive & mask]
    return math.fsum(values[values != 0].tolist())


def known_totals(world: World, cat: Catalogue) -> list[dict[str, Any]]:
    """Each known total of the end of 2010 with what the synthetic population has: name, unit, known, simulated."""
    firms, k = world.firms, world.scale
    above = firms.is_above_scale == 1
    public_rd = 4.0 * (_total(world.universities, "rd_q") + _total(world.institutes, "rd_q"))
    firm_rd = _total(firms, "rd_reported_1y")
    large_rd = _total(firms, "rd_reported_1y", above & (firms.size_class >= 2))
    held = [_total(c, "inventions_in_force") for c in (firms, world.universities, world.institutes)]
    pending = [c.inventions_pending[c.alive == 1][:, -4:].sum() for c in (firms, world.universities, world.institutes)]
    held_alone, filed_alone = world.indices["individuals_in_force"][0], world.indices["individuals_pending"][-4:].sum()
    rows = [
        ("rd_expenditure", "R&D expenditure", "100m yuan", (firm_rd + public_rd) * k / 100,
         cat.series("rd_expenditure")[2010]),
        ("lm_ind_rd_expenditure", "R&D of large and medium industrial firms", "100m yuan", large_rd * k / 100,
         cat.series("lm_ind_rd_expenditure")[2010]),
        ("ind_revenue", "revenue of above-scale industry", "100m yuan",
         _total(firms, "sales_y", above) * k / 100,
         cat.series("ind_revenue")[2010]),
        ("hnte_stock", "certified high-tech firms", "firm",
         float((firms.hnte_stage[firms.alive == 1] == CERTIFIED).sum()) * k,
         cat.series("hnte_stock")[2010]),
        ("patents_valid_invention", "inventions in force", "item", (sum(held) + held_alone) * k,
         cat.series("patents_valid_invention")[2010]),
        ("patent_applications_invention", "invention filings of the year", "item",
         (float(sum(pending)) + filed_alone) * k, cat.series("patent_applications_invention")[2010]),
    ]  # fmt: skip
    rows += _staff_and_funds(world, cat, firm_rd, large_rd, public_rd)
    rows += world.notes.get("platform_totals", [])
    return [
        {"total": name, "title": title, "unit": unit, "known": float(known), "simulated": float(value),
         "deviation": float(value / known - 1.0), "source": _source(cat, name)}
        for name, title, unit, value, known in rows
    ]  # fmt: skip


def _source(cat: Catalogue, name: str) -> str:
    """Source of a known total: that of its series in 2010, else of the programme's start stock."""
    if name in cat.observed:
        return next((row.source for row in cat.series_rows(name) if row.year == START_YEAR), "")
    return next((row.start_source for row in cat.programmes if row.kind == name), "")


def _staff_and_funds(world: World, cat: Catalogue, firm_rd: float, large_rd: float, public_rd: float) -> list[Any]:
    """Rows of known totals on R&D staff and on who pays for R&D in 2010 (money in million yuan before scaling)."""
    number, k = world.notes["number"], world.scale
    large = large_rd / number("price_talent.cost_large_2010")
    other = (firm_rd + public_rd - large_rd) / number("price_talent.cost_other_2010")
    grants = number("budget_key.rd_grant") * cat.series("fiscal_st_expenditure")[2010] * 100.0 / k
    government = number("research_public.government_share") * public_rd + grants
    firms_own = number("research_public.firm_share") * public_rd + firm_rd - grants
    return [
        ("rd_personnel_fte", "R&D staff, full-time equivalent", "person-year", (large + other) * k,
         cat.series("rd_personnel_fte")[2010]),
        ("lm_ind_rd_fte", "of these in large and medium industry", "person-year", large * k,
         cat.series("lm_ind_rd_fte")[2010]),
        ("rd_exp_gov_funds", "R&D paid by government", "100m yuan", government * k / 100,
         cat.series("rd_exp_gov_funds")[2010]),
        ("rd_exp_firm_funds", "R&D paid by firms", "100m yuan", firms_own * k / 100,
         cat.series("rd_exp_firm_funds")[2010]),
    ]  # fmt: skip
