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
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
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


@step(
    writes=(
        "firm.voucher_quarters",
        "firm.voucher_effect",
        "firm.vouchers_used",
        "firm.partner_university",
        "firm.tie_strength",
        "firm.received_yuan",
        "university.n_projects",
        "university.contract_income_q",
        "institute.n_projects",
        "institute.contract_income_q",
        "flow.voucher_contracts",
        "flow.vouchers_issued",
        "flow.vouchers_redeemed",
        "flow.vouchers_additional",
        "flow.vouchers_expired",
        "line.innovation_voucher",
    )
)
def redeem_vouchers(world: World, params: Params, draws: Draws) -> None:
    """Age vouchers and ties, issue new ones, redeem those in hand, and add contracts that ties bring."""
    firms, p = world.firms, params
    free = free_staff(world, p)
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
    face = float(world.governments.voucher_face_value[PROVINCE])
    price = to_yuan(face * (1.0 - float(world.governments.voucher_own_share[PROVINCE])))
    if price > 0:
        eligible = np.zeros(firms.capacity, np.uint8)
        counts = find_eligible(
            firms.alive, firms.ownership, firms.size_class, firms.sales_y, firms.is_high_tech_field, firms.is_tech_sme,
            firms.voucher_quarters, firms.voucher_effect, p.sales_limit, eligible,
        )  # fmt: skip
        issue(world, p, draws, eligible, price)
        cover = min(1.0, int(counts[1]) / max(1, int(counts[0])))
        redeem(world, p, draws, free, price, face, p.additional_share * power(1.0 - cover, p.saturation))
    repeat_ties(world, p, draws)


def free_staff(world: World, p: Params) -> list[npt.NDArray[np.int64]]:
    """Projects that universities and institutes can still take on: by staff, less those of the last quarter."""
    kinds = (world.universities, world.institutes)
    shared = 1.0 + p.instrument_room * float(world.governments.instrument_coverage[PROVINCE])
    room = [np.floor(k.rd_staff * p.projects_per_staff * shared + 1.0).astype(np.int64) - k.n_projects for k in kinds]
    return [np.where(k.alive != 0, np.maximum(r, 0), 0) for k, r in zip(kinds, room, strict=True)]


def issue(world: World, p: Params, draws: Draws, eligible: Flags, price: int) -> None:
    """Give vouchers to applicants in the order of the lottery, as many as the line pays beyond those in hand."""
    firms = world.firms
    in_hand = int(np.count_nonzero((firms.alive != 0) & (firms.voucher_quarters > 0)))
    places = max(0, world.accounts.left(LINE) // price - in_hand)
    hazard = quarterly_hazard(p.apply_y) * (1.0 + p.trained_apply * firms.trained)
    applied = np.flatnonzero((eligible != 0) & (draws.uniform("voucher.apply", firms) < hazard))
    winners = in_lottery_order(world, draws, applied, places)
    firms.voucher_quarters[winners] = int(p.validity)
    world.flows["vouchers_issued"] = len(winners) * ONE


def in_lottery_order(world: World, draws: Draws, rows: Rows, most: int) -> Rows:
    """The first `most` rows of firms by their lottery number of the quarter, ties by uid."""
    uids = world.firms.uid[rows]
    return rows[in_order(draws.uniform_for("voucher.lottery", uids), uids, most)]


def redeem(
    world: World, p: Params, draws: Draws, free: list[npt.NDArray[np.int64]], price: int, face: float,
    additional_share: float,
) -> None:  # fmt: skip
    """Let holders redeem at a provider in reach, while providers have staff and the line has money."""
    firms = world.firms
    holders = np.flatnonzero((firms.alive != 0) & (firms.voucher_quarters > 0))
    now = draws.uniform_for("voucher.redeem", firms.uid[holders]) < quarterly_hazard(p.redeem_y)
    order = in_lottery_order(world, draws, holders[now], world.accounts.left(LINE) // price)
    if not len(order):
        return
    bodies = providers(world, free)
    chosen = np.full(len(order), -1, np.int64)
    choose_providers(
        firms.city[order], firms.sector[order], firms.partner_university[order],
        draws.uniform_for("voucher.provider", firms.uid[order]), bodies[0], bodies[1], bodies[2], bodies[3], bodies[4],
        bodies[5], p.city_reach, p.field_reach, p.partner_pull, chosen,
    )  # fmt: skip
    served, provider = order[chosen >= 0], chosen[chosen >= 0]
    is_additional = draws.uniform_for("voucher.additional", firms.uid[served]) < additional_share
    settle(world, p, bodies, served, provider, is_additional, price, face)


def providers(world: World, free: list[npt.NDArray[np.int64]]) -> tuple[Any, ...]:
    """Row, whether a university, city, field, pull and free places of universities, then institutes, by uid."""
    parts: list[list[Any]] = [[] for _ in range(6)]
    for number, (kind, room) in enumerate(zip((world.universities, world.institutes), free, strict=True)):
        rows = kind.rows()
        rows = rows[np.argsort(kind.uid[rows], kind="stable")]
        pull = kind.openness[rows] * kind.quality[rows]
        is_university = np.full(len(rows), 1 - number, np.uint8)
        found = (rows, is_university, kind.city[rows], kind.field[rows], pull, room[rows])
        for part, values in zip(parts, found, strict=True):
            part.append(values)
    return tuple(np.concatenate(part) for part in parts)


def settle(
    world: World, p: Params, bodies: tuple[Any, ...], served: Rows, provider: Rows,
    is_additional: npt.NDArray[np.bool_], price: int, face: float,
) -> None:  # fmt: skip
    """Pay, book the project at the provider, and leave effect and tie with firms whose project is additional."""
    firms = world.firms
    world.pay(LINE, firms, served, price)
    firms.voucher_quarters[served] = 0
    firms.vouchers_used[served] += 1
    row, is_university = bodies[0][provider], bodies[1][provider] != 0
    for kind, mine in ((world.universities, is_university), (world.institutes, ~is_university)):
        np.add.at(kind.n_projects, row[mine], 1)
        paid = np.bincount(row[mine & is_additional], minlength=kind.capacity)
        kind.contract_income_q[:] += paid * face
    gained = served[is_additional]
    firms.voucher_effect[gained] = 1.0
    tied, partner = served[is_additional & is_university], row[is_additional & is_university]
    same = firms.partner_university[tied] == partner
    switch = same | (firms.tie_strength[tied] <= p.tie_step)
    stronger = np.where(same, np.minimum(firms.tie_strength[tied] + p.tie_step, 1.0), p.tie_step)
    firms.partner_university[tied[switch]] = partner[switch]
    firms.tie_strength[tied[switch]] = stronger[switch]
    world.flows["voucher_contracts"] += fixed(face) * len(gained)
    world.flows["vouchers_redeemed"] = len(served) * ONE
    world.flows["vouchers_additional"] = len(gained) * ONE


def repeat_ties(world: World, p: Params, draws: Draws) -> None:
    """Former users without a voucher in hand whose tie lives sign a second contract now and then."""
    firms = world.firms
    former = (firms.alive != 0) & (firms.vouchers_used > 0) & (firms.voucher_quarters == 0)
    rows = np.flatnonzero(former & (firms.partner_university >= 0))
    again = np.zeros(len(rows), np.uint8)
    repeat(firms.tie_strength[rows], draws.uniform_for("voucher.repeat", firms.uid[rows]), p.repeat_y, again)
    rows = rows[again != 0]
    if len(rows):
        per_body = np.bincount(firms.partner_university[rows], minlength=world.universities.capacity)
        world.universities.n_projects[:] += per_body.astype(np.int32)
        world.universities.contract_income_q[:] += per_body * p.repeat_value
        world.flows["voucher_contracts"] += fixed(p.repeat_value) * len(rows)


@kernel
def age(
    alive: Flags, quarters: npt.NDArray[np.int8], effect: Floats, tie: Floats, effect_kept: float, tie_kept: float
) -> int:
    """One quarter passes for vouchers in hand, effects and ties, in place; returns the vouchers that expire."""
    expired = 0
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        effect[j] *= effect_kept
        tie[j] *= tie_kept
        if quarters[j] > 0:
            quarters[j] -= 1
            if quarters[j] == 0:
                expired += 1
    return expired


@kernel
def find_eligible(
    alive: Flags, ownership: npt.NDArray[np.int8], size: npt.NDArray[np.int8], sales: Floats, tech: Flags, sme: Flags,
    quarters: npt.NDArray[np.int8], effect: Floats, sales_limit: float, eligible: Flags,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Mark who may apply; returns the number of firms in the target group and how many of them are served already."""
    counts = np.zeros(2, np.int64)
    for j in range(alive.size):
        eligible[j] = 0
        small = ownership[j] == PRIVATE and size[j] <= MEDIUM and sales[j] < sales_limit
        if alive[j] == 0 or not small or (tech[j] == 0 and sme[j] == 0):
            continue
        counts[0] += 1
        # an effect above one half means a project less than about a year old
        if quarters[j] > 0 or effect[j] > 0.5:
            counts[1] += 1
        if quarters[j] == 0:
            eligible[j] = 1
    return counts


@kernel
def choose_providers(
    city: npt.NDArray[np.int8], sector: npt.NDArray[np.int8], partner: npt.NDArray[np.int32], u: Floats,
    body_row: Rows, is_university: Flags, body_city: npt.NDArray[np.int8], body_field: npt.NDArray[np.int8],
    pull: Floats, free: npt.NDArray[np.int64], city_reach: float, field_reach: float, partner_pull: float,
    chosen: npt.NDArray[np.int64],
) -> None:  # fmt: skip
    """Each firm in turn draws a body with weight pull x reach x free places; `free` is used up in place."""
    weight = np.zeros(body_row.size)
    for i in range(city.size):
        total = 0.0
        for b in range(body_row.size):
            reach = city_reach * (body_city[b] == city[i]) + field_reach * (body_field[b] == sector[i])
            if is_university[b] != 0 and partner[i] == body_row[b]:
                reach += partner_pull
            weight[b] = pull[b] * reach * free[b]
            total += weight[b]
        target, passed = u[i] * total, 0.0
        for b in range(body_row.size):
            passed += weight[b]
            if weight[b] > 0.0 and passed >= target:
                chosen[i] = b
                free[b] -= 1
                break


@kernel
def repeat(tie: Floats, u: Floats, repeat_y: float, again: Flags) -> None:
    """Mark former users who sign again, with a hazard that grows with the strength of their tie, shape (n,)."""
    for j in range(tie.size):
        again[j] = 1 if u[j] < quarterly_hazard(repeat_y * tie[j]) else 0
