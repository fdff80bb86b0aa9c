"""Forms alliances: the largest R&D performers of a field lead, and draw partners at a fitting cognitive distance.

Alliances start at a hazard a year for each firm that could lead; recognised places go to these first, then add more.
Leads: highest log R&D + noise - crowding x alliances of the field. Partners: drawn without replacement with weight
v(d) x field x common ties x (1 + ties)^a, v(d) = (d / d*) (2 - d / d*), an inverted U with its peak at d*.
An alliance that is paid for its signature may be paper: partners at random, no joint work, no benefit.
Value = mean v(d) of its partners x (1 - c (n / places)^x). Sources: E19, F06; pace derived from 11 alliances in 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.alliance import INDUSTRY, MEMBER_PLACES, STRATEGIC
from sim.agents.firm import CERTIFIED
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import log, log_of, normal_of, poisson_inverse, power
from sim.core.columns import Columns
from sim.core.kernels import inline, kernel
from sim.core.quotas import best_first, in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
GOLDEN = 0.6180339887498949  # turns one draw a firm into draws for several alliances, each uniform
PROVINCIAL = 2
PLACES = "alliance_places"  # note: places of the year so far, alliances formed, places taken
LEAST_RD = 0.1  # million yuan, keeps the logarithm of R&D finite


@dataclass(frozen=True)
class Params:
    """Pace, who leads, who joins, what it costs, and the share that is paper."""

    initiation_y: float
    industry_from_year: float
    lead_noise: float
    field_crowding: float
    most_ties: float
    partners_least: float
    partners_mean: float
    distance_peak: float
    other_field_weight: float
    common_tie_weight: float
    tie_attachment: float
    coordination_cost: float
    coordination_exponent: float
    paper_share: float


@step(writes=("alliance.*", "firm.n_alliances", "notes.alliance_places"))
def form_alliances(world: World, params: Params, draws: Draws) -> None:
    """Create the alliances of the quarter. Places go first to alliances that start anyway: support has deadweight."""
    firms, p, calendar = world.firms, params, world.calendar
    may_lead = (firms.alive != 0) & (firms.has_rd != 0) & (firms.is_above_scale != 0)
    may_lead &= firms.n_alliances < int(p.most_ties)
    candidates = np.flatnonzero(may_lead)
    mean = p.initiation_y / 4.0 * len(candidates)
    spontaneous = poisson_inverse(draws.province("alliance.spontaneous"), mean)
    rate = float(world.governments.alliance_places_y[PROVINCE]) / (4.0 * world.scale)
    places, missing = places_left(world, places_due(rate, calendar.first + calendar.quarter))
    leads = choose_leads(world, p, draws, candidates, max(spontaneous, missing))
    world.notes[PLACES] += [0, len(leads), min(places, len(leads))]
    others = may_join(world) if len(leads) else candidates
    firms.n_alliances[leads] += 1
    for slot, lead in enumerate(leads):
        found(world, p, draws, int(lead), others, slot, slot < places)


def places_left(world: World, due: int) -> tuple[int, int]:
    """Places of the year so far that nobody has yet, and what is missing of as many new alliances as places.

    Counted over the year: what starts in one quarter takes places of another, so that a run of a part of the province,
    with one place now and then, has the deadweight of the whole.
    """
    if world.calendar.is_first_of_year or PLACES not in world.notes:
        world.notes[PLACES] = np.zeros(3, np.int64)
    world.notes[PLACES][0] += due
    offered, formed, taken = (int(n) for n in world.notes[PLACES])
    return offered - taken, offered - formed


def choose_leads(world: World, p: Params, draws: Draws, candidates: Rows, number: int) -> Rows:
    """Rows of the lead firms, one after the other, each field less likely the more alliances it has."""
    firms, alliances = world.firms, world.alliances
    if number == 0 or not len(candidates):
        return np.zeros(0, np.int64)
    order = candidates[np.argsort(firms.uid[candidates], kind="stable")]  # so that argmax breaks ties by uid
    merit = log_of(firms.rd_reported_1y[order] + LEAST_RD)
    merit += p.lead_noise * normal_of(draws.uniform("alliance.lead", firms)[order])
    crowd = np.bincount(alliances.field[alliances.alive != 0], minlength=64).astype(np.float64)
    chosen = []
    for _ in range(min(number, len(order))):
        best = int(np.argmax(merit - p.field_crowding * crowd[firms.sector[order]]))
        chosen.append(int(order[best]))
        crowd[firms.sector[order[best]]] += 1.0
        merit[best] = -np.inf
    return np.array(chosen, np.int64)


def found(
    world: World, p: Params, draws: Draws, lead: int, others: Rows, slot: int, is_supported: bool
) -> None:  # fmt: skip
    """Add one alliance with its partners. Paper only where the signature is paid without a check."""
    firms, terms = world.firms, world.governments
    paid = is_supported and float(terms.alliance_amount_y[PROVINCE]) > 0.0
    paper_share = p.paper_share * (1.0 - float(terms.alliance_requires_work[PROVINCE])) if paid else 0.0
    is_paper = bool(draws.uniform("alliance.paper", firms)[lead] < paper_share)
    number = int(p.partners_least) + poisson_inverse(
        float(draws.uniform("alliance.size", firms)[lead]), p.partners_mean - p.partners_least
    )
    partners = choose_partners(world, p, draws, lead, others, slot, min(number, MEMBER_PLACES - 1), is_paper)
    university = choose_body(p, draws, world.universities, firms, lead, slot)
    institute = choose_body(p, draws, world.institutes, firms, lead, slot)
    members = np.full(MEMBER_PLACES, -1, np.int64)
    uids = np.full(MEMBER_PLACES, -1, np.int64)
    team = np.concatenate([[lead], partners]).astype(np.int64)
    members[: len(team)], uids[: len(team)] = team, firms.uid[team]
    positions = [float(firms.cognitive_position[j]) for j in partners]
    if university >= 0:
        positions.append(float(world.universities.cognitive_position[university]))
    if institute >= 0:
        positions.append(float(world.institutes.cognitive_position[institute]))
    distance, value = worth(p, float(firms.cognitive_position[lead]), positions, len(team))
    late = world.calendar.year >= int(p.industry_from_year)
    world.alliances.add(
        world.alliances.new_uids(1), form=INDUSTRY if late and is_supported else STRATEGIC, tier=PROVINCIAL,
        field=firms.sector[lead], city=firms.city[lead], lead=lead, university=university, institute=institute,
        members=members[None, :], member_uids=uids[None, :], n_members=len(team), is_supported=int(is_supported),
        is_paper=int(is_paper), distance=distance, value=0.0 if is_paper else value,
    )  # fmt: skip
    firms.n_alliances[partners] += 1  # so that the next alliance of the quarter knows of it


def worth(p: Params, lead: float, positions: list[float], n_firms: int) -> tuple[float, float]:
    """Mean distance of the partners from the lead and value of the alliance, both 0 to 1."""
    if not positions:
        return 0.0, 0.0
    distance = sum(abs(x - lead) for x in positions) / len(positions)
    fit = sum(fitness(abs(x - lead), p.distance_peak) for x in positions) / len(positions)
    cost = p.coordination_cost * power(n_firms / MEMBER_PLACES, p.coordination_exponent)
    return distance, fit * max(0.0, 1.0 - cost)


def may_join(world: World) -> Rows:
    """Rows of the firms that can be partners: with R&D, registered or certified."""
    firms = world.firms
    able = (firms.has_rd != 0) | (firms.is_tech_sme != 0) | (firms.hnte_stage == CERTIFIED)
    return np.flatnonzero((firms.alive != 0) & able)


def choose_partners(
    world: World, p: Params, draws: Draws, lead: int, others: Rows, slot: int, number: int, is_paper: bool
) -> Rows:  # fmt: skip
    """Rows of the partner firms: the first `number` in a race whose speed is the weight."""
    firms = world.firms
    rows = others[(others != lead) & (firms.n_alliances[others] < int(p.most_ties))]
    together = (world.alliances.alive != 0) & np.any(world.alliances.member_uids == firms.uid[lead], axis=1)
    members = world.alliances.members[together]
    here = (members >= 0) & (firms.uid[members] == world.alliances.member_uids[together])  # not closed since
    known = np.zeros(firms.capacity, np.uint8)
    known[members[here]] = 1
    time = np.zeros(len(rows))
    race(
        firms.n_alliances[rows], firms.sector[rows], firms.cognitive_position[rows], known[rows],
        draws.uniform("alliance.partner", firms)[rows], int(firms.sector[lead]),
        float(firms.cognitive_position[lead]), slot, is_paper, p.distance_peak, p.other_field_weight,
        p.common_tie_weight, p.tie_attachment, time,
    )  # fmt: skip
    first = in_order(time, firms.uid[rows], number)
    arrived: Rows = rows[first[time[first] < np.inf]]
    return arrived


def choose_body(p: Params, draws: Draws, bodies: Columns, firms: Columns, lead: int, slot: int) -> int:
    """Row of the university or institute that joins: weight quality x openness x v(d) x field; -1 without one."""
    time = np.zeros(bodies.capacity)
    race_of_bodies(
        bodies.alive, bodies.field, bodies.cognitive_position, bodies.quality, bodies.openness,
        draws.uniform("alliance.body", bodies), int(firms.sector[lead]), float(firms.cognitive_position[lead]), slot,
        p.distance_peak, p.other_field_weight, time,
    )  # fmt: skip
    runners = np.flatnonzero(time < np.inf)
    return int(best_first(runners, -time, bodies.uid)[0]) if len(runners) else -1


@inline
def fitness(distance: float, peak: float) -> float:
    """Worth of a partner at a cognitive distance: 0 at 0, 1 at the peak, 0 from twice the peak on."""
    x = distance / peak
    return max(0.0, x * (2.0 - x))


@inline
def turned(u: float, slot: int) -> float:
    """The draw for the alliance in place `slot` of the quarter, uniform in (0, 1)."""
    x = u + slot * GOLDEN
    x -= float(int(x))
    return x if x > 0.0 else 1e-12


@kernel
def race(
    ties: npt.NDArray[np.int8], sector: npt.NDArray[np.int8], position: Floats, known: Flags, u: Floats,
    lead_sector: int, lead: float, slot: int, is_paper: bool, peak: float, other_field: float, common_tie: float,
    attachment: float, time: Floats,
) -> None:  # fmt: skip
    """Time of arrival of each firm that may join (infinite without any worth), exponential with rate its weight."""
    for j in range(ties.size):
        weight = 1.0 if is_paper else fitness(abs(position[j] - lead), peak)
        if sector[j] != lead_sector:
            weight *= other_field
        if known[j] != 0:
            weight *= common_tie
        weight *= power(1.0 + ties[j], attachment)
        time[j] = -log(turned(u[j], slot)) / weight if weight > 0.0 else np.inf


@kernel
def race_of_bodies(
    alive: Flags, field: npt.NDArray[np.int8], position: Floats, quality: Floats, openness: Floats, u: Floats,
    sector: int, lead: float, slot: int, peak: float, other_field: float, time: Floats,
) -> None:  # fmt: skip
    """Time of arrival of universities or institutes (infinite for those of no worth), exponential as for firms."""
    for b in range(alive.size):
        weight = quality[b] * openness[b] * fitness(abs(position[b] - lead), peak)
        if field[b] != sector:
            weight *= other_field
        time[b] = -log(turned(u[b], slot)) / weight if alive[b] != 0 and weight > 0.0 else np.inf
