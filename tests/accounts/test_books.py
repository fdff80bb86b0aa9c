"""The books close in every shipped scenario: every line of every year, in whole yuan, at payer and recipient."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.agents.finance_law import SHARES_OF_A_YUAN, USES
from sim.model import InnovationModel
from tests.behaviour.runs import ACTIVE, PROJECT, after_step, outcome, scenario

SCENARIOS = sorted(path.stem for path in (PROJECT / "configs" / "scenario").glob("*.yaml"))
K = 20
WHOLE = f"population.k={K}"


def entries(name):
    """(year, line, entry) of a scenario's books."""
    for year, lines in outcome(name, WHOLE).ledger.items():
        for line, entry in lines.items():
            yield year, line, entry


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_line_of_every_year_closes(name):
    books = list(entries(name))
    assert len(books) == len(outcome(name, WHOLE).ledger) * len(BUDGET_LINES) >= 11 * len(BUDGET_LINES)
    for year, line, entry in books:
        assert all(type(yuan) is int and yuan >= 0 for yuan in entry.values()), (year, line)
        assert set(entry) == {"appropriated", "disbursed", "unspent", *USES}
        assert entry["appropriated"] == entry["disbursed"] + entry["unspent"], (year, line)
        assert entry["disbursed"] <= entry["appropriated"], (year, line)
        assert sum(entry[use] for use in SHARES_OF_A_YUAN) == entry["disbursed"], (year, line)


def test_every_line_pays_in_some_scenario():
    """Otherwise the test above would hold for lines that never do anything."""
    paid = {line for name in SCENARIOS for _, line, entry in entries(name) if entry["disbursed"] > 0}
    assert paid == set(BUDGET_LINES)


def test_without_policy_no_lever_is_appropriated_a_yuan():
    for _, line, entry in entries("no_policy"):
        assert line == "public_research" or entry["appropriated"] == 0


AT_EQUAL_MONEY = [name for name in SCENARIOS if name.startswith("plan_") or name in ("all_plans", "low_coal")]
ON_TOP = "joint_research_fund"  # paid from the increase of the science budget, beside the key


@pytest.mark.parametrize("name", AT_EQUAL_MONEY)
def test_plans_have_the_same_money_as_history(name):
    """Equal total appropriation every year, to the rounding of a yuan a line and quarter.

    In a year in which levers come and go, what was already spent for the rest of the year cannot come back.
    """
    last = scenario(name, WHOLE).phases[-1]
    unmoved = outcome(name, WHOLE, "lever.adaptive_review.share=0").ledger  # a review may move what is paid on top, too
    changing = {last.first // 4, *(setting.first // 4 for setting in last.lever.values())}
    for year, lines in outcome(name, WHOLE).ledger.items():
        had = sum(entry["appropriated"] for entry in outcome("history", WHOLE).ledger[year].values())
        has = sum(entry["appropriated"] for entry in lines.values()) - unmoved[year][ON_TOP]["appropriated"]
        rounding = 8 * len(lines)
        assert -rounding <= has - had <= (0.02 * had if year in changing else rounding), year


def test_a_budget_is_appropriated_in_full_and_in_the_scale_of_the_run():
    books = outcome("no_policy", WHOLE, "end=2012Q4", *ACTIVE["rd_grant"]).ledger
    assert [books[year]["rd_grant"]["appropriated"] for year in books] == [300_000_000 // K] * 2


def test_a_budget_that_starts_in_the_third_quarter_has_half_a_year():
    start = "lever.rd_grant.start=2011Q3"
    books = outcome("no_policy", WHOLE, "end=2012Q4", *ACTIVE["rd_grant"], start).ledger
    assert books[2011]["rd_grant"]["appropriated"] * 2 == books[2012]["rd_grant"]["appropriated"]


def test_yearly_books_are_the_sum_of_what_agents_received(monkeypatch):
    """Recomputed from the agents, in plain Python, quarter by quarter."""
    received: dict[tuple[int, str], int] = {}

    def add(world):
        for kind in world.payees:
            for row in kind.rows().tolist():
                for line, yuan in zip(BUDGET_LINES, kind.received_yuan[row].tolist(), strict=True):
                    key = (world.calendar.year, line)
                    received[key] = received.get(key, 0) + yuan

    after_step(monkeypatch, "settle_accounts", add)
    found = InnovationModel(scenario("plan_b_2014", "population=tiny", "end=2015Q4")).run()
    assert sum(received.values()) > 0
    assert received == {(y, line): e["disbursed"] for y, lines in found.ledger.items() for line, e in lines.items()}


def test_government_money_in_statistics_contains_the_payments_to_firms(monkeypatch):
    """Support that firms received is in the indicator to the yuan of the fixed point, those who close included."""
    paid = []
    after_step(monkeypatch, "settle_accounts", lambda world: paid.append(int(world.firms.received_yuan.total().sum())))
    found = InnovationModel(scenario("history", "population=tiny", "end=2012Q4")).run()
    names = list(InnovationModel(scenario("history", "population=tiny", "end=2012Q4")).record.names)
    share = scenario("history").number("research_public.government_share")
    column = {name: found.quarterly[:, names.index(name)] for name in names}
    public = column["rd_performed_by_universities"] + column["rd_performed_by_institutes"]
    support = (column["rd_exp_gov_funds"] - share * public) * 100.0 / 40.0 * 1e6
    assert np.allclose(support, paid, atol=50.0)
