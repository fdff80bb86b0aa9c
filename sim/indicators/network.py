"""The network of alliances, firms and universities: who is tied, how far the ties hang together, how near they are.

A firm is tied to the alliances that it belongs to and to its partner university. All measures count whole firms and
ties, so that no order of rows matters. Shares of pairs fall with the number of firms: compare runs of one scale.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.links import Links
from sim.indicators.sums import Sum

I8 = npt.NDArray[np.int64]


class Memberships(NamedTuple):
    """Living firms in living alliances: row of the alliance and of the firm of each, and links to members from 0 on."""

    rows: I8
    members: I8
    links: Links
    n_firms: int


def _memberships(world: World) -> Memberships:
    """Memberships of the quarter; kept until the next census."""
    kept: Memberships | None = world.notes.get("memberships")
    if kept is None:
        alliances, firms = world.alliances, world.firms
        rows, places = np.nonzero((alliances.members >= 0) & (alliances.alive != 0)[:, np.newaxis])
        members = alliances.members[rows, places].astype(np.int64)
        living = (firms.alive[members] != 0) & (firms.uid[members] == alliances.member_uids[rows, places])
        rows, members = rows[living], members[living]
        firm, number = np.unique(members, return_inverse=True)
        links = Links.directed(rows, number, alliances.capacity, len(firm))
        kept = world.notes["memberships"] = Memberships(rows, members, links, len(firm))
    return kept


def largest_component(links: Links, n_ends: int) -> int:
    """Ends in the largest component of a graph of rows and ends; 0 without ends."""
    return int(np.bincount(join_ends(links.starts, links.ends, n_ends)).max()) if n_ends else 0


@kernel
def join_ends(starts: I8, ends: I8, n_ends: int) -> I8:
    """Label of the component of each end, shape (n_ends,): the smallest end in it.

    Each end takes the smallest label that it can reach, over one more row in each round, until none changes.
    """
    label = np.arange(n_ends)
    changed = True
    while changed:
        changed = False
        for row in range(starts.size - 1):
            least = n_ends
            for k in range(starts[row], starts[row + 1]):
                least = min(least, label[ends[k]])
            for k in range(starts[row], starts[row + 1]):
                if label[ends[k]] != least:
                    label[ends[k]] = least
                    changed = True
    return label


def pairs_met(links: Links, n_ends: int) -> int:
    """Pairs of ends that share at least one row."""
    back = links.turned(n_ends)
    return int(count_pairs(links.starts, links.ends, back.starts, back.ends))


@kernel
def count_pairs(starts: I8, ends: I8, starts_back: I8, rows: I8) -> int:
    """Pairs of ends in a common row, each once; `rows` are the rows of each end."""
    pairs = 0
    met_by = np.full(starts_back.size - 1, -1)  # the last end that was found together with each
    for end in range(met_by.size):
        for i in range(starts_back[end], starts_back[end + 1]):
            for k in range(starts[rows[i]], starts[rows[i] + 1]):
                other = ends[k]
                if other > end and met_by[other] != end:
                    met_by[other] = end
                    pairs += 1
    return pairs


tied_firms = Sum("Firms that belong to an alliance or have a partner university.", "tied")
firm_ties = Sum("Ties of firms: memberships in alliances and partner universities.", "ties")


def alliance_largest_component_share(world: World) -> float:
    """Share (%) of the firms in alliances that hang together, through common members, in the largest group."""
    _, _, links, n_firms = _memberships(world)
    return 100.0 * largest_component(links, n_firms) / n_firms if n_firms else float("nan")


def alliance_density(world: World) -> float:
    """Share (%) of all pairs of firms in alliances that sit in a common alliance."""
    _, _, links, n_firms = _memberships(world)
    pairs = n_firms * (n_firms - 1) // 2
    return 100.0 * pairs_met(links, n_firms) / pairs if pairs else float("nan")


def university_ties_same_city_share(world: World) -> float:
    """Share (%) of the ties between a firm and a university, as partners or in an alliance, inside one city."""
    firms, universities, alliances = world.firms, world.universities, world.alliances
    partnered = np.flatnonzero(firms.alive.view(np.bool_) & (firms.partner_university >= 0))
    rows, members, _, _ = _memberships(world)
    allied = alliances.university[rows] >= 0
    firm = np.concatenate([partnered, members[allied]])
    university = np.concatenate([firms.partner_university[partnered], alliances.university[rows[allied]]])
    ties = np.unique(firm * universities.capacity + university)  # a tie counts once however often it was made
    same = firms.city[ties // universities.capacity] == universities.city[ties % universities.capacity]
    return 100.0 * int(same.sum()) / len(ties) if len(ties) else float("nan")
