"""Lasting traits: keyed by uid alone, with the moments that the catalogue says."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, MEDIUM, MICRO, PRIVATE, SMALL, STATE_KEY
from sim.agents.traits import (
    Origin,
    can_innovate_of,
    cash_of,
    category_of,
    lasting_traits,
    ownership_of,
    size_class,
    user_cost,
)
from sim.catalogue.loader import catalogue
from sim.core.streams import Draws

UIDS = np.arange(1, 40_001)


def origin(scale=1, seed=5, **changes):
    """Origin with the catalogue's numbers, some of them changed (dots written as double underscores)."""
    own = {name.replace("__", "."): value for name, value in changes.items()}
    draws = Draws(seed, 0, {name: row.number for name, row in catalogue().streams.items()})
    draws.open_quarter(-1)
    return Origin(catalogue(), lambda a: own.get(a, catalogue().parameter(a).value), draws, scale)


def traits(made, uids=UIDS):
    sector = np.zeros(len(uids), np.int64) + 5
    return lasting_traits(made, uids, sector, np.full(len(uids), PRIVATE))


@pytest.mark.parametrize(
    ("tax", "deduction", "cost"),
    [(0.25, 0.5, 0.833), (0.25, 0.75, 0.750), (0.25, 1.0, 0.667), (0.15, 0.5, 0.912), (0.15, 0.75, 0.868),
     (0.15, 1.0, 0.824), (0.25, 0.0, 1.0), (0.0, 1.0, 1.0)],
)  # fmt: skip
def test_the_published_user_costs(tax, deduction, cost):
    assert round(user_cost(tax, deduction), 3) == cost


def test_traits_depend_on_the_uid_and_not_on_company_or_order():
    made = origin()
    together, alone = traits(made), traits(made, np.array([77, 12]))
    for name, values in alone.items():
        assert values[0] == together[name][76], name
        assert values[1] == together[name][11], name


def test_counts_shrink_with_the_scale_and_never_vanish():
    address = "population.n_small_tech"
    whole = catalogue().parameter(address).value
    assert origin().count(address) == whole
    assert origin(scale=8).count(address) == round(whole / 8)
    assert origin(scale=10**9).count(address) == 1


def test_moments_are_those_of_the_catalogue():
    made = origin()
    found = traits(made)
    assert found["quality"].mean() == pytest.approx(0.0, abs=0.02)
    assert found["patent_propensity"].mean() == pytest.approx(1.0, abs=0.03)
    assert found["patent_propensity"].var() == pytest.approx(2.0, rel=0.1)
    assert found["misuse_share"].mean() == pytest.approx(made.number("population.misuse_mean"), rel=0.03)
    assert (found["misuse_share"] > 0).mean() == pytest.approx(made.number("population.misusers"), abs=0.01)
    assert found["margin_offset"].std() == pytest.approx(made.number("population.margin_sigma"), rel=0.02)
    assert found["age_q"].mean() / 4 == pytest.approx(made.number("population.mean_age"), rel=0.03)


def test_nobody_diverts_more_than_it_got_even_at_the_ends_of_the_ranges():
    mean, users = (catalogue().parameter(f"population.{name}") for name in ("misuse_mean", "misusers"))
    for m in (mean.low, mean.high):
        for s in (users.low, users.high):
            found = traits(origin(population__misuse_mean=m, population__misusers=s))["misuse_share"]
            assert 0.0 <= found.min() <= found.max() <= 1.0
            assert found.mean() == pytest.approx(m, rel=0.06)


def test_the_inert_do_not_reach_and_the_others_reach_as_far_as_said():
    made = origin()
    reach = traits(made)["notch_reach"]
    assert (reach == 0).mean() == pytest.approx(made.number("population.notch_inert_share"), abs=0.01)
    assert reach[reach > 0].mean() == pytest.approx(made.number("population.notch_reach_mean"), rel=0.03)
    assert reach.min() == 0.0


def test_state_firms_patent_less_by_the_given_ratio():
    made, sector = origin(), np.zeros(5, np.int64)
    private = lasting_traits(made, UIDS[:5], sector, np.full(5, PRIVATE))["patent_propensity"]
    state = lasting_traits(made, UIDS[:5], sector, np.full(5, STATE_KEY))["patent_propensity"]
    assert state == pytest.approx(private * made.number("population.propensity_state"))


def test_ownership_at_the_limits_and_in_between():
    made = origin(population__key_state_share=0.25)
    assert (ownership_of(made, UIDS, np.zeros(len(UIDS))) == PRIVATE).all()
    owners = ownership_of(made, UIDS, np.full(len(UIDS), 0.4))
    assert (owners != PRIVATE).mean() == pytest.approx(0.4, abs=0.01)
    assert (owners[owners != PRIVATE] == STATE_KEY).mean() == pytest.approx(0.25, abs=0.02)
    assert (ownership_of(made, UIDS, np.ones(len(UIDS))) != PRIVATE).all()


def test_size_classes_start_at_their_limits():
    number = {"population.small_from": 3.0, "population.medium_from": 80.0, "population.large_from": 400.0}
    sales = np.array([2.99, 3.0, 79.9, 80.0, 399.0, 400.0])
    assert size_class(sales, number.__getitem__).tolist() == [MICRO, SMALL, SMALL, MEDIUM, MEDIUM, LARGE]


def test_cash_has_its_mean_and_scales_with_sales():
    made = origin()
    one, ten = cash_of(made, UIDS, np.ones(len(UIDS))), cash_of(made, UIDS, np.full(len(UIDS), 10.0))
    assert one.mean() == pytest.approx(made.number("population.cash_ratio"), rel=0.01)
    assert ten == pytest.approx(10 * one)


def test_the_odds_of_ever_innovating_rise_with_size_above_scale_only():
    made = origin()
    above = np.ones(len(UIDS), np.uint8)
    shares = [can_innovate_of(made, UIDS, np.full(len(UIDS), s), above).mean() for s in (30.0, 85.0, 800.0)]
    assert shares == sorted(shares)
    assert shares[1] == pytest.approx(made.number("population.can_innovate_above_scale"), abs=0.01)
    small = [can_innovate_of(made, UIDS, np.full(len(UIDS), s), 0 * above).mean() for s in (1.0, 100.0)]
    assert small[0] == small[1] == pytest.approx(made.number("population.can_innovate_small"), abs=0.01)


def test_categories_follow_their_shares():
    class Shares:
        def table(self, name: str):
            return np.array([1.0, 0.0, 3.0])

    made = origin()
    drawn = Origin(Shares(), made.number, made.draws, 1).category("traits.sector", UIDS, "any")
    assert np.bincount(drawn, minlength=3) / len(UIDS) == pytest.approx([0.25, 0.0, 0.75], abs=0.01)


def test_counties_follow_their_shares_and_ranks_are_even():
    found = traits(origin())
    shares = np.bincount(found["county"], minlength=12) / len(UIDS)
    assert shares == pytest.approx(catalogue().table("county_share_changzhi"), abs=0.01)
    for name in ("nearest_kind", "formality"):
        assert found[name].mean() == pytest.approx(0.5, abs=0.01)
        assert abs(np.corrcoef(found[name], found["county"])[0, 1]) < 0.02


def test_a_uniform_on_an_edge_belongs_to_the_upper_category():
    edges, uniforms = np.array([0.25, 0.25, 0.75]), np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    assert category_of(edges, uniforms).tolist() == [0, 2, 2, 3, 3]
