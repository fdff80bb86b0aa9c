"""One yuan too much, too little, to nobody, out of nothing or for nothing stops the run: books that nobody can bend."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.core.money import AccountsError
from sim.model import InnovationModel
from tests.behaviour.runs import after_step, replace_step, scenario

LAST_BEFORE_THE_BOOKS = "settle_tax"


def run_first_year():
    return InnovationModel(scenario("history", "population=tiny", "end=2011Q4")).run()


def test_the_unbroken_books_close():
    assert run_first_year().ledger[2011]["rd_grant"]["disbursed"] > 0


@pytest.mark.parametrize("yuan", [1, -1])
@pytest.mark.parametrize("line", BUDGET_LINES)
def test_one_yuan_too_much_or_too_little_is_found(line, yuan, monkeypatch):
    def bend(world):
        world.firms.received_yuan.record(world.firms.rows()[:1], BUDGET_LINES.index(line), yuan)

    after_step(monkeypatch, LAST_BEFORE_THE_BOOKS, bend)
    with pytest.raises(AccountsError, match=rf"{line}: disbursed \d+ yuan, received -?\d+ yuan"):
        run_first_year()


@pytest.mark.parametrize("kind", ["universities", "institutes"])
def test_one_yuan_too_much_to_a_public_body_is_found(kind, monkeypatch):
    def bend(world):
        getattr(world, kind).received_yuan.record(np.array([0]), BUDGET_LINES.index("rd_grant"), 1)

    after_step(monkeypatch, "award_grants", bend)
    with pytest.raises(AccountsError, match="rd_grant"):
        run_first_year()


def test_a_payment_to_a_firm_that_is_not_there_is_found(monkeypatch):
    def bend(world):
        dead = np.flatnonzero(world.firms.alive == 0)[:1]
        line = BUDGET_LINES.index("rd_grant")
        paid = int(np.argmax(world.firms.received_yuan.of(line)))
        yuan = int(world.firms.received_yuan[paid, line])
        world.firms.received_yuan.record(np.array([paid]), line, -yuan)
        world.firms.received_yuan.record(dead, line, yuan)  # sums still agree

    after_step(monkeypatch, "award_grants", bend)
    with pytest.raises(AccountsError, match=r"firm: payments of \d+ yuan to an agent that is not there"):
        run_first_year()


def test_a_payment_out_of_another_line_is_found(monkeypatch):
    def bend(world):
        row = int(np.argmax(world.firms.received_yuan.of(0)))
        yuan = int(world.firms.received_yuan[row, 0])
        world.firms.received_yuan.record(np.array([row]), 0, -yuan)
        world.firms.received_yuan.record(np.array([row]), 1, yuan)

    after_step(monkeypatch, "award_grants", bend)
    with pytest.raises(AccountsError):
        run_first_year()


def test_a_payment_above_what_is_left_is_refused(monkeypatch):
    def bend(world):
        world.accounts.pay("rd_grant", world.accounts.left("rd_grant") + 1)

    after_step(monkeypatch, "award_grants", bend)
    with pytest.raises(AccountsError, match="rd_grant pays"):
        run_first_year()


def test_a_payment_booked_twice_at_the_payer_is_found(monkeypatch):
    after_step(monkeypatch, "award_grants", lambda world: world.accounts.pay("rd_grant", 1))
    with pytest.raises(AccountsError, match="rd_grant"):
        run_first_year()


@pytest.mark.parametrize("use", range(5))
def test_a_yuan_with_two_uses_is_found_when_the_year_closes(use, monkeypatch):
    def bend(world):
        world.notes["uses"][world.calendar.year][BUDGET_LINES.index("rd_grant"), use] += 1

    after_step(monkeypatch, "finance_rd", bend)
    with pytest.raises(AccountsError, match="do not sum to"):
        run_first_year()


def test_books_without_the_check_would_close_wrong(monkeypatch):
    """Vacuity guard: without settle_accounts the bent payment passes, so it is this step that finds it."""

    def bend(world):
        world.firms.received_yuan.record(world.firms.rows()[:1], 0, 1)

    after_step(monkeypatch, "award_grants", bend)
    replace_step(monkeypatch, "settle_accounts", lambda world, params, draws: None)
    run_first_year()
