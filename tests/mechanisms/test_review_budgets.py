"""The review moves money from the lines with the least measured worth to the best, conserves it, and is rarely due."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.mechanisms.review_budgets import Params, moves, review_budgets, worth_of_lines
from tests.mechanisms.few_firms import few
from tests.mechanisms.worlds import frozen, params

HALF = Params(largest_change=0.5)
M = 1_000_000


def books(appropriated, disbursed, additional, leveraged=0):
    """A line's closed year in yuan."""
    return {"appropriated": appropriated, "disbursed": disbursed, "unspent": appropriated - disbursed,
            "additional": additional, "leveraged": leveraged}  # fmt: skip


def reviewed(last, now, start="2017Q1", since=2014, share=0.1, interval=3.0, p=HALF):
    """World after a review, with last year's books and this year's appropriations (yuan) by line."""
    world = few(1, start=start)
    world.governments.review_share[0] = share
    world.governments.review_interval[0] = interval
    if since is not None:
        world.notes["reviews"] = {"since": since, "moves": []}
    world.accounts.years[world.calendar.year - 1] = last
    for line, yuan in now.items():
        world.accounts.appropriate(line, yuan)
    review_budgets(world, p, None)
    return world


LAST = {
    "rd_grant": books(100 * M, 100 * M, 50 * M, 10 * M), "key_technology_programme": books(50 * M, 50 * M, 5 * M),
    "technology_market": books(20 * M, 20 * M, 0),
}  # fmt: skip
NOW = {"rd_grant": 100 * M, "key_technology_programme": 50 * M, "technology_market": 20 * M}


def test_the_worst_gives_to_the_best_within_the_share():
    world = reviewed(LAST, NOW)
    assert world.accounts.left("key_technology_programme") == 33 * M
    assert world.accounts.left("rd_grant") == 117 * M
    assert world.accounts.left("technology_market") == 20 * M
    assert world.notes["reviews"]["moves"] == [(2017, "key_technology_programme", "rd_grant", 17 * M)]


@pytest.mark.parametrize(
    ("start", "since", "share", "interval"),
    [("2017Q1", 2014, 0.0, 3.0), ("2016Q1", 2014, 0.1, 3.0), ("2017Q2", 2014, 0.1, 3.0), ("2017Q1", 2017, 0.1, 3.0),
     ("2017Q1", None, 0.1, 3.0)],
)  # fmt: skip
def test_nothing_moves_when_no_review_is_due(start, since, share, interval):
    world = reviewed(LAST, NOW, start, since, share, interval)
    assert {line: world.accounts.left(line) for line in NOW} == NOW


def test_zero_share_leaves_no_trace():
    world = few(1, start="2017Q1")
    before = frozen(world)
    review_budgets(world, params(Params), None)
    assert frozen(world) == before
    assert "reviews" not in world.notes


def test_unspent_money_counts_against_a_line_and_services_stand_in_the_middle():
    last = LAST | {
        "key_technology_programme": books(50 * M, 10 * M, 9 * M),
        "technology_market": books(20 * M, 10 * M, 0),
    }
    lines, worth = worth_of_lines(reviewed(last, NOW, share=0.0))
    found = dict(zip([BUDGET_LINES[i] for i in lines], worth.tolist(), strict=True))
    assert found == pytest.approx({"rd_grant": 0.6, "key_technology_programme": 0.18, "technology_market": 0.5 * 0.75})


def test_lines_without_books_and_the_citys_campaign_are_left_alone():
    now = NOW | {"alliance_support": 30 * M, "coverage_campaign": 40 * M}
    world = reviewed(LAST | {"coverage_campaign": books(40 * M, 0, 0), "alliance_support": books(0, 0, 0)}, now)
    assert world.accounts.left("alliance_support") == 30 * M
    assert world.accounts.left("coverage_campaign") == 40 * M
    assert world.accounts.left("key_technology_programme") < 50 * M


def test_money_is_conserved_to_the_yuan_and_limits_hold():
    random = np.random.default_rng(1)
    for _ in range(300):
        n = int(random.integers(1, 9))
        money, worth = random.integers(0, 10**9, n), random.integers(0, 4, n).astype(float)
        share = float(random.random() * 0.5)
        found = moves(worth, money, share, 0.5)
        out, into = np.zeros(n, np.int64), np.zeros(n, np.int64)
        for source, gains, yuan in found:
            assert worth[source] < worth[gains]
            assert yuan > 0
            out[source] += yuan
            into[gains] += yuan
        assert out.sum() == into.sum() <= share * money.sum()
        assert (out <= money * 0.5).all()
        assert (into <= money * 0.5).all()
        assert not (out * into).any(), "no line both gives and gains"


def test_equal_worth_moves_nothing_and_a_bigger_share_moves_no_less():
    assert moves(np.ones(4), np.full(4, 100), 0.5, 0.5) == []
    moved = [sum(m[2] for m in moves(np.arange(4.0), np.full(4, 1000), s, 0.5)) for s in (0.0, 0.05, 0.1, 0.3, 0.9)]
    assert moved == [0, 200, 400, 1000, 1000]


def test_lines_that_act_by_promises_or_for_other_ends_are_not_judged_by_what_their_money_did_for_rd():
    """A post-completion grant raises R&D before it is paid; an award for a listing is not paid for R&D at all."""
    names = ("post_completion_grant", "interest_subsidy", "local_rd_reward", "listing_support", "startup_support")
    last = LAST | {name: books(20 * M, 20 * M, 0) for name in names}
    world = reviewed(last, NOW | dict.fromkeys(names, 20 * M), share=0.05)
    assert {name: world.accounts.left(name) for name in names} == dict.fromkeys(names, 20 * M)
    assert world.accounts.left("key_technology_programme") < 50 * M, "whose books do tell gives instead"
