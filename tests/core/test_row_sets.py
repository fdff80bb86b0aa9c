"""Sets by rows: the algebra of sets equals Mesa's, the live set follows births and deaths, rows are reused."""

from __future__ import annotations

import operator

import mesa
import pytest
from mesa.agent import AgentSet

from sim.core.agent_sets import ColumnAgentSet
from tests.core.shops import N, PlainShop, Shop, column_model, numbers, plain_model, shown


@pytest.fixture
def pair() -> tuple[ColumnAgentSet, AgentSet]:
    """The column set and the plain set."""
    return column_model().agents_by_type[Shop], plain_model().agents_by_type[PlainShop]


def outsider(a, b):
    """An agent of b that is not in a."""
    return next(agent for agent in b if agent not in a)


ALGEBRA = {
    "or": lambda a, b: a | b,
    "and": lambda a, b: a & b,
    "sub": lambda a, b: a - b,
    "xor": lambda a, b: a ^ b,
    "eq": lambda a, b: [a == b, a == a.select(), a == a.shuffle(), a != b],
    "order": lambda a, b: [a <= b, a < b, a >= b, (a & b) <= a, (a & b) < a, a >= (a & b), a > (a & b), a <= a],
    "disjoint": lambda a, b: [a.isdisjoint(b), (a - b).isdisjoint(b)],
    "ior": lambda a, b: operator.ior(a, b),
    "iand": lambda a, b: operator.iand(a, b),
    "isub": lambda a, b: operator.isub(a, b),
    "ixor_members": lambda a, b: sorted(numbers(operator.ixor(a, b))),
    "add": lambda a, b: (a.add(outsider(a, b)), a.add(a[0]), numbers(a))[2],
    "discard": lambda a, b: (a.discard(a[1]), a.discard(outsider(a, b)), numbers(a))[2],
    "remove": lambda a, b: (a.remove(a[0]), numbers(a))[1],
    "clear": lambda a, b: (a.clear(), len(a))[1],
    "pop": lambda a, b: len([a.pop(), a.pop()]) + len(a),
    "contains_after_add": lambda a, b: [
        (new := outsider(a, b)) in a,
        a.add(new),
        new in a,
        a.discard(new),
        new in a,
    ],
}


@pytest.mark.parametrize("name", ALGEBRA)
@pytest.mark.parametrize("mixed", [False, True])
def test_algebra_equals_mesa(pair, name, mixed):
    one, two = (s.select(lambda a: a.number < 20) for s in pair)
    other_one, other_two = (s.select(lambda a: a.number % 2 == 0).sort("sales") for s in pair)
    if mixed:  # the other operand is a plain AgentSet of the same views
        other_one = AgentSet(list(other_one), other_one.random)
    assert shown(ALGEBRA[name](one, other_one)) == shown(ALGEBRA[name](two, other_two))
    if mixed and name in ("or", "and", "sub", "xor"):
        assert shown(ALGEBRA[name](other_one, one)) == shown(ALGEBRA[name](other_two, two))


def test_algebra_stays_on_rows_and_makes_no_views(pair):
    columns, _ = pair
    kind = columns._kind
    kind.views.clear()
    half = columns.where(columns.array("number") < 15)
    assert len(half) == 15
    assert isinstance((half | columns) - half, ColumnAgentSet)
    assert half <= columns
    assert columns.agg("sales", max) > 0
    assert len(columns.sort("sales").groupby("sector").count()) == 4
    assert kind.views == {}


def test_several_kinds_meet_in_a_plain_set(pair):
    columns, _ = pair
    visitor = mesa.Agent(columns.model)
    both = columns.select(at_most=3) | [visitor]
    assert type(both) is AgentSet
    assert len(both) == 4
    with pytest.raises(TypeError, match="cannot join"):
        columns.select(at_most=3).add(visitor)


@pytest.mark.parametrize("cut", ["discard", "remove"])
def test_the_live_set_cannot_be_cut(pair, cut):
    columns, _ = pair
    with pytest.raises(TypeError, match=r"agent\.remove"):
        getattr(columns, cut)(columns[0])
    with pytest.raises(TypeError, match=r"agent\.remove"):
        columns.select(at_most=3, inplace=True)
    with pytest.raises(TypeError, match=r"agent\.remove"):
        columns.clear()
    assert len(columns) == N


@pytest.mark.parametrize("how", ["do", "shuffle_do", "map"])
def test_removal_during_do_equals_mesa(pair, how):
    for agents in pair:
        getattr(agents, how)("drop_next")
    columns, plain = pair
    assert columns.model.calls == plain[0].model.calls
    assert len(columns.model.calls) < N
    assert numbers(columns) == numbers(plain)


def test_the_live_set_follows_births_and_deaths_and_keeps_a_new_order(pair):
    columns, plain = pair
    for agents in pair:
        agents.shuffle(inplace=True)
        agents[4].remove()
    Shop(columns.model, number=99)
    PlainShop(plain[0].model, 99, 0, 0.0, 0, None)
    assert numbers(columns) == numbers(plain)
    assert numbers(columns)[-1] == 99


def test_a_subset_forgets_the_removed_even_when_the_row_is_reused(pair):
    columns, _ = pair
    subset = columns.select(at_most=5)
    gone = subset[2]
    row = gone._row
    gone.remove()
    entrant = Shop(columns.model, number=1000)
    while entrant._row != row:
        entrant = Shop(columns.model, number=1000)
    assert numbers(subset) == [0, 1, 3, 4]
    assert entrant not in subset
    assert gone not in subset
