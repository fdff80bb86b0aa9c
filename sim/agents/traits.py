"""Lasting traits of a firm at birth: the same keyed draws for the start population and for later entrants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.firm import LARGE, MEDIUM, MICRO, PRIVATE, SMALL, STATE, STATE_KEY
from sim.catalogue.loader import Catalogue
from sim.core.arithmetic import SMALLEST, exp, exp_of, log, log_of, normal_inverse, normal_of
from sim.core.kernels import kernel
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Values = dict[str, npt.NDArray[Any]]  # columns by name
Number = Callable[[str], float]


@dataclass(frozen=True)
class Origin:
    """Where firms come from: the catalogue, the value of each address in this scenario, and the run's draws."""

    cat: Catalogue
    number: Number
    draws: Draws
    scale: int

    def count(self, address: str) -> int:
        """A number of agents of the province, scaled to the run."""
        return max(1, int(round(self.number(address) / self.scale)))

    def uniform(self, stream: str, uids: npt.NDArray[np.int64]) -> Floats:
        """Uniforms of the uids in the quarter of their birth."""
        return self.draws.uniform_for(stream, uids)

    def normal(self, stream: str, uids: npt.NDArray[np.int64]) -> Floats:
        """Standard normals of the uids in the quarter of their birth."""
        return normal_of(self.uniform(stream, uids))

    def category(self, stream: str, uids: npt.NDArray[np.int64], table: str) -> npt.NDArray[np.int64]:
        """One category a uid, by the shares of a table of structure.csv (made to sum to one)."""
        return category_of(category_edges(self.cat, table), self.uniform(stream, uids))


@lru_cache(maxsize=64)  # entrants ask for the same tables in every quarter of every run
def category_edges(cat: Catalogue, table: str) -> Floats:
    """Upper edges of all categories but the last in (0, 1), from shares made to sum to one."""
    shares = cat.table(table)
    edges: Floats = np.cumsum(shares / math.fsum(shares))[:-1]
    return edges


@lru_cache(maxsize=64)
def table_of(cat: Catalogue, table: str) -> Floats:
    """A table of structure.csv; shared, it cannot be written."""
    values = cat.table(table)
    values.setflags(write=False)
    return values


@kernel
def category_of(edges: Floats, uniforms: Floats) -> npt.NDArray[np.int64]:
    """Number of edges at or below each uniform, shape (n,)."""
    found = np.zeros(uniforms.size, np.int64)
    for edge in edges:
        for j in range(uniforms.size):
            found[j] += uniforms[j] >= edge
    return found


def size_class(sales: Floats, number: Number) -> npt.NDArray[np.int8]:
    """Size class by sales (staff is not modelled; the sales limits stand for both conditions)."""
    return classes_of(
        sales, number("population.small_from"), number("population.medium_from"), number("population.large_from")
    )


@kernel
def classes_of(sales: Floats, small_from: float, medium_from: float, large_from: float) -> npt.NDArray[np.int8]:
    """Size class of each firm, shape (n,)."""
    classes = np.full(sales.size, MICRO, np.int8)
    for j in range(sales.size):
        if sales[j] >= large_from:
            classes[j] = LARGE
        elif sales[j] >= medium_from:
            classes[j] = MEDIUM
        elif sales[j] >= small_from:
            classes[j] = SMALL
    return classes


def ownership_of(origin: Origin, uids: npt.NDArray[np.int64], state_share: Floats) -> npt.NDArray[np.int64]:
    """State or private by a share that may differ by firm; some of the state firms are provincial key firms."""
    state, key = origin.uniform("traits.ownership", uids), origin.uniform("traits.key_state", uids)
    return owners_of(state, key, state_share, origin.number("population.key_state_share"))


@kernel
def owners_of(state: Floats, key: Floats, state_share: Floats, key_share: float) -> npt.NDArray[np.int64]:
    """Ownership by two uniforms of each firm, shape (n,)."""
    owners = np.full(state.size, PRIVATE)
    for j in range(state.size):
        if state[j] < state_share[j]:
            owners[j] = STATE_KEY if key[j] < key_share else STATE
    return owners


class Law(NamedTuple):
    """Numbers behind the lasting traits."""

    propensity_state: float
    misusers: float  # share of firms
    diverted: float  # share of a grant, by those who divert
    inert: float  # share of firms that never reach for a threshold
    reach: float
    margin_sigma: float
    mean_age: float  # years


def law_of(number: Number) -> Law:
    """The law of a scenario."""
    mean = number("population.misuse_mean")
    misusers = max(number("population.misusers"), mean)  # nobody can divert more than it got
    return Law(
        propensity_state=number("population.propensity_state"),
        misusers=misusers,
        # 42 % of grantees divert; those who do, divert so much that the mean share of money is met
        diverted=mean / max(misusers, 1e-9),
        inert=number("population.notch_inert_share"),
        reach=number("population.notch_reach_mean"),
        margin_sigma=number("population.margin_sigma"),
        mean_age=number("population.mean_age"),
    )


def lasting_traits(
    origin: Origin, uids: npt.NDArray[np.int64], sector: npt.NDArray[Any], ownership: npt.NDArray[Any]
) -> dict[str, npt.NDArray[Any]]:
    """Traits that do not depend on size: merit, patenting, misuse, reach, readiness, place, field, margin."""
    uniform = origin.uniform
    quality, propensity, misuse, reach, margin, age = draw_traits(
        uniform("traits.quality", uids), uniform("traits.propensity", uids), uniform("traits.misuse", uids),
        uniform("traits.notch", uids), uniform("traits.margin", uids), uniform("traits.age", uids),
        ownership, law_of(origin.number),
    )  # fmt: skip
    is_industrial, is_energy = flags_by_sector(origin.cat)
    in_field = uniform("traits.field", uids) < table_of(origin.cat, "high_tech_field_share")[sector]
    return {
        "quality": quality,
        "patent_propensity": propensity,
        "misuse_share": misuse,
        "notch_reach": reach,
        "certificate_readiness": uniform("traits.readiness", uids),
        "cognitive_position": uniform("traits.cognitive", uids),
        "claim_rank": uniform("traits.claim", uids),
        "county": origin.category("traits.county", uids, "county_share_changzhi"),
        "nearest_kind": uniform("traits.nearest_kind", uids),
        "formality": uniform("traits.formality", uids),
        "is_high_tech_field": in_field.astype(np.uint8),
        "is_industrial": is_industrial[sector],
        "is_energy": is_energy[sector],
        "margin_offset": margin,
        "age_q": age.astype(np.int32),
    }


@kernel
def draw_traits(
    quality: Floats, propensity: Floats, misuse: Floats, notch: Floats, margin: Floats, age: Floats,
    ownership: npt.NDArray[np.int64], law: Law,
) -> Floats:  # fmt: skip
    """Merit, patenting, misuse, reach, margin and age (quarters) by the uniforms of each firm, shape (6, n)."""
    out = np.empty((6, quality.size))
    for j in range(quality.size):
        out[0, j] = normal_inverse(quality[j])
        z = normal_inverse(propensity[j])
        # a squared normal is gamma with shape 1/2 and mean 1: variance 2, the overdispersion of the patent law
        out[1, j] = z * z * (law.propensity_state if ownership[j] != PRIVATE else 1.0)
        out[2, j] = law.diverted if misuse[j] < law.misusers else 0.0
        reach = -law.reach * log(max((1.0 - min(notch[j], 1.0 - 1e-12)) / (1.0 - law.inert), SMALLEST))
        out[3, j] = 0.0 if notch[j] < law.inert else max(reach, 0.0)
        out[4, j] = law.margin_sigma * normal_inverse(margin[j])
        out[5, j] = -4.0 * law.mean_age * log(max(age[j], SMALLEST))
    return out


@lru_cache(maxsize=4)  # the catalogue does not change
def flags_by_sector(cat: Catalogue) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Whether each sector belongs to industry, and to energy."""
    rows = cat.sectors
    return np.array([r.is_industrial for r in rows], np.uint8), np.array([r.is_energy for r in rows], np.uint8)


def user_cost(tax: Floats | float, deduction: Floats | float) -> Any:
    """Tax part of the user cost of R&D: (1 - t (1 + d)) / (1 - t); 0.833, 0.750, 0.667 at 25 %; 0.912 ... at 15 %."""
    return (1.0 - tax * (1.0 + deduction)) / (1.0 - tax)


def relabelled(value: Floats, cost: Floats, elasticity: Floats, curvature: float) -> Floats:
    """Part that is reported beyond R&D for a tax value of a yuan reported, no more than all that the price brings."""
    brought: Floats = exp_of(-elasticity * log_of(cost)) - 1.0
    return np.minimum(value / (2.0 * curvature), brought)


def cash_of(origin: Origin, uids: npt.NDArray[np.int64], sales: Floats) -> Floats:
    """Cash buffer at birth, lognormal around the usual share of sales."""
    number = origin.number
    u = origin.uniform("traits.cash", uids)
    return buffers_of(sales, u, number("population.cash_ratio"), number("population.cash_sigma"))


@kernel
def buffers_of(sales: Floats, u: Floats, ratio: float, sigma: float) -> Floats:
    """Cash of each firm, shape (n,)."""
    cash = np.empty(sales.size)
    for j in range(sales.size):
        cash[j] = sales[j] * ratio * exp(sigma * normal_inverse(u[j]) - 0.5 * sigma * sigma)
    return cash


def can_innovate_of(origin: Origin, uids: npt.NDArray[np.int64], sales: Floats, above: npt.NDArray[Any]) -> Any:
    """Flag: could ever carry out R&D; among above-scale firms the odds rise with size."""
    number = origin.number
    base = number("population.can_innovate_above_scale")
    return innovators_of(
        origin.uniform("traits.can_innovate", uids), sales / number("population.body_median"), above,
        base / (1.0 - base), number("population.can_innovate_size_slope"), number("population.can_innovate_small"),
    )  # fmt: skip


@kernel
def innovators_of(
    u: Floats, size: Floats, above: npt.NDArray[Any], odds: float, slope: float, small: float
) -> npt.NDArray[np.uint8]:
    """Flag of each firm that could carry out R&D, shape (n,); odds are those of an above-scale firm of size 1."""
    can = np.zeros(u.size, np.uint8)
    for j in range(u.size):
        share = small
        if above[j] != 0:
            own = odds * exp(slope * log(max(size[j], SMALLEST)))
            share = own / (1.0 + own)
        can[j] = u[j] < share
    return can
