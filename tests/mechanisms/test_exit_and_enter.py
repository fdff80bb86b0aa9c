"""Exit and entry: hazards by hand, patents pass on, and an entrant is known by quarter and order alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.agents.firm import PIPELINE_QUARTERS
from sim.catalogue.loader import catalogue
from sim.mechanisms.exit_and_enter import ENTRANT_UID, UIDS_A_QUARTER, Params, exit_and_enter
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, params, small_world

PLAIN = {"exit_small_y": 0.2, "exit_above_scale_y": 0.1, "exit_size_slope": -0.5, "exit_performer": 0.5,
         "exit_loss": 1.5, "above_scale_line": 20.0, "coal_elasticity": -0.1,
         "entry_small_y": 0.0, "entry_above_scale_y": 0.0, "entrant_size": 0.7}  # fmt: skip


def turn(world, draws=None, quarter=0, **changes):
    world.notes["number"] = lambda address: catalogue().parameter(address).value
    world.indices.setdefault("individuals_in_force", np.zeros(1, np.int64))
    world.indices.setdefault("individuals_pending", np.zeros(PIPELINE_QUARTERS, np.int64))
    world.calendar.quarter = quarter
    for price in ("coal_price", "coal_price_observed"):
        world.exogenous.setdefault(price, 100.0)
    exit_and_enter(world, params(Params, **(PLAIN | changes)), draws or Said(exit__hazard=0.5))
    return world.firms


def leaves(yearly, **columns):
    """Whether a firm leaves just below its hazard and stays just above it."""
    quarter = 1 - (1 - yearly) ** 0.25
    firms = turn(few(2, **columns), Said(exit__hazard=[quarter - 1e-9, quarter + 1e-9]))
    return firms.alive[:2].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("columns", "yearly"),
    [({"age_q": 20}, 0.2), ({"age_q": 80}, 0.1), ({"age_q": 5}, 0.4), ({"age_q": 0}, 0.2 * 20**0.5),
     ({"age_q": 20, "has_rd": 1}, 0.1), ({"age_q": 20, "margin": -0.01}, 0.3), ({"age_q": 20, "margin": 0.0}, 0.2),
     ({"age_q": 20, "exit_factor": 0.5}, 0.1), ({"age_q": 20, "exit_factor": 9.0}, 0.9),
     ({"is_above_scale": 1, "sales_y": 20.0}, 0.1), ({"is_above_scale": 1, "sales_y": 2000.0}, 0.01)],
)  # fmt: skip
def test_hazards_by_hand(columns, yearly):
    assert leaves(min(yearly, 0.9), **columns)


def test_patents_of_those_who_leave_pass_to_individuals_to_the_item():
    world = few(2, age_q=20, inventions_in_force=[7, 5])
    world.firms.inventions_pending[0, 3], world.firms.inventions_pending[1, 3] = 4, 9
    firms = turn(world, Said(exit__hazard=[0.0001, 0.9]))
    assert world.indices["individuals_in_force"].tolist() == [7]
    assert world.indices["individuals_pending"].tolist() == [0, 0, 0, 4] + [0] * 8
    assert world.flows["exits"] == 1
    assert len(firms) == 1


def test_only_the_living_leave():
    world = few(3, age_q=20, inventions_in_force=[1, 1, 1])
    world.firms.alive[1] = 0
    firms = turn(world, Said(exit__hazard=0.0001))
    assert firms.capacity > 3
    assert world.flows["exits"] == world.indices["individuals_in_force"][0] == 2
    assert len(firms) == 0


def test_the_number_of_entrants_is_poisson_around_a_share_of_2010_by_the_run_s_scale():
    for scale in (1, 8):
        world = few(1, age_q=90)
        world.scale = scale
        said = Said(exit__hazard=0.9, entry__small=0.3, entry__above_scale=0.7)
        turn(world, said, entry_small_y=0.1, entry_above_scale_y=0.02)
        small, above = (catalogue().parameter(f"population.{n}").value for n in ("n_small_tech", "n_above_scale"))
        means = round(small / scale) * 0.025, round(above / scale) * 0.005
        assert world.flows["entries"] == stats.poisson.ppf(0.3, means[0]) + stats.poisson.ppf(0.7, means[1])
        assert len(world.firms) == 1 + world.flows["entries"]


@pytest.mark.parametrize(("coal", "factor"), [(70.0, 0.7**-0.1), (100.0, 1.0), (130.0, 1.3**-0.1)])
def test_more_small_firms_are_founded_where_coal_is_cheaper_than_it_was(coal, factor):
    world = few(1, age_q=90)
    world.exogenous |= {"coal_price": coal, "coal_price_observed": 100.0}
    said = Said(exit__hazard=0.9, entry__small=0.3, entry__above_scale=0.7)
    turn(world, said, entry_small_y=0.1, entry_above_scale_y=0.02)
    small, above = (catalogue().parameter(f"population.{n}").value for n in ("n_small_tech", "n_above_scale"))
    found = stats.poisson.ppf(0.3, small * 0.025 * factor) + stats.poisson.ppf(0.7, above * 0.005)
    assert world.flows["entries"] == found


def entered(world, quarter, **changes):
    world.draws.open_quarter(quarter)
    return turn(world, world.draws, quarter, exit_small_y=0.0, exit_above_scale_y=0.0, **changes)


def test_uids_of_entrants_depend_on_quarter_and_order_only():
    world = small_world()
    world.exogenous = few(1).exogenous
    firms = entered(world, 5, entry_small_y=0.02, entry_above_scale_y=0.02)
    new = np.sort(firms.uid[(firms.alive == 1) & (firms.uid >= ENTRANT_UID)])
    first = ENTRANT_UID + 5 * UIDS_A_QUARTER
    small, above = new[new < first + UIDS_A_QUARTER // 2], new[new >= first + UIDS_A_QUARTER // 2]
    assert small.tolist() == list(range(first, first + len(small)))
    assert above.tolist() == list(range(first + UIDS_A_QUARTER // 2, first + UIDS_A_QUARTER // 2 + len(above)))
    assert min(len(small), len(above)) > 5


def test_an_entrant_does_not_depend_on_who_else_is_there_or_comes():
    worlds = [small_world(), small_world(n=50, order=np.random.default_rng(1).permutation(50)), small_world()]
    for world, above in zip(worlds, (0.02, 0.02, 0.0), strict=True):
        world.exogenous = few(1).exogenous
        entered(world, 5, entry_small_y=0.02, entry_above_scale_y=above)
        world.firms.alive[(world.firms.uid < ENTRANT_UID) | (world.firms.is_above_scale == 1)] = 0
    for name in worlds[0].firms.declared:
        values = [by_uid(world.firms, name) for world in worlds]
        assert np.array_equal(values[0], values[1]), name
        assert np.array_equal(values[0], values[2]), name


def test_two_quarters_never_share_a_uid():
    world = small_world()
    world.exogenous = few(1).exogenous
    for quarter in (0, 1, 2, 43):
        entered(world, quarter, entry_small_y=0.02, entry_above_scale_y=0.02)
    uids = world.firms.uid[world.firms.alive == 1]
    assert len(set(uids.tolist())) == len(uids)


def test_entrants_are_whole_firms():
    world = small_world()
    world.exogenous = few(1).exogenous
    firms = entered(world, 3, entry_small_y=0.1, entry_above_scale_y=0.1)
    new = (firms.alive == 1) & (firms.uid >= ENTRANT_UID)
    above = new & (firms.is_above_scale == 1)
    assert firms.sales_y[above].min() >= 20.0
    assert not firms.has_rd[new].any()
    assert not firms.age_q[new].any()
    assert not firms.inventions_in_force[new].any()
    assert (firms.cash[new] > 0).all()
    assert (firms.rd_intensity[new] > 0).all()
    assert np.array_equal(firms.sales_base[new], firms.sales_y[new])


def test_the_law_of_2010_is_no_news_to_entrants_either():
    world = small_world()
    world.exogenous = few(1).exogenous
    firms = entered(world, 3, entry_small_y=0.1, entry_above_scale_y=0.3)
    new = (firms.alive == 1) & (firms.uid >= ENTRANT_UID)
    claims = (firms.size_class >= 2) | (firms.claim_rank < catalogue().parameter("desire_rd.take_up").value)
    assert firms.user_cost_base[new & claims] == pytest.approx((1 - 0.25 * 1.5) / 0.75)
    assert firms.user_cost_base[new & ~claims] == pytest.approx(1.0)
    assert firms.tax_value_base[new] == pytest.approx(0.125 * claims[new])
    assert (new & (firms.size_class >= 2)).any()
    assert (new & ~claims).any()
