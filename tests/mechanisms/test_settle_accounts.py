"""The books: a yuan too few, too many, to nobody or without a use stops the run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.core.money import AccountsError
from sim.mechanisms.settle_accounts import Params, settle_accounts
from tests.mechanisms.few_firms import Said, few

LINE = "rd_grant"


def books(quarter=0, paid=700, got=700, used=700):
    world = few(2)
    world.calendar.quarter = quarter
    world.accounts.appropriate(LINE, 1000)
    world.accounts.pay(LINE, paid)
    world.firms.received_yuan.record(np.array([0]), 0, got - 200)
    world.universities.received_yuan.record(np.array([0]), 0, 200)
    world.notes["uses"] = {2014: np.zeros((len(BUDGET_LINES), 7), np.int64)}
    world.notes["uses"][2014][0] = [100, 0, 0, used - 400, 200, 55, 100]
    return world


def settle(world):
    settle_accounts(world, Params(), Said())
    return world


def test_books_that_close_are_left_alone():
    settle(books())
    assert settle(books(quarter=2)).accounts.years == {}


@pytest.mark.parametrize("got", [699, 701, 200])
def test_a_yuan_that_was_not_received_or_not_paid_stops_the_run(got):
    with pytest.raises(AccountsError, match=f"{LINE}: disbursed 700 yuan, received {got} yuan"):
        settle(books(got=got))


def test_a_payment_to_somebody_who_is_not_there_stops_the_run():
    world = books()
    world.firms.alive[0] = 0
    with pytest.raises(AccountsError, match="firm: payments of 500 yuan to an agent that is not there"):
        settle(world)


def test_the_year_is_closed_with_the_uses_of_its_payments():
    years = settle(books(quarter=3)).accounts.years
    assert years[2014][LINE] == {
        "appropriated": 1000, "disbursed": 700, "unspent": 300, "misused": 100, "relabelled": 0, "wage": 0,
        "additional": 300, "displaced": 200, "leveraged": 55,
        "services": 100,
    }  # fmt: skip
    assert set(years[2014]) == set(BUDGET_LINES)
    assert not any(years[2014]["hnte_award"].values())


@pytest.mark.parametrize("used", [699, 701])
def test_a_yuan_without_a_use_stops_the_run(used):
    with pytest.raises(AccountsError, match="do not sum to 700 yuan disbursed"):
        settle(books(quarter=3, used=used))


def test_an_overdrawn_line_stops_the_run():
    world = books()
    world.accounts.available[0] = -1
    with pytest.raises(AccountsError, match="disbursed more than appropriated"):
        settle(world)
