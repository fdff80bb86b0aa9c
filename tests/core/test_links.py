"""Links as compressed sparse rows, against a plain dictionary of lists."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.kernels import kernel
from sim.core.links import Links

SOURCES, ENDS = [2, 0, 2, 3, 0], [0, 2, 1, 3, 1]


@kernel
def sum_of_neighbours(starts, ends, values, out):
    for i in range(starts.size - 1):
        for k in range(starts[i], starts[i + 1]):
            out[i] += values[ends[k]]


def seen(links: Links) -> dict[int, list[int]]:
    return {row: links.neighbours(row).tolist() for row in range(len(links.starts) - 1)}


def test_directed_links_keep_the_order_of_the_pairs():
    links = Links.directed(SOURCES, ENDS, 5)
    assert seen(links) == {0: [2, 1], 1: [], 2: [0, 1], 3: [3], 4: []}
    assert links.degree.tolist() == [2, 0, 2, 1, 0]
    assert links.pair.tolist() == [1, 4, 0, 2, 3]
    assert links.sources.tolist() == [0, 0, 2, 2, 3]
    assert len(links) == 5
    assert links.starts.dtype == links.ends.dtype == np.int64


def test_undirected_ties_are_seen_from_both_sides():
    links = Links.undirected([2, 0, 2], [0, 3, 1], 5)
    assert seen(links) == {0: [2, 3], 1: [2], 2: [0, 1], 3: [0], 4: []}
    weight = np.array([10.0, 20.0, 30.0])
    assert weight[links.pair[links.starts[0] : links.starts[1]]].tolist() == [10.0, 20.0]


def test_two_kinds_have_their_own_ranges():
    links = Links.directed([0, 1], [8, 2], 2, 9)
    assert seen(links) == {0: [8], 1: [2]}
    assert seen(links.turned(9))[8] == [0]


def test_turning_twice_is_nothing():
    links = Links.directed(SOURCES, ENDS, 5)
    turned = links.turned(5)
    assert seen(turned) == {0: [2], 1: [2, 0], 2: [0], 3: [3], 4: []}
    again = turned.turned(5)
    for name in ("starts", "ends", "pair"):
        assert np.array_equal(getattr(again, name), getattr(links, name))


def test_links_of_those_who_leave_go_with_them():
    links = Links.undirected([0, 0, 1], [1, 2, 2], 3).without([2])
    assert seen(links) == {0: [1], 1: [0], 2: []}
    assert set(links.pair.tolist()) == {0}
    between = Links.directed([0, 1], [1, 0], 2, 2)
    assert seen(between.without([0], [])) == {0: [], 1: [0]}
    assert seen(between.without([], [0])) == {0: [1], 1: []}


def test_random_links_equal_a_dictionary_of_lists():
    generator = np.random.default_rng(0)
    one, other = generator.integers(0, 40, 300), generator.integers(0, 40, 300)
    keep = one != other
    one, other = one[keep], other[keep]
    expected: dict[int, list[int]] = {row: [] for row in range(40)}
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        expected[a].append(b)
        expected[b].append(a)
    links = Links.undirected(one, other, 40)
    assert seen(links) == expected
    assert links.degree.sum() == 2 * len(one)


def test_kernels_take_the_arrays():
    links = Links.directed(SOURCES, ENDS, 5)
    values, out = np.arange(5) * 1.5, np.zeros(5)
    sum_of_neighbours(links.starts, links.ends, values, out)
    assert out.tolist() == [4.5, 0.0, 1.5, 4.5, 0.0]


def test_no_links_at_all():
    links = Links.directed([], [], 3)
    assert seen(links) == {0: [], 1: [], 2: []}
    assert seen(Links.undirected([], [], 0)) == {}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Links.directed([5], [0], 5), "source 5 is not a row of 5"),
        (lambda: Links.directed([0], [-1], 5), "end -1"),
        (lambda: Links.directed([0], [7], 5, 7), "end 7"),
        (lambda: Links.directed([0, 1], [1], 5), "2 sources and 1 ends"),
        (lambda: Links.undirected([0, 3], [1, 3], 5), "row 3 is tied to itself"),
        (lambda: Links.undirected([0], [5], 5), "row 5"),
    ],
)
def test_wrong_pairs_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_row_out_of_range_has_no_neighbours():
    links = Links.directed(SOURCES, ENDS, 5)
    for row in (-1, 5):
        with pytest.raises(IndexError, match="of 5"):
            links.neighbours(row)
