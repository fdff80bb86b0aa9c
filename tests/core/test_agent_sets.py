"""Every method of the column set gives what a plain mesa.AgentSet of equal plain agents gives."""

from __future__ import annotations

import copy
import operator
import pickle

import numpy as np
import pytest
from mesa.agent import AgentSet

from sim.core.agent_sets import ColumnAgentSet
from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from tests.core.shops import N, PlainShop, Shop, Works, column_model, numbers, plain_model, shown, values


@pytest.fixture
def pair() -> tuple[ColumnAgentSet, AgentSet]:
    """The column set and the plain set."""
    return column_model().agents_by_type[Shop], plain_model().agents_by_type[PlainShop]


READS = {
    "len": len,
    "iterate": list,
    "get": lambda s: s.get("sales"),
    "get_several": lambda s: s.get(["sales", "sector"]),
    "get_width": lambda s: s.get("ages"),
    "get_default": lambda s: s.get("nothing", handle_missing="default", default_value=7),
    "get_default_several": lambda s: s.get(["sales", "nothing"], "default", None),
    "agg_sum": lambda s: s.agg("sales", sum),
    "agg_several": lambda s: s.agg("sales", [min, max, sum, len, np.mean, np.median, np.std, np.var]),
    "agg_integers": lambda s: s.agg("sector", [min, max, sum, np.sum, np.mean, np.prod]),
    "agg_width": lambda s: s.agg("ages", lambda rows: sum(int(row.sum()) for row in rows)),
    "select": lambda s: s.select(lambda a: a.sales > 30),
    "select_all": lambda s: s.select(),
    "select_number": lambda s: s.select(at_most=4),
    "select_share": lambda s: s.select(at_most=0.25),
    "select_whole_share": lambda s: s.select(at_most=1.0),
    "select_fraction": lambda s: s.select(at_most=2.5),
    "select_none": lambda s: s.select(at_most=0),
    "select_filter_number": lambda s: s.select(lambda a: a.sector == 1, at_most=3),
    "select_filter_share": lambda s: s.select(Works.is_large, at_most=0.1),
    "select_type": lambda s: s.select(agent_type=Works),
    "select_other_type": lambda s: s.select(agent_type=AnotherKind),
    "sort": lambda s: s.sort("sales"),
    "sort_ties": lambda s: s.sort("sector"),
    "sort_ties_ascending": lambda s: s.sort("sector", ascending=True),
    "sort_function": lambda s: s.sort(lambda a: (a.flag, -a.sales), ascending=True),
    "sort_function_ties": lambda s: s.sort(operator.attrgetter("flag")),
    "shuffle": lambda s: [numbers(s.shuffle()), numbers(s.shuffle())],
    "groupby": lambda s: s.groupby("sector"),
    "groupby_function": lambda s: s.groupby(lambda a: a.sales > 40),
    "groupby_list": lambda s: s.groupby("flag", result_type="list"),
    "groupby_count": lambda s: s.groupby("sector").count(),
    "groupby_agg": lambda s: s.groupby("sector").agg("sales", sum),
    "groupby_list_agg": lambda s: s.groupby("sector", result_type="list").agg("sales", max),
    "groupby_map": lambda s: s.groupby("sector").map(len),
    "groupby_map_name": lambda s: s.groupby("sector").map("get", "number"),
    "groupby_do": lambda s: (s.groupby("flag").do("set", "sector", 2), s.get("sector"))[1],
    "groupby_pairs": lambda s: [(key, numbers(group)) for key, group in s.groupby("sector")],
    "map": lambda s: s.map("double", extra=1.0),
    "map_function": lambda s: s.map(lambda a, plus: a.number + plus, 3),
    "do": lambda s: (s.do("double", 2.0), s.get("sales")),
    "do_function": lambda s: (s.do(lambda a: setattr(a, "flag", 1 - a.flag)), s.get("flag"))[1],
    "shuffle_do": lambda s: (order := [], s.shuffle_do(lambda a: order.append(a.number)))[0],
    "set": lambda s: s.set("sales", 4.5).get("sales"),
    "set_ordinary": lambda s: s.set("nickname", "shop").get("nickname"),
    "item": lambda s: [s[0], s[-1], s[7]],
    "slice": lambda s: [s[2:9:3], s[:0], s[-2:]],
    "reversed": lambda s: list(reversed(s.select())),
    "contains": lambda s: [s[3] in s, s[3] in s.select(at_most=2), "x" in s, None in s],
    "index": lambda s: [s.select().index(s[5]), s.select().count(s[5])],
    "shuffle_inplace": lambda s: (numbers(s.shuffle(inplace=True)), numbers(s)),
    "sort_inplace": lambda s: (numbers(s.sort("sales", inplace=True)), numbers(s)),
    "select_inplace": lambda s: numbers(s.select().select(Works.is_large, inplace=True)),
    "subset_sort_inplace": lambda s: numbers(s.select(at_most=9).sort("sales", inplace=True)),
}


class AnotherKind(ColumnAgent):
    """No agent of these tests."""


@pytest.mark.parametrize("name", READS)
def test_equals_mesa(pair, name):
    columns, plain = pair
    assert shown(READS[name](columns)) == shown(READS[name](plain))


@pytest.mark.parametrize("name", READS)
def test_a_shuffled_subset_equals_mesa(pair, name):
    columns, plain = (s.select(lambda a: a.number % 3 != 0).shuffle() for s in pair)
    assert shown(READS[name](columns)) == shown(READS[name](plain))


def test_results_are_python_values(pair):
    columns, _ = pair
    assert {type(v) for v in columns.get("sales")} == {float}
    assert {type(v) for v in columns.get("sector")} == {int}
    assert type(columns.agg("sector", max)) is int
    assert {type(key) for key in columns.groupby("sector").groups} == {int}
    assert all(isinstance(group, ColumnAgentSet) for _, group in columns.groupby("sector"))


def test_narrow_integers_do_not_wrap(pair):
    for agents in pair:
        agents.do(lambda a: setattr(a, "sector", 100 if a.number % 2 else -100))
    assert [agents.agg("sector", np.ptp) for agents in pair] == [200, 200]


def test_errors_are_those_of_mesa(pair):
    for agents in pair:
        with pytest.raises(AttributeError):
            agents.get("nothing")
        with pytest.raises(ValueError, match="handle_missing"):
            agents.get("sales", handle_missing="what")
        with pytest.raises(IndexError):
            agents[N]
        with pytest.raises(AttributeError):
            agents.do("nothing")
        with pytest.raises(KeyError):
            agents.select(at_most=2).remove(agents[5])


def test_where_refuses_a_mask_of_another_length(pair):
    with pytest.raises(ValueError, match="mask"):
        pair[0].where(np.ones(N + 1, bool))


def test_set_checks_what_a_column_can_hold(pair):
    columns, _ = pair
    with pytest.raises(TypeError, match="integers"):
        columns.set("sector", 1.5)
    with pytest.raises(OverflowError):
        columns.set("flag", 300)
    with pytest.raises(ValueError, match="broadcast"):
        columns.set("sales", [1.0, 2.0])
    columns.set("sales", np.arange(N, dtype=float))
    assert columns.get("sales") == list(range(N))
    columns.set("ages", [1, 2, 3])
    assert columns[4].ages.tolist() == [1, 2, 3]


def test_pickling_and_copying(pair):
    columns, _ = pair
    subset = columns.select(Works.is_large).shuffle()
    subset[0].nickname = "first"
    for again in (pickle.loads(pickle.dumps(subset)), copy.deepcopy(subset)):  # noqa: S301
        assert numbers(again) == numbers(subset)
        assert again[0].nickname == "first"
        assert again.model is not subset.model
        again.do("double")
        assert again.get("sales") == [2 * sales for sales in subset.get("sales")]
        assert numbers(again.shuffle()) == numbers(copy.deepcopy(subset).shuffle())
    again = copy.copy(columns)
    Shop(columns.model)
    assert len(columns) == len(again) + 1
    assert numbers(columns.copy()) == numbers(columns)


def test_rows_never_show():
    """The same agents on other rows: every result stays."""
    before = {name: shown(read(column_model().agents_by_type[Shop])) for name, read in READS.items()}
    for name, read in READS.items():
        model = ColumnModel(rng=5)
        live = model.register_kind(Shop, capacity=N)
        held = values()
        order = np.random.default_rng(1).permutation(N)
        live._kind.columns.place(np.argsort(order), 9 + np.arange(N), held)
        assert shown(read(live)) == before[name], name
