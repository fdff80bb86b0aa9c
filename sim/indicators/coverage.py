"""Innovation activity in the wide sense of plan E: six kinds, of which one is enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.campaign import BASIC, CHANGZHI
from sim.agents.world import World
from sim.indicators.census import amount


def _changzhi(world: World) -> npt.NDArray[np.bool_]:
    firms = world.firms
    found: npt.NDArray[np.bool_] = (firms.alive == 1) & (firms.is_above_scale == 1) & (firms.city == CHANGZHI)
    return found


def covered_firms(world: World) -> float:
    """Above-scale firms that show some innovation activity."""
    return amount(world, "covered")


def covered_firms_changzhi(world: World) -> float:
    """The same in Changzhi."""
    return amount(world, "changzhi_covered")


def above_scale_firms_changzhi(world: World) -> float:
    """Above-scale firms in Changzhi."""
    return amount(world, "changzhi")


def inactive_firms_changzhi(world: World) -> float:
    """Above-scale firms of Changzhi that show no activity of their own."""
    return float((_changzhi(world) & (world.firms.own_activity == 0)).sum()) * world.scale


def assisted_firms_changzhi(world: World) -> float:
    """Of these, those to which the campaign has sent a helper."""
    firms = world.firms
    return float((_changzhi(world) & (firms.own_activity == 0) & (firms.has_helper != 0)).sum()) * world.scale


def covered_on_paper_changzhi(world: World) -> float:
    """Above-scale firms of Changzhi that are covered by nothing but a paper of the campaign."""
    firms = world.firms
    return float((_changzhi(world) & (firms.own_activity == 0) & (firms.is_on_paper != 0)).sum()) * world.scale


def covered_without_rd_changzhi(world: World) -> float:
    """Covered above-scale firms of Changzhi that carry out no R&D."""
    firms = world.firms
    return float((_changzhi(world) & (firms.covered != 0) & (firms.has_rd == 0)).sum()) * world.scale


def covered_basic_changzhi(world: World) -> float:
    """Covered above-scale firms of Changzhi that show kinds of the basic level only."""
    covered = world.firms.covered
    return float((_changzhi(world) & (covered != 0) & (covered & ~np.uint8(BASIC) == 0)).sum()) * world.scale


def counties_fully_covered_changzhi(world: World) -> float:
    """Counties of Changzhi with above-scale firms, all of which are covered; counties are not scaled."""
    here, firms = _changzhi(world), world.firms
    there = np.bincount(firms.county[here])
    covered = np.bincount(firms.county[here & (firms.covered != 0)], minlength=len(there))
    return float(((there > 0) & (covered == there)).sum())
