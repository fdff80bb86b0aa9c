"""Concentration of support: what firms receive from government, to whom it goes and how few receive most of it.

Support is every payment of a budget line to a firm in the calendar year. Gini coefficients are worked out on whole
yuan, so that no order of firms matters; the largest recipients are counted as real firms, each agent standing for k.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.fixed_point import check_range
from sim.indicators.sums import Sum

MILLION_IN_100M = 100.0
LARGEST = 20.0
I8 = npt.NDArray[np.int64]


def _recipients(world: World) -> tuple[I8, I8]:
    """Uids, ascending, and yuan of the firms that received support in the calendar year; kept until the next census."""
    kept = world.notes.get("recipients")
    if kept is None:
        quarters = list(world.notes["support_year"].values())
        uids = np.concatenate([uid for uid, _ in quarters])
        order = np.argsort(uids)
        uids, yuan = uids[order], np.concatenate([paid for _, paid in quarters])[order]
        first = np.flatnonzero(np.append(True, uids[1:] != uids[:-1])[: len(uids)])
        kept = world.notes["recipients"] = uids[first], np.add.reduceat(yuan, first) if len(first) else yuan
    uids, yuan = kept
    return uids, yuan


def gini_of(yuan: Sequence[int] | I8) -> float:
    """Gini coefficient, 0 (all alike) to 1; not a number where nobody has anything. Exact in whole yuan."""
    n, ordered = len(yuan), np.sort(np.asarray(yuan, np.int64))
    total = int(ordered.sum())
    if total == 0:
        return float("nan")
    check_range(n * total)  # so that the weighted sum is whole as well
    weighted = int((np.arange(1 - n, n, 2) * ordered).sum())
    return weighted / (n * total)


def top_share(yuan: Sequence[int] | I8, agents: float) -> float:
    """Share (%) of the largest so many agents, the last of them in part; not a number where nobody has anything."""
    ordered = np.sort(np.asarray(yuan, np.int64))[::-1]
    total = int(ordered.sum())
    if total == 0:
        return float("nan")
    whole = min(int(agents), len(ordered))
    part = (agents - whole) * int(ordered[whole]) if whole < len(ordered) else 0.0
    return 100.0 * (int(ordered[:whole].sum()) + part) / total


firm_support = Sum("Support paid to firms in the quarter, 100m yuan.", "support", MILLION_IN_100M)
firm_support_small_medium = Sum(
    "Support paid to micro, small and medium firms in the quarter, 100m yuan.", "support_small", MILLION_IN_100M
)
firm_support_private = Sum(
    "Support paid to private firms in the quarter, 100m yuan.", "support_private", MILLION_IN_100M
)


def firms_supported(world: World) -> float:
    """Firms that received any support in the calendar year."""
    return float(len(_recipients(world)[0]) * world.scale)


def support_gini_recipients(world: World) -> float:
    """Gini coefficient of the year's support among the firms that received any."""
    return gini_of(_recipients(world)[1])


def support_gini_performers(world: World) -> float:
    """Gini coefficient of the year's support among firms with R&D in the year, most of which receive nothing."""
    firms = world.firms
    uids, yuan = _recipients(world)
    performers = np.sort(firms.uid[np.flatnonzero(firms.alive.view(np.bool_) & firms.has_rd.view(np.bool_))])
    place = np.searchsorted(performers, uids)
    is_performer = place < len(performers)
    is_performer[is_performer] = performers[place[is_performer]] == uids[is_performer]
    received = np.zeros(len(performers), np.int64)
    received[place[is_performer]] = yuan[is_performer]
    return gini_of(received)


def support_top_tenth_share(world: World) -> float:
    """Share (%) of the year's support that the best-paid tenth of its recipients received."""
    yuan = _recipients(world)[1]
    return top_share(yuan, len(yuan) / 10.0)


def support_top_20_share(world: World) -> float:
    """Share (%) of the year's support that its 20 largest recipients received."""
    return top_share(_recipients(world)[1], LARGEST / world.scale)
