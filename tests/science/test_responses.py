"""Monotone answers and plateaus: more money never pays out less, and beyond demand more money changes nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim.catalogue.loader import catalogue
from sim.scenario import LINES
from tests.behaviour.runs import ACTIVE, differences, fresh, outcome, replace_step, scenario

SHORT = ("population.k=20", "end=2013Q4")
BUDGETS = (0, 20, 50, 100, 200, 400, 800, 1600, 5000)
ALL_TO_FIRMS = ("lever.rd_grant.rate=0.3", "lever.rd_grant.firm_share=1")
REPLICATES = 3
# the line at the top of its range and at half of it: more than firms, bodies or calls can ask for
LATER = ("population.k=20", "end=2015Q4")
OTHERS = {"rd_grant": ALL_TO_FIRMS, "hnte_pool": ("lever.hnte_pool.places_y=300", "lever.hnte_pool.award=0.2")}
BEYOND_DEMAND = {
    row.lever: (LINES.get(row.lever, row.lever), row.high)
    for row in catalogue().doses.values()
    if row.dose == "budget_y"
}


def granted(budget, replicate):
    """Yuan of grants disbursed in all years."""
    found = outcome("no_policy", *SHORT, f"lever.rd_grant.budget_y={budget}", *ALL_TO_FIRMS, replicate=replicate)
    return sum(lines["rd_grant"]["disbursed"] for lines in found.ledger.values())


@pytest.mark.parametrize("replicate", range(REPLICATES))
def test_more_grant_money_never_pays_out_less(replicate):
    paid = [granted(budget, replicate) for budget in BUDGETS]
    assert paid == sorted(paid)
    assert paid[0] == 0 < paid[-1]


def beyond(lever):
    line, high = BEYOND_DEMAND[lever]
    usual = [text for text in ACTIVE[lever] if f".{lever}.budget_y=" not in text]
    pair = [(*LATER, *OTHERS.get(lever, usual), f"lever.{lever}.budget_y={high * part:g}") for part in (0.75, 1.0)]
    return line, pair


@pytest.mark.parametrize("lever", BEYOND_DEMAND)
def test_money_beyond_demand_changes_nothing(lever):
    """Exact plateau: outcomes to the bit, payments to the yuan; the difference is unspent."""
    line, (enough, more) = beyond(lever)
    one, other = outcome("national_law", *enough), outcome("national_law", *more)
    assert set(differences(one, other)) <= {"ledger"}
    for year in one.ledger:
        a, b = one.ledger[year][line], other.ledger[year][line]
        assert a["unspent"] < b["unspent"]
        assert {k: v for k, v in a.items() if k not in ("appropriated", "unspent")} == {
            k: v for k, v in b.items() if k not in ("appropriated", "unspent")
        }
    assert sum(one.ledger[year][line]["disbursed"] for year in one.ledger) > 0


@pytest.mark.parametrize("lever", ["rd_grant", "hnte_pool", "post_completion_grant"])
def test_broken_line_that_is_spent_because_it_is_there_is_found(lever, monkeypatch):
    """Vacuity guard: a hundredth of what is left at the year's end goes to the first firm."""
    line, (enough, more) = beyond(lever)

    def spend(world, params, draws):
        if world.calendar.is_last_of_year:
            yuan = world.accounts.left(line) // 100
            world.pay(line, world.firms, world.firms.rows()[:1], yuan)
            world.notes["uses"][world.calendar.year][world.accounts.number(line), 4] += yuan
        true(world, params, draws)

    true = replace_step(monkeypatch, "settle_accounts", spend)
    found = [fresh(scenario("national_law", *doses)) for doses in (enough, more)]
    assert set(differences(*found)) - {"ledger"}


def test_broken_call_that_is_held_only_while_money_is_short_is_found(monkeypatch):
    """Vacuity guard for the monotone answer."""

    def small_only(world, params, draws):
        if world.accounts.appropriated_year[world.accounts.number("rd_grant")] < 10_000_000:
            true(world, params, draws)

    true = replace_step(monkeypatch, "award_grants", small_only)
    paid = []
    for budget in BUDGETS:
        found = fresh(scenario("no_policy", *SHORT, f"lever.rd_grant.budget_y={budget}", *ALL_TO_FIRMS))
        paid.append(sum(lines["rd_grant"]["disbursed"] for lines in found.ledger.values()))
    assert any(a > b for a, b in pairwise(paid))
