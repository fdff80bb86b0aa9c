"""Issues innovation vouchers by lottery and redeems them for projects of small firms with universities and institutes.

Eligible: living private small and medium firms below a line of sales, in a high-tech field or registered. They apply
with a hazard; a lottery fills the places that the budget pays. A voucher is redeemed within its validity at a provider
in reach (same city or field) with free staff, and paid only then: face x (1 - own share). Training on policy raises
the hazard of applying, instruments in the provincial network what providers can take on. A redeemed voucher is
additional with probability A (1 - cover)^sat, where cover is the share of eligible firms served within a year, else
deadweight. An additional project sets voucher_effect to 1 (fading with tau) and a tie to the university; a tie brings
an unpaid second contract with a small hazard. Sources: D01, D02, D04, D05, D08, D10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.providers import Providers, choose_providers, providers
from sim.agents.world import World
from sim.core.arithmetic import exp, power, quarterly_hazard
from sim.core.fixed_point import ONE, fixed
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
LINE = "innovation_voucher"


@dataclass(frozen=True)
class Params:
    """Who applies, what a voucher leaves behind, and what providers can take on."""

    SHARED = ("register_tech_smes.sales_limit",)
    sales_limit: float  # million yuan a year
    apply_y: float
    redeem_y: float
    validity: float  # quarters
    additional_share: float
    saturation: float
    fade_years: float
    tie_step: float
    tie_fade_y: float
    repeat_y: float
    repeat_value: float  # million yuan
    projects_per_staff: float
    city_reach: float
    field_reach: float
    partner_pull: float
    trained_apply: float
    instrument_room: float


@step(writes=("firm.voucher_quarters", "firm.voucher_effect", "firm.vouchers_used", "firm.partner_university",
              "firm.tie_strength", "firm.received_yuan", "university.n_projects", "university.contract_income_q",
              "institute.n_projects", "institute.contract_income_q", "flow.voucher_contracts", "flow.vouchers_issued",
              "flow.vouchers_redeemed", "flow.vouchers_additional", "flow.vouchers_expired",
              "line.innovation_voucher"))  # fmt: skip
def redeem_vouchers(world: World, params: Params, draws: Draws) -> None:
    """Age vouchers and ties, issue new ones, redeem those in hand, and add contracts that ties bring."""
    firms, p = world.firms, params
    face = float(world.governments.voucher_face_value[PROVINCE])
    price = to_yuan(face * (1.0 - float(world.governments.voucher_own_share[PROVINCE])))
    can_pay = 0 < price <= world.accounts.left(LINE)
    bodies = reachable(world, p) if can_pay else None  # before the projects of the last quarter are forgotten
    for kind in (world.universities, world.institutes):
        kind.n_projects.fill(0)
        kind.contract_income_q.fill(0.0)
    expired = age(
        firms.alive, firms.voucher_quarters, firms.voucher_effect, firms.tie_strength, exp(-0.25 / p.fade_years),
        1.0 - quarterly_hazard(p.tie_fade_y),
    )  # fmt: skip
    names = ("voucher_contracts", "vouchers_issued", "vouchers_redeemed", "vouchers_additional")
    world.flows.update(dict.fromkeys(names, 0))
    world.flows["vouchers_expired"] = int(expired) * ONE
    if bodies:
        eligible = np.empty(firms.capacity, np.bool_)
        target, served, in_hand = find_eligible(
            firms.alive, firms.ownership, firms.size_class, firms.sales_y, firms.is_high_tech_field, firms.is_tech_sme,
            firms.voucher_quarters, firms.voucher_effect, p.sales_limit, eligible,
        )  # fmt: skip
        issue(world, p, draws, eligible, max(0, world.accounts.left(LINE) // price - in_hand))
        cover = min(1.0, served / max(1, target))
        redeem(world, p, draws, bodies, price, face, p.additional_share * power(1.0 - cover, p.saturation))
    repeat_ties(world, p, draws)


def reachable(world: World, p: Params) -> Providers:
    """The bodies that take on projects; instruments in the provincial network let them take on more."""
    coverage = float(world.governments.instrument_coverage[PROVINCE])
    return providers(world, p.projects_per_staff, 1.0 + p.instrument_room * coverage)


def issue(world: World, p: Params, draws: Draws, eligible: Mask, places: int) -> None:
    """Give vouchers to applicants in the order of the lottery, as many as the line pays beyond those in hand."""
    if not places:
        return
    firms, rows = world.firms, eligible.nonzero()[0]
    u = draws.uniform_for("voucher.apply", firms.uid[rows])
    applied = who_applies(u, firms.trained, rows, quarterly_hazard(p.apply_y), p.trained_apply)
    # a lottery only where there are too few, as the order of the winners says nothing
    winners = applied if len(applied) <= places else applied[in_lottery_order(draws, firms.uid[applied], places)]
    firms.voucher_quarters[winners] = int(p.validity)
    world.flows["vouchers_issued"] = len(winners) * ONE


def in_lottery_order(draws: Draws, uids: Rows, most: int) -> Rows:
    """Positions of the first `most` firms by their lottery number of the quarter, ties by uid."""
    return in_order(draws.uniform_for("voucher.lottery", uids), uids, most)


def redeem(
    world: World, p: Params, draws: Draws, bodies: Providers, price: int, face: float, additional_share: float
) -> None:
    """Let holders redeem at a provider in reach, while providers have staff and the line has money."""
    firms, most = world.firms, world.accounts.left(LINE) // price
    if not most:
        return
    holders = (firms.alive.view(np.bool_) & (firms.voucher_quarters > 0)).nonzero()[0]
    uids = firms.uid[holders]
    redeems, at = draws.uniform_for("voucher.redeem", uids), draws.uniform_for("voucher.provider", uids)
    additional = draws.uniform_for("voucher.additional", uids)
    now = (redeems < quarterly_hazard(p.redeem_y)).nonzero()[0]
    now = now[in_lottery_order(draws, uids[now], most)]
    order = holders[now]
    if not len(order):
        return
    chosen = np.full(len(order), -1, np.int64)
    choose_providers(
        firms.city[order], firms.sector[order], firms.partner_university[order], at[now], bodies.row,
        bodies.is_university, bodies.city, bodies.field, bodies.pull, bodies.free, p.city_reach, p.field_reach,
        p.partner_pull, chosen,
    )  # fmt: skip
    is_served = chosen >= 0
    is_additional = additional[now[is_served]] < additional_share
    settle(world, p, bodies, order[is_served], chosen[is_served], is_additional, price, face)


def settle(
    world: World, p: Params, bodies: Providers, served: Rows, provider: Rows, is_additional: Mask, price: int,
    face: float,
) -> None:  # fmt: skip
    """Pay, book the project at the provider, and leave effect and tie with firms whose project is additional."""
    firms = world.firms
    world.pay(LINE, firms, served, price)
    row, is_university = bodies.row[provider], bodies.is_university[provider]
    for kind, mine in ((world.universities, is_university), (world.institutes, ~is_university)):
        book_projects(row, mine, is_additional, face, kind.n_projects, kind.contract_income_q)
    leave_effects(
        served, row, is_university, is_additional, p.tie_step, firms.voucher_quarters, firms.vouchers_used,
        firms.voucher_effect, firms.partner_university, firms.tie_strength,
    )  # fmt: skip
    n_additional = int(np.count_nonzero(is_additional))
    world.flows["voucher_contracts"] += fixed(face) * n_additional
    world.flows["vouchers_redeemed"] = len(served) * ONE
    world.flows["vouchers_additional"] = n_additional * ONE


def repeat_ties(world: World, p: Params, draws: Draws) -> None:
    """Former users without a voucher in hand whose tie lives sign a second contract now and then."""
    firms = world.firms
    if not firms.vouchers_used.any():
        return
    rows = may_repeat(firms.alive, firms.vouchers_used, firms.voucher_quarters, firms.partner_university).nonzero()[0]
    if not len(rows):
        return
    rows = rows[repeat(firms.tie_strength, rows, draws.uniform_for("voucher.repeat", firms.uid[rows]), p.repeat_y)]
    if len(rows):
        per_body = np.bincount(firms.partner_university[rows], minlength=world.universities.capacity)
        world.universities.n_projects[:] += per_body.astype(np.int32)
        world.universities.contract_income_q[:] += per_body * p.repeat_value
        world.flows["voucher_contracts"] += fixed(p.repeat_value) * len(rows)


@kernel
def age(
    alive: Flags, quarters: Codes, effect: Floats, tie: Floats, effect_kept: float, tie_kept: float
) -> int:  # fmt: skip
    """One quarter passes for vouchers in hand, effects and ties, in place; returns the vouchers that expire."""
    expired = 0
    for j in range(alive.size):  # one array a loop and no branches, so that the compiler takes many rows at once
        expired += (alive[j] != 0) & (quarters[j] == 1)
    for j in range(alive.size):
        quarters[j] -= (alive[j] != 0) & (quarters[j] > 0)
    for j in range(alive.size):
        effect[j] = effect[j] * effect_kept if alive[j] != 0 else effect[j]
    for j in range(alive.size):
        tie[j] = tie[j] * tie_kept if alive[j] != 0 else tie[j]
    return expired


@kernel
def find_eligible(
    alive: Flags, ownership: Codes, size: Codes, sales: Floats, tech: Flags, sme: Flags, quarters: Codes,
    effect: Floats, sales_limit: float, eligible: Mask,
) -> tuple[int, int, int]:  # fmt: skip
    """Mark who may apply; returns the firms in the target group, those of them served already, and all who hold one."""
    target, served, in_hand = 0, 0, 0
    busy = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # bytes apart from numbers: each loop takes as many rows at once as it can
        small = (ownership[j] == PRIVATE) & (size[j] <= MEDIUM)
        eligible[j] = (alive[j] != 0) & small & ((tech[j] | sme[j]) != 0)
    for j in range(alive.size):
        eligible[j] &= sales[j] < sales_limit
    for j in range(alive.size):
        busy[j] = effect[j] > 0.5  # a project less than about a year old
    for j in range(alive.size):
        target += eligible[j]
        served += eligible[j] & ((quarters[j] > 0) | busy[j])
        in_hand += (alive[j] != 0) & (quarters[j] > 0)
    for j in range(alive.size):
        eligible[j] &= quarters[j] == 0
    return target, served, in_hand


@kernel
def who_applies(u: Floats, trained: Floats, rows: Rows, hazard: float, more: float) -> Rows:
    """Those of the rows that apply: training on policy (0 to 1) raises the hazard, shape (n_applying,)."""
    places, applied = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
    most = hazard * (1.0 + max(more, 0.0))  # of the fully trained: who draws above need not be looked at
    low, n = 0, 0
    for i in range(rows.size):
        places[low] = i  # written over by the next unless it counts: no branch
        low += u[i] < most
    for i in places[:low]:
        applied[n] = rows[i]
        n += u[i] < hazard * (1.0 + more * trained[rows[i]])
    return applied[:n]


@kernel
def book_projects(
    row: Rows, mine: Mask, is_additional: Mask, face: float, n_projects: npt.NDArray[np.int32], income: Floats
) -> None:  # fmt: skip
    """Count the projects of each body of a kind, and what additional ones pay (face value each), in place."""
    additional = np.zeros(income.size, np.int64)
    for i in range(row.size):
        if mine[i]:
            n_projects[row[i]] += 1
            additional[row[i]] += is_additional[i]
    for j in range(income.size):
        income[j] += additional[j] * face


@kernel
def leave_effects(
    served: Rows, provider: Rows, is_university: Mask, is_additional: Mask, tie_step: float, quarters: Codes,
    used: npt.NDArray[np.int16], effect: Floats, partner: npt.NDArray[np.int32], tie: Floats,
) -> None:  # fmt: skip
    """Take the vouchers of the firms served; an additional project leaves an effect, and a tie to a university.

    A tie to the same university grows; another one replaces it if it is no stronger than a new one.
    """
    for i in range(served.size):
        j = served[i]
        quarters[j] = 0
        used[j] += 1
        if is_additional[i]:
            effect[j] = 1.0
        if is_additional[i] and is_university[i]:
            if partner[j] == provider[i]:
                tie[j] = min(tie[j] + tie_step, 1.0)
            elif tie[j] <= tie_step:
                partner[j], tie[j] = provider[i], tie_step


@kernel
def may_repeat(
    alive: Flags, used: npt.NDArray[np.int16], quarters: Codes, partner: npt.NDArray[np.int32]
) -> Mask:  # fmt: skip
    """Former users of vouchers with a tie and none in hand, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        may[j] = (alive[j] != 0) & (quarters[j] == 0)
    for j in range(alive.size):
        may[j] &= used[j] > 0
    for j in range(alive.size):
        may[j] &= partner[j] >= 0
    return may


@kernel
def repeat(tie: Floats, rows: Rows, u: Floats, repeat_y: float) -> Mask:
    """Which of the rows sign again, with a hazard that grows with the strength of their tie, shape (n_rows,)."""
    again = np.empty(rows.size, np.bool_)
    for i in range(rows.size):
        again[i] = u[i] < quarterly_hazard(repeat_y * tie[rows[i]])
    return again
