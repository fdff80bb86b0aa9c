"""Lasting traits of a firm at birth: the same keyed draws for the start population and for later entrants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.firm import LARGE, MEDIUM, MICRO, PRIVATE, SMALL, STATE, STATE_KEY
from sim.catalogue.loader import Catalogue
from sim.core.arithmetic import exp_of, log_of, normal_of
from sim.core.kernels import kernel
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
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
    classes = np.full(sales.shape, MICRO, np.int8)
    classes[sales >= number("population.small_from")] = SMALL
    classes[sales >= number("population.medium_from")] = MEDIUM
    classes[sales >= number("population.large_from")] = LARGE
    return classes


def ownership_of(origin: Origin, uids: npt.NDArray[np.int64], state_share: Floats) -> npt.NDArray[np.int64]:
    """State or private by a share that may differ by firm; some of the state firms are provincial key firms."""
    is_state = origin.uniform("traits.ownership", uids) < state_share
    is_key = origin.uniform("traits.key_state", uids) < origin.number("population.key_state_share")
    return np.where(is_state, np.where(is_key, STATE_KEY, STATE), PRIVATE)


def lasting_traits(
    origin: Origin, uids: npt.NDArray[np.int64], sector: npt.NDArray[Any], ownership: npt.NDArray[Any]
) -> dict[str, npt.NDArray[Any]]:
    """Traits that do not depend on size: merit, patenting, misuse, reach, readiness, place, field, margin."""
    number = origin.number
    state = ownership != PRIVATE
    propensity = origin.normal("traits.propensity", uids)
    misuse_rank = origin.uniform("traits.misuse", uids)
    mean = number("population.misuse_mean")
    misusers = max(number("population.misusers"), mean)  # nobody can divert more than it got
    notch = origin.uniform("traits.notch", uids)
    inert = number("population.notch_inert_share")
    reach = -number("population.notch_reach_mean") * log_of((1.0 - np.minimum(notch, 1.0 - 1e-12)) / (1.0 - inert))
    is_industrial, is_energy = flags_by_sector(origin.cat)
    return {
        "quality": origin.normal("traits.quality", uids),
        # a squared normal is gamma with shape 1/2 and mean 1: variance 2, the overdispersion of the patent law
        "patent_propensity": propensity * propensity * np.where(state, number("population.propensity_state"), 1.0),
        # 42 % of grantees divert; those who do, divert so much that the mean share of money is met
        "misuse_share": np.where(misuse_rank < misusers, mean / max(misusers, 1e-9), 0.0),
        "notch_reach": np.where(notch < inert, 0.0, np.maximum(reach, 0.0)),
        "certificate_readiness": origin.uniform("traits.readiness", uids),
        "cognitive_position": origin.uniform("traits.cognitive", uids),
        "claim_rank": origin.uniform("traits.claim", uids),
        "county": origin.category("traits.county", uids, "county_share_changzhi"),
        "nearest_kind": origin.uniform("traits.nearest_kind", uids),
        "formality": origin.uniform("traits.formality", uids),
        "is_high_tech_field": _by_sector(origin, uids, sector),
        "is_industrial": is_industrial[sector],
        "is_energy": is_energy[sector],
        "margin_offset": number("population.margin_sigma") * origin.normal("traits.margin", uids),
        "age_q": (-4.0 * number("population.mean_age") * log_of(origin.uniform("traits.age", uids))).astype(np.int32),
    }


def _by_sector(origin: Origin, uids: npt.NDArray[np.int64], sector: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    share = origin.cat.table("high_tech_field_share")[sector]
    flags: npt.NDArray[np.uint8] = (origin.uniform("traits.field", uids) < share).astype(np.uint8)
    return flags


@lru_cache(maxsize=4)  # the catalogue does not change
def flags_by_sector(cat: Catalogue) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Whether each sector belongs to industry, and to energy."""
    rows = cat.sectors
    return np.array([r.is_industrial for r in rows], np.uint8), np.array([r.is_energy for r in rows], np.uint8)


def user_cost(tax: Floats | float, deduction: Floats | float) -> Any:
    """Tax part of the user cost of R&D: (1 - t (1 + d)) / (1 - t); 0.833, 0.750, 0.667 at 25 %; 0.912 ... at 15 %."""
    return (1.0 - tax * (1.0 + deduction)) / (1.0 - tax)


def cash_of(origin: Origin, uids: npt.NDArray[np.int64], sales: Floats) -> Floats:
    """Cash buffer at birth, lognormal around the usual share of sales."""
    sigma = origin.number("population.cash_sigma")
    noise = exp_of(sigma * origin.normal("traits.cash", uids) - 0.5 * sigma * sigma)
    return sales * origin.number("population.cash_ratio") * noise


def can_innovate_of(origin: Origin, uids: npt.NDArray[np.int64], sales: Floats, above: npt.NDArray[Any]) -> Any:
    """Flag: could ever carry out R&D; among above-scale firms the odds rise with size."""
    number = origin.number
    base = number("population.can_innovate_above_scale")
    slope = number("population.can_innovate_size_slope")
    odds = base / (1.0 - base) * exp_of(slope * (log_of(sales / number("population.body_median"))))
    share = np.where(above, odds / (1.0 + odds), number("population.can_innovate_small"))
    return (origin.uniform("traits.can_innovate", uids) < share).astype(np.uint8)
