"""Runs the coverage campaign of Changzhi by month: survey, ledger, helpers, and firms written off the list.

Each month the counties survey above-scale firms that they do not know yet, class them by the kinds of activity shown,
and list those without any. Helpers go to the list of last month: officials of the county, expert teams of the city,
mentor firms of the sector, each with limited time, largest firms first. A listed firm shows the kind that is easiest
for it (task team or platform order, project filed, outside staff) with a hazard that rises with help and pressure, and
is written off; a part does so on paper only, more under pressure, less where experts or mentors came. What was shown
so lapses, on paper sooner, and the firm is on the list again. Advice on R&D itself works slowly, through the hazard of
starting, and fades. In December the leaders in new products are rewarded and their goods are promoted in the city.
Helpers are paid by the month while the line lasts. What a firm shows of its own is known as of the last quarter.
Guiding active firms to found R&D bodies (R42) and pressing them for more R&D (R51) are not modelled.
Sources: plan_e (R43-R50, R52, R53), Q02, Q05; capacities, hazards and costs are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from sim.agents.campaign import (
    CHANGZHI,
    HOST,
    PLATFORM,
    PROJECT,
    RESEARCH,
    STAFF,
    Effort,
    attention,
    book_month,
    effort_of,
    kinds_shown,
    open_book,
    roll,
)
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp, exp_of
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
LINE = "coverage_campaign"
MONTHS = ("campaign.first_month", "campaign.second_month", "campaign.third_month")  # streams
MONTHS_A_YEAR = 12
UNKNOWN, WITHOUT, WEAK, STRONG = 0, 1, 2, 3  # classes of the survey
CLASS_BY_NUMBER = np.array([WITHOUT, WEAK, WEAK, *[STRONG] * 6])  # by kinds of activity: three and more are strong
KINDS = np.array([PLATFORM, PROJECT, STAFF], np.uint8)


@dataclass(frozen=True)
class Params:
    """What helpers can do and cost, how fast firms show activity, and how it lapses and fades."""

    preparation_months: float
    even_share: float
    surveys_per_official: float  # firms a month
    firms_per_official: float
    firms_per_team: float
    firms_per_mentor: float
    official_cost: float  # million yuan a month
    team_cost: float
    mentor_cost: float
    platform_share: float
    project_share: float
    platform_rate: float  # per month
    project_rate: float
    staff_rate: float
    advice_gain: float
    pressure_gain: float
    year_end_pull: float
    paper_share: float
    paper_relief: float
    lapse: float  # per month
    paper_lapse: float
    advice_step: float
    start_lift: float  # per year
    fade_years: float
    leaders_y: float
    leader_reward: float  # million yuan
    leader_gain: float  # share of sales
    institution_lift: float  # per year
    filing_gain: float

    @cached_property
    def rates(self) -> Floats:
        """Hazard a month with full help by kind of activity, in the order of KINDS."""
        return np.array([self.platform_rate, self.project_rate, self.staff_rate])


@dataclass(frozen=True)
class Help:
    """Attention of a month by kind of helper, each shape (n,), 0 to 1."""

    officials: Floats
    advice: Floats  # of the better of expert team and mentor


@step(
    writes=("firm.campaign_bits", "firm.is_on_paper", "firm.ledger_class", "firm.has_helper", "firm.campaign_advice",
            "firm.leader_quarters", "firm.start_lift", "firm.institution_lift", "firm.filing_factor",
            "firm.product_gain", "firm.received_yuan",
            "government.received_yuan", "university.received_yuan", "institute.received_yuan", "notes.campaign",
            "line.coverage_campaign")
)  # fmt: skip
def run_campaign(world: World, params: Params, draws: Draws) -> None:
    """Work through the three months of the quarter, then let advice work and fade."""
    if world.governments.campaign_intensity[HOST] <= 0.0 and "campaign" not in world.notes:
        return
    effort, firms, rows = effort_of(world), world.firms, roll(world)
    book = open_book(world, tuple(row.county for row in catalogue().counties))
    for (year, month), stream in zip(world.calendar.months, MONTHS, strict=True):
        u = draws.uniform_for(stream, firms.uid[rows])
        works = effort.intensity > 0.0 and book["worked"] >= params.preparation_months
        book["worked"] += effort.intensity > 0.0
        waits = listed(world, rows)
        given = send_helpers(world, params, effort, rows, waits, month) if works else nobody(len(rows))
        pressure = effort.pressure * (1.0 - params.year_end_pull * (1.0 - month / MONTHS_A_YEAR))
        shows, lapses = show_activity(world, params, rows, waits, given, pressure, u)
        write_down(world, rows, year, month, shows, lapses)
    if effort.intensity <= 0.0:
        firms.has_helper[rows] = 0
    elif world.calendar.is_last_of_year:
        reward_leaders(world, params, rows)
    work_on(world, params, rows)
    if effort.intensity > 0.0:
        push_active(world, params, effort, rows)


@cache
def county_weights() -> Floats:
    """Weight of each county among the officials, shape (n_counties,)."""
    return catalogue().table("county_share_changzhi")


def nobody(n: int) -> Help:
    """No help for anyone."""
    return Help(np.zeros(n), np.zeros(n))


def listed(world: World, rows: Rows) -> Mask:
    """Who is on the list: without activity by last month's ledger, and nothing of its own since, shape (n,)."""
    firms = world.firms
    shown = firms.own_activity[rows] | firms.campaign_bits[rows]
    found: Mask = (firms.is_above_scale[rows] != 0) & (firms.ledger_class[rows] == WITHOUT) & (shown == 0)
    return found


def send_helpers(world: World, p: Params, effort: Effort, rows: Rows, waits: Mask, month: int) -> Help:
    """Survey what is unknown, help the list with the time that is left, and pay for the time that was used."""
    firms = world.firms
    county, sector = firms.county[rows], firms.sector[rows]
    paid = affordable(world, p, effort, month)
    weights = county_weights()
    even = p.even_share / len(weights)
    officials = paid * effort.officials * (even + (1.0 - p.even_share) * weights / weights.sum())
    spent = survey(world, p, rows, officials)
    by_officials = attention(county, waits, (officials - spent) * p.firms_per_official)
    by_teams = attention(np.zeros(len(rows), np.int8), waits, np.array([paid * effort.teams * p.firms_per_team]))
    mentors, taught = mentors_of(world, rows, paid * effort.mentors)
    by_mentors = attention(sector, waits, taught * p.firms_per_mentor)
    at_work = float(spent.sum() + by_officials.sum() / p.firms_per_official)
    pay_officials_and_teams(world, p, at_work, float(by_teams.sum()) / p.firms_per_team)
    pay_mentors(world, p, mentors, taught, np.bincount(sector, by_mentors, len(taught)) / p.firms_per_mentor)
    firms.has_helper[rows[(by_officials + by_teams + by_mentors) > 0.0]] = 1
    return Help(by_officials, np.maximum(by_teams, by_mentors))


def survey(world: World, p: Params, rows: Rows, officials: Floats) -> Floats:
    """Survey firms that are not known yet, as far as the officials of each county get; official-months spent."""
    firms, county = world.firms, world.firms.county[rows]
    unknown = (firms.is_above_scale[rows] != 0) & (firms.ledger_class[rows] == UNKNOWN)
    reach = np.ceil(officials * p.surveys_per_official - 1e-9)  # the last visit of a month is finished
    seen = attention(county, unknown, reach) > 0.0
    firms.ledger_class[rows[seen]] = WITHOUT  # its class follows at the month's end
    spent: Floats = np.minimum(np.bincount(county[seen], minlength=len(officials)) / p.surveys_per_official, officials)
    return spent


def affordable(world: World, p: Params, effort: Effort, month: int) -> float:
    """Part of the helpers that this month's even share of the money left in the year pays, 0 to 1."""
    cost = effort.officials * p.official_cost + effort.teams * p.team_cost + effort.mentors * p.mentor_cost
    share = world.accounts.left(LINE) // (MONTHS_A_YEAR + 1 - month)
    return min(1.0, share / YUAN_PER_MILLION / cost) if cost > 0.0 else 0.0


def mentors_of(world: World, rows: Rows, places: float) -> tuple[tuple[Rows, Floats], Floats]:
    """Mentor firms (rows, and the part of each that is at hand) and their number by sector, best first."""
    firms = world.firms
    active = rows[(firms.is_above_scale[rows] != 0) & (firms.own_activity[rows] & RESEARCH != 0)]
    active = best_first(active, firms.knowledge, firms.uid)
    part: Floats = np.minimum(np.maximum(places - np.arange(len(active)), 0.0), 1.0)
    active, part = active[part > 0.0], part[part > 0.0]
    taught: Floats = np.bincount(firms.sector[active], part, len(catalogue().sectors)).astype(np.float64)
    return (active, part), taught


def pay_officials_and_teams(world: World, p: Params, officials: float, teams: float) -> None:
    """Pay official-months to the city and team-months to its universities and institutes (to all, if it has none)."""
    world.pay(LINE, world.governments, np.array([HOST]), int(officials * p.official_cost * YUAN_PER_MILLION))
    kinds = (world.universities, world.institutes)
    here = [((kind.alive != 0) & (kind.city == CHANGZHI)).nonzero()[0] for kind in kinds]
    if not any(len(found) for found in here):
        here = [(kind.alive != 0).nonzero()[0] for kind in kinds]
    bodies = sum(len(found) for found in here)
    each = int(teams * p.team_cost * YUAN_PER_MILLION) // bodies if bodies else 0
    for kind, found in zip(kinds, here, strict=True):
        world.pay(LINE, kind, found, each)


def pay_mentors(world: World, p: Params, mentors: tuple[Rows, Floats], taught: Floats, load: Floats) -> None:
    """Pay mentors for the part of their time that firms of their sector took up; load in mentor-months by sector."""
    rows, part = mentors
    sector = world.firms.sector[rows]
    used = part * load[sector] / np.maximum(taught[sector], 1e-12)
    world.pay(LINE, world.firms, rows, (used * p.mentor_cost * YUAN_PER_MILLION).astype(np.int64))


def show_activity(
    world: World, p: Params, rows: Rows, waits: Mask, given: Help, pressure: float, u: Floats
) -> tuple[Mask, Mask]:  # fmt: skip
    """Let listed firms show activity and shown activity lapse; who did, each shape (n,).

    One uniform decides both ways, so help that comes sooner never leaves a firm uncovered that would else be covered.
    """
    firms = world.firms
    had, paper = firms.campaign_bits[rows] != 0, firms.is_on_paper[rows] != 0
    lapses = had & (u > 1.0 - np.where(paper, p.paper_lapse, p.lapse))
    kind, rate = kind_of(p, firms.nearest_kind[rows])
    rate = rate * (given.officials + p.advice_gain * given.advice) * (1.0 + p.pressure_gain * pressure)
    shows = waits & (u < np.minimum(1.0 - exp_of(-rate), 1.0 - max(p.lapse, p.paper_lapse)))
    on_paper = firms.formality[rows] < p.paper_share * pressure * (1.0 - p.paper_relief * given.advice)
    firms.campaign_bits[rows[shows]] = kind[shows]
    firms.is_on_paper[rows[shows]] = on_paper[shows]
    firms.campaign_bits[rows[lapses]] = 0
    firms.is_on_paper[rows[lapses]] = 0
    advice = firms.campaign_advice[rows]
    firms.campaign_advice[rows] = advice + (1.0 - advice) * p.advice_step * given.advice
    return shows, lapses


def kind_of(p: Params, rank: Floats) -> tuple[npt.NDArray[np.uint8], Floats]:
    """The kind of activity (bit) that is easiest for firms of a rank, and its hazard a month with full help."""
    easiest = (rank >= p.platform_share) + (rank >= p.platform_share + p.project_share).astype(np.int8)
    return KINDS[easiest], p.rates[easiest]


def write_down(world: World, rows: Rows, year: int, month: int, shows: Mask, lapses: Mask) -> None:
    """Class the surveyed firms by what they show at the month's end, and add the month to the ledger."""
    firms = world.firms
    bits = np.asarray(firms.own_activity[rows] | firms.campaign_bits[rows], np.uint8)
    number, known = kinds_shown(bits), firms.ledger_class[rows] != UNKNOWN
    firms.ledger_class[rows] = np.where(known, CLASS_BY_NUMBER[number], UNKNOWN)
    above, covered = firms.is_above_scale[rows] != 0, bits != 0
    waits = above & known & ~covered
    counted = {
        "firms": above, "surveyed": above & known, "listed": waits,
        "with_helper": waits & (firms.has_helper[rows] != 0), "covered": above & covered,
        "on_paper": above & (firms.is_on_paper[rows] != 0) & (firms.own_activity[rows] == 0),
        "written_off": above & shows, "lapsed": above & lapses,
    }  # fmt: skip
    book_month(world, year, month, counted, firms.county[rows])


def reward_leaders(world: World, p: Params, rows: Rows) -> None:
    """Reward the firms of the city that sell most new products out of what is left, and promote their goods a year."""
    firms, price = world.firms, to_yuan(p.leader_reward)
    sold = firms.new_product_share * firms.sales_y
    places = places_due(p.leaders_y / world.scale, world.calendar.year)
    if price > 0:
        places = min(places, world.accounts.left(LINE) // price)
    active = rows[(firms.is_above_scale[rows] != 0) & (sold[rows] > 0.0)]
    leaders = best_first(active, sold, firms.uid, places)
    world.pay(LINE, firms, leaders, price)
    firms.leader_quarters[leaders] = 4


def work_on(world: World, p: Params, rows: Rows) -> None:
    """Write the effects of advice and of promotion for the quarter, and let both run out."""
    firms = world.firms
    advised = rows[(firms.campaign_advice[rows] > 0.0) & (firms.has_rd[rows] == 0)]
    firms.start_lift[advised] += p.start_lift * firms.campaign_advice[advised]
    firms.campaign_advice[rows] *= exp(-0.25 / p.fade_years)
    leaders = ((firms.alive != 0) & (firms.leader_quarters > 0)).nonzero()[0]
    firms.product_gain[leaders] += p.leader_gain
    firms.leader_quarters[leaders] -= 1


def push_active(world: World, p: Params, effort: Effort, rows: Rows) -> None:
    """Firms with R&D are led to an institution of their own (R42) and pressed to file patents (R51)."""
    firms = world.firms
    active = rows[firms.has_rd[rows] != 0]
    firms.institution_lift[active] += p.institution_lift * effort.intensity
    firms.filing_factor[active] *= 1.0 + p.filing_gain * effort.pressure
