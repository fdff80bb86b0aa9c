"""The network of alliances, firms and universities: who is tied, how far the ties hang together, how near they are.

A firm is tied to the alliances that it belongs to and to its partner university. All measures count whole firms and
ties, so that no order of rows matters. Shares of pairs fall with the number of firms: compare runs of one scale.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.links import Links
from sim.indicators.census import amount

I8 = npt.NDArray[np.int64]


def _members(world: World) -> tuple[I8, I8]:
    """Row of the alliance and row of the firm of each membership of living firms in living alliances."""
    alliances, firms = world.alliances, world.firms
    rows, places = np.nonzero((alliances.members >= 0) & (alliances.alive != 0)[:, np.newaxis])
    members = alliances.members[rows, places].astype(np.int64)
    keep = (firms.alive[members] != 0) & (firms.uid[members] == alliances.member_uids[rows, places])
    return rows[keep], members[keep]


def _memberships(world: World) -> Links:
    """Links from alliances, numbered from 0, to their members, numbered from 0 as well."""
    rows, members = _members(world)
    alliances, alliance = np.unique(rows, return_inverse=True)
    firms, firm = np.unique(members, return_inverse=True)
    return Links.directed(alliance, firm, len(alliances), len(firms))


def largest_component(links: Links, n_ends: int) -> int:
    """Ends in the largest component of a graph of rows and ends; 0 without ends.

    Each end takes the smallest label that it can reach, over one more row in each round, until none changes.
    """
    label, sources = np.arange(n_ends), links.sources
    while True:
        of_row = np.full(len(links.starts) - 1, n_ends)
        np.minimum.at(of_row, sources, label[links.ends])
        reached = label.copy()
        np.minimum.at(reached, links.ends, of_row[sources])
        if np.array_equal(reached, label):
            return int(np.bincount(label).max()) if n_ends else 0
        label = reached


@cache
def _places(n: int) -> tuple[I8, I8]:
    """First and second place of all pairs of n."""
    first, second = np.triu_indices(n, 1)
    return first, second


def pairs_met(links: Links, n_ends: int) -> int:
    """Pairs of ends that share at least one row."""
    codes = [np.zeros(0, np.int64)]
    for row in range(len(links.starts) - 1):
        ends = np.sort(links.neighbours(row))
        first, second = _places(len(ends))
        codes.append((ends[first] * n_ends + ends[second])[ends[first] != ends[second]])
    return len(np.unique(np.concatenate(codes)))


def tied_firms(world: World) -> float:
    """Firms that belong to an alliance or have a partner university."""
    return amount(world, "tied")


def firm_ties(world: World) -> float:
    """Ties of firms: memberships in alliances and partner universities."""
    return amount(world, "ties")


def alliance_largest_component_share(world: World) -> float:
    """Share (%) of the firms in alliances that hang together, through common members, in the largest group."""
    links = _memberships(world)
    n_firms = len(np.unique(links.ends))
    return 100.0 * largest_component(links, n_firms) / n_firms if n_firms else float("nan")


def alliance_density(world: World) -> float:
    """Share (%) of all pairs of firms in alliances that sit in a common alliance."""
    links = _memberships(world)
    n_firms = len(np.unique(links.ends))
    pairs = n_firms * (n_firms - 1) // 2
    return 100.0 * pairs_met(links, n_firms) / pairs if pairs else float("nan")


def university_ties_same_city_share(world: World) -> float:
    """Share (%) of the ties between a firm and a university, as partners or in an alliance, inside one city."""
    firms, universities, alliances = world.firms, world.universities, world.alliances
    partnered = np.flatnonzero((firms.alive != 0) & (firms.partner_university >= 0))
    rows, members = _members(world)
    allied = alliances.university[rows] >= 0
    firm = np.concatenate([partnered, members[allied]])
    university = np.concatenate([firms.partner_university[partnered], alliances.university[rows[allied]]])
    ties = np.unique(firm * universities.capacity + university)  # a tie counts once however often it was made
    same = firms.city[ties // universities.capacity] == universities.city[ties % universities.capacity]
    return 100.0 * int(same.sum()) / len(ties) if len(ties) else float("nan")
