"""Agents are known by their uid alone: rows may be permuted, and one more inert firm disturbs nobody.

Draws are keyed by uid, so an agent that is added shifts no draw. Results may change only through what the new firm
does; an inert one (it can never innovate, and sells almost nothing) does nothing. It still is one more firm without R&D
among the peers of its sector, which moves a start hazard by about 1e-4: exact for draws, and exact for the results of
these seeds.
"""

from __future__ import annotations

import numpy as np
import pytest

import sim.indicators.measure
import sim.model
from sim.agents.firm import Firm
from sim.core.streams import Draws
from sim.indicators.census import take_census
from sim.mechanisms.exit_and_enter import ENTRANT_UID
from sim.model import InnovationModel
from tests.behaviour.runs import after_step, by_quarter, differences, digest, fresh, outcome, scenario

SHORT = ("population=tiny", "end=2013Q4")
INERT_UID = 15_000_000  # between the start population and the entrants
INERT = {
    "sales_y": 1e-9, "sales_base": 1e-9, "sales_1y": 1e-9, "sales_2y": 1e-9, "can_innovate": 0, "sector": 11,
    "city": 10, "ownership": 2, "size_class": 0, "claim_rank": 1.0,
    "patent_propensity": 0.0, "certificate_readiness": 1.0, "age_q": 400,  # the old seldom close
}  # fmt: skip
STATE = (
    *("has_rd", "inventions_in_force", "filings_year", "hnte_stage", "hnte_quarters_left"),
    *("centre_tier", "n_alliances"),
)


def spread(model_seed: int = 5):
    """A permutation of all places of the firms, so that free places lie between them."""
    capacity = InnovationModel(scenario("history", *SHORT)).world.firms.capacity
    return np.random.default_rng(model_seed).permutation(capacity)


def with_inert(row_order=None):
    """A model with the inert firm on its first free row, before the first step."""
    model = InnovationModel(scenario("history", *SHORT), row_order=row_order)
    model.world.firms.add([INERT_UID], **INERT)
    return model


def by_uid(model, name):
    """Values of a column by uid, without the inert firm."""
    firms = model.world.firms
    rows = firms.rows()
    rows = rows[firms.uid[rows] != INERT_UID]
    rows = rows[np.argsort(firms.uid[rows])]
    return firms.uid[rows], firms[name][rows]


def drawn(monkeypatch, model, quarters):
    """Draws by quarter, stream and uid as they stood when the mechanisms took them, without those of the inert firm."""
    found = {}

    def collect(world):
        firms = world.firms
        rows = firms.rows()
        rows = rows[firms.uid[rows] != INERT_UID]
        for stream in ("start.participate", "grants.noise", "patents.file", "exit.hazard", "voucher.lottery"):
            values = world.draws.uniform(stream, firms)[rows].tolist()
            found[world.calendar.quarter, stream] = dict(zip(firms.uid[rows].tolist(), values, strict=True))

    with monkeypatch.context() as patch:
        after_step(patch, "settle_accounts", collect)
        stepped(model, quarters)
    return found


def unlike(one, other):
    """Columns of the firms that differ between two models, rows and the inert firm apart."""
    found = []
    for name in STATE:
        (uids, values), (other_uids, other_values) = by_uid(one, name), by_uid(other, name)
        if not np.array_equal(uids, other_uids) or not np.array_equal(values, other_values):
            found.append(name)
    return found


def stepped(model, quarters=8):
    for _ in range(quarters):
        model.step()
    return model


def test_an_inert_firm_changes_nobodys_draws(monkeypatch):
    one = drawn(monkeypatch, InnovationModel(scenario("history", *SHORT), row_order=spread()), 6)
    assert one == drawn(monkeypatch, with_inert(spread()), 6)


def test_an_inert_firm_changes_nobodys_research_patents_or_certificates():
    one, other = stepped(InnovationModel(scenario("history", *SHORT))), stepped(with_inert())
    firms = other.world.firms
    row = int(np.flatnonzero(firms.uid == INERT_UID)[0])
    assert firms.alive[row] == 1, "it must have been there all the time"
    assert not any(firms[name][row].any() for name in STATE), "it must have been inert"
    assert unlike(one, other) == []


def _draws_in_turn(self, stream, columns):
    """As a model with one generator: the n-th living row takes the n-th number."""
    generator = np.random.default_rng([self.seed, self.replicate, self.quarter + 1, self.numbers[stream]])
    values = np.full(columns.capacity, 0.5)
    values[columns.rows()] = generator.random(len(columns))
    return values


def test_broken_draws_in_turn_are_found_by_the_inert_firm(monkeypatch):
    """Vacuity guard: draws taken one after the other shift when a firm is added."""
    monkeypatch.setattr(Draws, "uniform", _draws_in_turn)
    monkeypatch.setattr(Draws, "uniform53", _draws_in_turn)
    order = spread()
    one, other = InnovationModel(scenario("history", *SHORT), row_order=order), with_inert(order)
    assert drawn(monkeypatch, one, 5) != drawn(monkeypatch, other, 5)
    assert {"has_rd", "inventions_in_force"} <= set(unlike(one, other))


@pytest.mark.parametrize("name", ["history", "plan_b_2014"])
def test_rows_do_not_matter(name):
    """Every place permuted, free ones too: the same bytes, groups and books."""
    tried = scenario(name, "population=tiny", "end=2015Q4")
    permuted = InnovationModel(tried, row_order=spread()).run()
    assert differences(permuted, outcome(name, "population=tiny", "end=2015Q4")) == []


def test_broken_draws_by_row_are_found(monkeypatch):
    """Vacuity guard: draws keyed by the row instead of the uid."""
    true = Draws.uniform

    def by_row(self, stream, columns):
        held, columns.uid = columns.uid, np.arange(columns.capacity, dtype=np.int64)
        values = true(self, stream, columns)
        columns.uid = held
        return values

    monkeypatch.setattr(Draws, "uniform", by_row)
    permuted = InnovationModel(scenario("history", *SHORT), row_order=spread()).run()
    assert differences(permuted, fresh(scenario("history", *SHORT)))


def test_broken_sum_of_floats_over_rows_is_found(monkeypatch):
    """Vacuity guard: R&D summed as floats in the order of the rows differs in its last bits."""

    def take(world):
        found = take_census(world)
        firms = world.firms
        world.notes["census"]["rd_actual"] = float(np.cumsum(firms.rd_actual_q[firms.alive == 1])[-1])
        return found

    monkeypatch.setattr(sim.indicators.measure, "take_census", take)
    permuted = InnovationModel(scenario("history", *SHORT), row_order=spread()).run()
    found = differences(permuted, fresh(scenario("history", *SHORT)))
    assert any(text.startswith("rd_actual ") for text in found)


def test_broken_ties_by_row_are_found(monkeypatch):
    """Vacuity guard: a mechanism that favours the firm on the lowest row."""

    def favour(world):
        world.firms.inventions_in_force[world.firms.rows()[0]] += 1 + world.firms.size_class[world.firms.rows()[0]]

    after_step(monkeypatch, "file_patents", favour)
    permuted = InnovationModel(scenario("history", *SHORT), row_order=spread()).run()
    assert differences(permuted, fresh(scenario("history", *SHORT)))


def test_the_same_run_twice_gives_the_same_bytes():
    assert digest(fresh(scenario("history", *SHORT))) == digest(outcome("history", *SHORT))


def test_broken_memory_between_runs_is_found(monkeypatch):
    """Vacuity guard: a mechanism that remembers the run before."""
    calls = [0]

    def grow(world):
        calls[0] += 1
        world.firms.sales_y *= 1.0 + 1e-9 * calls[0]

    after_step(monkeypatch, "grow_firms", grow)
    assert differences(fresh(scenario("history", *SHORT)), fresh(scenario("history", *SHORT)))


def test_replicates_differ_and_are_not_alike():
    """No two of 20 replicates are equal, and the flows of the first years are not correlated between neighbours."""
    short = ("population.k=100", "end=2011Q4")
    found = [outcome("history", *short, replicate=r) for r in range(20)]
    assert len({digest(one) for one in found}) == len(found)
    filed = np.array([by_quarter(one, "patent_applications_invention").sum() for one in found])
    assert len(np.unique(filed)) > len(found) / 2
    assert abs(np.corrcoef(filed[:-1], filed[1:])[0, 1]) < 0.6  # 1 % point for 19 pairs


def test_broken_replicates_that_share_their_draws_are_found(monkeypatch):
    """Vacuity guard: the replicate is not part of the key."""
    true = Draws.__init__
    monkeypatch.setattr(Draws, "__init__", lambda self, seed, replicate, numbers: true(self, seed, 0, numbers))
    short = scenario("history", "population.k=100", "end=2011Q4")
    assert digest(fresh(short, 0)) == digest(fresh(short, 1))


def test_a_firm_that_a_researcher_adds_never_shares_a_uid_with_an_entrant():
    assert uids_given_twice() == 0


def test_broken_range_of_uids_is_found(monkeypatch):
    """Vacuity guard: researchers' firms counted on from the start population's, in the range of the entrants."""
    monkeypatch.setitem(sim.model.FIRST_UID, "firm", ENTRANT_UID)
    assert uids_given_twice() > 0


def uids_given_twice():
    """Firms that share their uid with another, when a researcher adds one before each of four quarters."""
    model = InnovationModel(scenario("history", *SHORT))
    firms = model.world.firms
    for _ in range(4):
        Firm(model, **INERT)
        model.step()
    return len(firms) - len(np.unique(firms.uid[firms.rows()]))
