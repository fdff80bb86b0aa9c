"""Stocks are what they were plus what came less what went: certificates, patents, centres, alliances, firms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.centre import HOST_FIRM
from sim.agents.firm import CERTIFIED
from sim.model import InnovationModel
from tests.behaviour.runs import after_step, by_quarter, replace_step, scenario

K = 20
PERIOD = (f"population.k={K}", "end=2016Q4")
VALIDITY = 12  # quarters


def certified(world):
    firms = world.firms
    rows = firms.rows()
    return set(firms.uid[rows[firms.hnte_stage[rows] == CERTIFIED]].tolist())


def certificates(monkeypatch, spoil=None):
    """By quarter: holders before and after the decisions of certification, and first certificates counted."""
    book = []

    def around(world, params, draws):
        before = certified(world)
        true(world, params, draws)
        if spoil is not None:
            spoil(world)
        book.append((before, certified(world), world.flows["hnte_new"]))

    true = replace_step(monkeypatch, "certify_firms", around)
    return book, InnovationModel(scenario("history", *PERIOD)).run()


def certificate_faults(book, found):
    """Stock = before + new - lapsed, of identified firms; no certificate ends before its time."""
    faults, since = [], {}
    stock, first = by_quarter(found, "hnte_stock"), by_quarter(found, "hnte_new_certificates")
    for quarter, (before, after, counted) in enumerate(book):
        new, lapsed = after - before, before - after
        if len(new) != counted or first[quarter] != len(new) * K:
            faults.append(f"{quarter}: new")
        if stock[quarter] != (len(before) + len(new) - len(lapsed)) * K:
            faults.append(f"{quarter}: stock")
        if quarter and before - book[quarter - 1][1]:
            faults.append(f"{quarter}: a certificate from nowhere")
        faults += [f"{quarter}: early end of {u}" for u in lapsed if u in since and (quarter - since[u]) % VALIDITY]
        since |= dict.fromkeys(new, quarter)
    return faults


def test_certificates_are_those_before_plus_new_less_lapsed(monkeypatch):
    book, found = certificates(monkeypatch)
    assert certificate_faults(book, found) == []
    assert sum(len(before - after) for before, after, _ in book) > 0, "some must lapse"


def test_broken_certificate_that_ends_early_is_found(monkeypatch):
    """Vacuity guard: one holder a quarter loses its certificate to nobody's decision."""

    def spoil(world):
        holders = sorted(certified(world))
        world.firms.hnte_stage[world.firms.uid == holders[-1]] = 0

    book, found = certificates(monkeypatch, spoil)
    assert any("new" in text or "early" in text for text in certificate_faults(book, found))


def test_every_new_certificate_met_its_threshold_by_reported_figures(monkeypatch):
    """Recomputed from the accounts of the firm: three years, years without R&D left out."""
    seen = []

    def around(world, params, draws):
        before = certified(world)
        firms = world.firms
        figures = {name: firms[name].copy() for name in ("rd_reported_q", "rd_reported_1y", "rd_reported_2y")}
        true(world, params, draws)
        for uid in certified(world) - before:
            row = int(np.flatnonzero(firms.uid == uid)[0])
            rd = [4 * figures["rd_reported_q"][row], figures["rd_reported_1y"][row], figures["rd_reported_2y"][row]]
            sales = [firms.sales_y[row], firms.sales_1y[row], firms.sales_2y[row]]
            turnover = sum(s for s, r in zip(sales, rd, strict=True) if r > 0.0)
            seen.append(sum(rd) / turnover >= firms.certificate_threshold[row] * (1 - 1e-12))
            assert firms.is_high_tech_field[row]

    true = replace_step(monkeypatch, "certify_firms", around)
    InnovationModel(scenario("history", *PERIOD)).run()
    assert len(seen) > 10
    assert all(seen)


def patent_stocks(monkeypatch, spoil=None):
    """Inventions in force of all owners at the start and by quarter, and the quarter's grants and lapses."""
    model = InnovationModel(scenario("history", *PERIOD))
    flows = []

    def in_force(world):
        kinds = (world.firms, world.universities, world.institutes)
        held = sum(int(kind.inventions_in_force[kind.rows()].sum()) for kind in kinds)
        return held + int(world.indices["individuals_in_force"][0])

    if spoil is not None:
        after_step(monkeypatch, "exit_and_enter", spoil)
    stocks = [in_force(model.world)]
    while model.steps < model.n_quarters:
        model_steps = model.steps
        model.step()
        assert model.steps == model_steps + 1
        stocks.append(in_force(model.world))
        flows.append((model.world.flows["grants"], model.world.flows["lapses"], model.world.flows["exits"]))
    return stocks, flows, model.outcome()


def test_patents_in_force_are_those_before_plus_granted_less_lapsed(monkeypatch):
    """All owners, individuals too, to the item; patents of firms that close pass to individuals."""
    stocks, flows, found = patent_stocks(monkeypatch)
    assert sum(exits for _, _, exits in flows) > 0
    for quarter, (granted, lapsed, _) in enumerate(flows):
        assert stocks[quarter + 1] == stocks[quarter] + granted - lapsed, quarter
    assert (np.array(stocks[1:]) * K == by_quarter(found, "patents_valid_invention")).all()


def test_broken_heirs_of_patents_are_found(monkeypatch):
    """Vacuity guard: a patent that is lost when firms close."""

    def lose(world):
        world.indices["individuals_in_force"][0] -= 1

    stocks, flows, _ = patent_stocks(monkeypatch, lose)
    assert any(stocks[q + 1] != stocks[q] + granted - lapsed for q, (granted, lapsed, _) in enumerate(flows))


def test_granted_are_never_more_than_filed():
    """Since 2010 less the wait: every grant is of a filing that was pending."""
    model = InnovationModel(scenario("history", *PERIOD))
    pending = sum(int(kind.inventions_pending[kind.rows()].sum()) for kind in (
        model.world.firms, model.world.universities, model.world.institutes))  # fmt: skip
    pending += int(model.world.indices["individuals_pending"].sum())
    found = model.run()
    filed = np.cumsum(by_quarter(found, "patent_applications_invention")) / K
    granted = np.cumsum(by_quarter(found, "patents_granted_invention")) / K
    assert (granted <= filed + pending).all()


def centre_faults(world):
    """A firm with a tier has one centre, at that tier; alliances have living members, each once."""
    firms, centres, alliances, faults = world.firms, world.centres, world.alliances, []
    rows = np.flatnonzero((centres.alive != 0) & (centres.host_kind == HOST_FIRM) & (centres.programme < 3))
    host = centres.host[rows]
    if len(np.unique(centres.host_uid[rows])) != len(rows):
        faults.append("a firm with two centres")
    alive = (firms.alive[host] != 0) & (firms.uid[host] == centres.host_uid[rows])
    if (firms.centre_tier[host[alive]] != centres.tier[rows[alive]]).any():
        faults.append("a tier that is not that of the centre")
    if np.count_nonzero(firms.centre_tier[firms.rows()]) != np.count_nonzero(alive):
        faults.append("a tier without a centre")
    for row in alliances.rows():
        uids = alliances.member_uids[row][alliances.members[row] >= 0]
        if len(np.unique(uids)) != len(uids) or alliances.n_members[row] < 2:
            faults.append("an alliance with itself")
    return faults


def test_a_firm_counts_once_at_its_highest_tier(monkeypatch):
    seen = []
    after_step(monkeypatch, "cross_line", lambda world: seen.append(centre_faults(world)))
    InnovationModel(scenario("plan_b_2014", *PERIOD)).run()
    assert len(seen) == 24
    assert not any(seen), seen


@pytest.mark.parametrize("what", ["tier", "twice"])
def test_broken_tiers_are_found(what, monkeypatch):
    """Vacuity guard: a tier by word of mouth; a centre that is counted twice."""
    seen = []

    def spoil(world):
        firms, centres = world.firms, world.centres
        if what == "tier":
            firms.centre_tier[firms.rows()[firms.centre_tier[firms.rows()] == 0][0]] = 2
        else:
            row = int(np.flatnonzero((centres.alive != 0) & (centres.host_kind == HOST_FIRM))[0])
            values = {name: centres[name][[row]] for name in centres.declared}
            centres.add(centres.new_uids(1), **values)
        seen.extend(centre_faults(world))

    after_step(monkeypatch, "cross_line", spoil)
    InnovationModel(scenario("history", "population.k=20", "end=2011Q1")).run()
    assert seen
