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
from sim.agents.partner_race import fastest, race, race_of_bodies, worth
from sim.agents.world import World
from sim.core.arithmetic import log_of, normal_of, poisson_inverse, power_of
from sim.core.kernels import kernel
from sim.core.quotas import places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
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
    knowledge_weight: float
    coordination_cost: float
    coordination_exponent: float
    paper_share: float


@step(writes=("alliance.*", "firm.n_alliances", "notes.alliance_places"))
def form_alliances(world: World, params: Params, draws: Draws) -> None:
    """Create the alliances of the quarter. Places go first to alliances that start anyway: support has deadweight."""
    firms, p, calendar = world.firms, params, world.calendar
    candidates = np.flatnonzero(may_lead(firms.alive, firms.has_rd, firms.is_above_scale))
    most = p.most_ties * brought(firms.knowledge[candidates], p.knowledge_weight)
    candidates = candidates[firms.n_alliances[candidates] < most]
    mean = p.initiation_y / 4.0 * len(candidates)
    spontaneous = poisson_inverse(draws.province("alliance.spontaneous"), mean)
    rate = float(world.governments.alliance_places_y[PROVINCE]) / (4.0 * world.scale)
    places, missing = places_left(world, places_due(rate, calendar.first + calendar.quarter))
    leads = choose_leads(world, p, draws, candidates, max(spontaneous, missing))
    if len(leads):
        n_supported = min(places, len(leads))
        world.notes[PLACES] += [0, len(leads), n_supported]
        firms.n_alliances[leads] += 1
        found(world, p, draws, leads, n_supported)


def brought(knowledge: Floats, weight: float) -> Floats:
    """What each firm has to bring, from 1 for one that knows nothing, shape (n,)."""
    return power_of(1.0 + knowledge, weight)


def places_left(world: World, due: int) -> tuple[int, int]:
    """Places of the year so far that nobody has yet, and what is missing of as many new alliances as places.

    Counted over the year: what starts in one quarter takes places of another, so that a run of a part of the province,
    with one place now and then, has the deadweight of the whole.
    """
    if world.calendar.is_first_of_year or PLACES not in world.notes:
        world.notes[PLACES] = np.zeros(3, np.int64)
    world.notes[PLACES][0] += due
    offered, formed, taken = world.notes[PLACES].tolist()
    return offered - taken, offered - formed


def choose_leads(world: World, p: Params, draws: Draws, candidates: Rows, number: int) -> Rows:
    """Rows of the lead firms, one after the other, each field less likely the more alliances it has."""
    firms, alliances = world.firms, world.alliances
    if number == 0 or not len(candidates):
        return np.zeros(0, np.int64)
    uids = firms.uid[candidates]
    merit = log_of(firms.rd_reported_1y[candidates] + LEAST_RD)
    merit += p.lead_noise * normal_of(draws.uniform_for("alliance.lead", uids))
    crowd = np.bincount(alliances.field[alliances.rows()], minlength=64).astype(np.float64)
    return candidates[
        pick_leads(merit, uids, firms.sector[candidates], crowd, p.field_crowding, min(number, len(candidates)))
    ]


def found(world: World, p: Params, draws: Draws, leads: Rows, n_supported: int) -> None:
    """Add an alliance for each lead, the first so many supported; each knows of the partners of those before it."""
    firms, alliances, number = world.firms, world.alliances, len(leads)
    is_supported = np.arange(number) < n_supported
    is_paper = draws.uniform_for("alliance.paper", firms.uid[leads]) < is_supported * paper_share(world, p)
    size = draws.uniform_for("alliance.size", firms.uid[leads])
    rows = np.flatnonzero(may_join(firms.alive, firms.has_rd, firms.is_tech_sme, firms.hnte_stage))
    members, uids = np.full((number, MEMBER_PLACES), -1, np.int32), np.full((number, MEMBER_PLACES), -1, np.int64)
    n_members = draw_teams(
        leads, is_paper, size, rows, draws.uniform_for("alliance.partner", firms.uid[rows]), firms.uid, firms.sector,
        firms.cognitive_position, brought(firms.knowledge[rows], p.knowledge_weight), firms.n_alliances,
        alliances.alive, alliances.members, alliances.member_uids,
        int(p.most_ties), int(p.partners_least), p.partners_mean, p.distance_peak, p.other_field_weight,
        p.common_tie_weight, p.tie_attachment, members, uids,
    )  # fmt: skip
    university, institute = (
        join_bodies(
            leads, firms.sector, firms.cognitive_position, kind.alive, kind.uid, kind.field, kind.cognitive_position,
            kind.quality, kind.openness, draws.uniform("alliance.body", kind), p.distance_peak, p.other_field_weight,
        )
        for kind in (world.universities, world.institutes)
    )  # fmt: skip
    distance, value = worth_of_teams(
        members, n_members, firms.cognitive_position, university, world.universities.cognitive_position, institute,
        world.institutes.cognitive_position, p.distance_peak, p.coordination_cost, p.coordination_exponent,
    )  # fmt: skip
    late = world.calendar.year >= int(p.industry_from_year)
    alliances.add(
        alliances.new_uids(number), form=np.where(is_supported & late, INDUSTRY, STRATEGIC), tier=PROVINCIAL,
        field=firms.sector[leads], city=firms.city[leads], lead=leads, university=university, institute=institute,
        members=members, member_uids=uids, n_members=n_members, is_supported=is_supported, is_paper=is_paper,
        distance=distance, value=np.where(is_paper, 0.0, value),
    )  # fmt: skip


def paper_share(world: World, p: Params) -> float:
    """Part of the supported alliances that is paper only: where the signature is paid without a check."""
    terms = world.governments
    paid = float(terms.alliance_amount_y[PROVINCE]) > 0.0
    return p.paper_share * (1.0 - float(terms.alliance_requires_work[PROVINCE])) if paid else 0.0


@kernel
def may_lead(alive: Flags, has_rd: Flags, above_scale: Flags) -> npt.NDArray[np.bool_]:
    """Above-scale firms with R&D, shape (n,)."""
    able = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        able[j] = (alive[j] != 0) & (has_rd[j] != 0) & (above_scale[j] != 0)
    return able


@kernel
def pick_leads(merit: Floats, uids: Rows, sector: Codes, crowd: Floats, crowding: float, number: int) -> Rows:
    """Positions of the leads in their order, ties by uid; `merit` and `crowd` (by field) change in place."""
    chosen = np.empty(number, np.int64)
    for slot in range(number):
        best, most = -1, -np.inf
        for i in range(merit.size):
            seen = merit[i] - crowding * crowd[sector[i]]
            if seen > most or (seen == most and best >= 0 and uids[i] < uids[best]):
                best, most = i, seen
        chosen[slot] = best
        crowd[sector[best]] += 1.0
        merit[best] = -np.inf
    return chosen


@kernel
def may_join(alive: Flags, has_rd: Flags, registered: Flags, hnte_stage: Codes) -> npt.NDArray[np.bool_]:
    """Firms with R&D, registered or certified, shape (n,)."""
    able = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        able[j] = (alive[j] != 0) & ((has_rd[j] != 0) | (registered[j] != 0) | (hnte_stage[j] == CERTIFIED))
    return able


@kernel
def mark_known(
    lead_uid: int, alive: Flags, members: npt.NDArray[np.int32], member_uids: Rows, firm_uid: Rows, rows: Rows,
    known: Flags,
) -> None:  # fmt: skip
    """Mark those of the rows (ascending) that are in an alliance with the lead; a firm that closed is no member."""
    for a in range(alive.size):
        with_lead = False
        for k in range(members.shape[1]):
            with_lead |= member_uids[a, k] == lead_uid
        if alive[a] == 0 or not with_lead:
            continue
        for k in range(members.shape[1]):
            j = members[a, k]
            if j >= 0 and firm_uid[j] == member_uids[a, k]:
                place = np.searchsorted(rows, j)
                if place < rows.size and rows[place] == j:
                    known[place] = 1


@kernel
def draw_teams(
    leads: Rows, is_paper: npt.NDArray[np.bool_], u_size: Floats, rows: Rows, u: Floats, uid: Rows, sector: Codes,
    position: Floats, brings: Floats, ties: Codes, alive: Flags, old_members: npt.NDArray[np.int32], old_uids: Rows,
    most_ties: int, least: int, mean: float, peak: float, other_field: float, common_tie: float, attachment: float,
    members: npt.NDArray[np.int32], member_uids: Rows,
) -> Rows:  # fmt: skip
    """Write the members of each new alliance, lead first, and count their ties; returns the number of members.

    rows : firms that may join, ascending, with their draws `u` and the weight of what each `brings`;
    old_members, old_uids : alliances that exist already.
    """
    n_members, formed = np.zeros(leads.size, np.int64), np.zeros(leads.size, np.uint8)
    uids, sectors, positions, time = uid[rows], sector[rows], position[rows], np.empty(rows.size)
    for slot in range(leads.size):
        lead = leads[slot]
        known = np.zeros(rows.size, np.uint8)
        mark_known(uid[lead], alive, old_members, old_uids, uid, rows, known)
        mark_known(uid[lead], formed, members, member_uids, uid, rows, known)
        race(ties[rows], sectors, positions, known, u, sector[lead], position[lead], slot, is_paper[slot], peak,
             other_field, common_tie, attachment, brings, time)  # fmt: skip
        for i in range(rows.size):
            busy = ties[rows[i]] >= most_ties * brings[i]
            time[i] = np.inf if busy | (rows[i] == lead) else time[i]
        wanted = min(least + poisson_inverse(u_size[slot], mean - least), MEMBER_PLACES - 1)
        members[slot, 0], member_uids[slot, 0], n = lead, uid[lead], 1
        for i in fastest(time, uids, wanted):
            members[slot, n], member_uids[slot, n] = rows[i], uids[i]
            ties[rows[i]] += 1  # so that the next alliance of the quarter knows of it
            n += 1
        n_members[slot], formed[slot] = n, 1
    return n_members


@kernel
def join_bodies(
    leads: Rows, sector: Codes, position: Floats, alive: Flags, uid: Rows, field: Codes, body_position: Floats,
    quality: Floats, openness: Floats, u: Floats, peak: float, other_field: float,
) -> Rows:  # fmt: skip
    """Row of the university or institute that joins each lead, -1 for none."""
    joins = np.empty(leads.size, np.int64)
    for slot in range(leads.size):
        joins[slot] = race_of_bodies(
            alive, uid, field, body_position, quality, openness, u, sector[leads[slot]], position[leads[slot]], slot,
            peak, other_field,
        )  # fmt: skip
    return joins


@kernel
def worth_of_teams(
    members: npt.NDArray[np.int32], n_members: Rows, position: Floats, university: Rows, university_position: Floats,
    institute: Rows, institute_position: Floats, peak: float, cost: float, exponent: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Mean distance from the lead and value of each alliance, with its university and institute."""
    distance, value = np.zeros(n_members.size), np.zeros(n_members.size)
    for slot in range(n_members.size):
        partners = np.empty(MEMBER_PLACES + 1)
        n = 0
        for k in range(1, n_members[slot]):
            partners[n] = position[members[slot, k]]
            n += 1
        if university[slot] >= 0:
            partners[n] = university_position[university[slot]]
            n += 1
        if institute[slot] >= 0:
            partners[n] = institute_position[institute[slot]]
            n += 1
        lead = position[members[slot, 0]]
        distance[slot], value[slot] = worth(lead, partners[:n], n_members[slot], peak, cost, exponent)
    return distance, value
