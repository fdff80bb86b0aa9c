"""The coverage campaign by month: survey, helpers, write-off, paper, lapse, money; coverage and R&D part ways."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.campaign import CHANGZHI, HOST, LEDGER, PLATFORM, PROJECT, STAFF
from sim.agents.government import Government
from sim.mechanisms.mark_activity import Params as MarkParams
from sim.mechanisms.mark_activity import mark_activity
from sim.mechanisms.run_campaign import LINE, Params, kind_of, run_campaign
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, frozen, params, small_world

FULL = {"intensity": 1.0, "officials": 60.0, "teams": 10.0, "mentors": 10.0, "pressure": 0.5}
BUSY = {"preparation_months": 0.0}


def lead(world, budget=100.0, **effort):
    """Set the campaign's terms, and the money of the year once."""
    for name, value in (FULL | effort).items():
        world.governments[f"campaign_{name}"][HOST] = value
    if world.accounts.appropriated_year[world.accounts.number(LINE)] == 0:
        world.accounts.appropriate(LINE, int(budget * 1e6))


def city(n=30, start="2020Q1", order=None, **columns):
    """World of n above-scale firms of Changzhi over twelve counties, all without activity, sales falling by uid."""
    return few(
        n, start=start, city=CHANGZHI, is_above_scale=1, county=np.arange(n) % 12, sector=np.arange(n) % 4,
        sales_y=np.linspace(400, 20, n), sales_1y=np.linspace(400, 20, n), can_innovate=1,
        nearest_kind=np.linspace(0, 0.99, n), formality=np.linspace(0.99, 0, n), **columns,
    )  # fmt: skip


def quarters(world, n=1, draws=None, p=None, **effort):
    """Run the campaign for n quarters with the bookkeeping around it; covered firms after each."""
    found = []
    for i in range(n):
        if i:
            turn(world)
        for name in ("start_lift", "product_gain"):
            world.firms[name].fill(0.0)
        lead(world, **effort)
        run_campaign(world, p or params(Params, **BUSY), draws or world.draws)
        mark_activity(world, params(MarkParams), world.draws)
        found.append(int((world.firms.covered[world.firms.rows()] != 0).sum()))
    return found


def turn(world):
    """Move the clock; payments of the last quarter are cleared, and each January the lines start empty."""
    world.calendar.quarter += 1
    world.draws.open_quarter(world.calendar.quarter)
    for kind in world.payees:
        kind.received_yuan.clear()
    world.accounts.open_quarter()
    if world.calendar.is_first_of_year:
        world.accounts.open_year()


def column(world, name):
    """A column of the ledger by month, summed over counties."""
    return [int(table[:, LEDGER.index(name)].sum()) for table in world.notes["campaign"]["ledger"]]


def test_without_intensity_nothing_is_touched_and_nothing_is_drawn():
    world = city()
    before = frozen(world)
    run_campaign(world, params(Params), None)
    assert frozen(world) == before
    assert "campaign" not in world.notes


def test_survey_then_ledger_then_help_a_month_later():
    world = city(start="2020Q2")
    quarters(world, 1, draws=Said(), p=params(Params))
    assert world.notes["campaign"]["months"] == [(2020, 4), (2020, 5), (2020, 6)]
    assert column(world, "surveyed") == [0, 0, 30]
    assert column(world, "listed") == [0, 0, 30]
    assert column(world, "with_helper") == [0, 0, 0]
    turn(world)
    lead(world)
    run_campaign(world, params(Params), Said())
    assert column(world, "with_helper")[3] > 0
    assert column(world, "written_off")[:3] == [0, 0, 0]


@pytest.mark.parametrize(("own", "expected"), [(0, 1), (1, 2), (5, 2), (7, 3)])
def test_classes_of_the_survey(own, expected):
    world = city(1, own_activity=own)
    quarters(world, 1, draws=Said(), p=params(Params, preparation_months=2.0))
    assert world.firms.ledger_class[0] == expected


def test_the_kind_is_the_easiest_and_a_ready_firm_is_written_off_in_the_month():
    p = params(Params)
    kind, rate = kind_of(p, np.array([0.0, 0.49, 0.5, 0.79, 0.81]))
    assert kind.tolist() == [PLATFORM, PLATFORM, PROJECT, PROJECT, STAFF]
    assert rate.tolist() == [p.platform_rate] * 2 + [p.project_rate] * 2 + [p.staff_rate]
    world = city(4)
    quarters(world, 1, draws=Said(campaign__second_month=0.0))
    assert world.firms.campaign_bits[:4].tolist() == [PLATFORM, PLATFORM, PROJECT, STAFF]
    assert column(world, "written_off") == [0, 4, 0]
    assert column(world, "listed") == [4, 0, 0]


def test_paper_needs_pressure_and_advice_makes_it_rarer():
    shares = {}
    for name, effort in {"none": {"pressure": 0.0}, "alone": {"teams": 0.0, "mentors": 0.0}, "advised": {}}.items():
        world = city(200)
        quarters(world, 1, draws=Said(campaign__second_month=0.0), **({"pressure": 1.0, "officials": 900.0} | effort),
                 p=params(Params, firms_per_team=50.0, **BUSY))  # fmt: skip
        assert column(world, "covered")[-1] == 200
        shares[name] = column(world, "on_paper")[-1] / 200
    assert shares["none"] == 0.0
    assert 0.0 < shares["advised"] < shares["alone"]


def test_what_was_shown_lapses_paper_first_and_the_firm_is_listed_again():
    p = params(Params, preparation_months=0.0, lapse=0.02, paper_lapse=0.2)
    world = city(2, ledger_class=2, campaign_bits=PLATFORM, is_on_paper=[0, 1])
    quarters(world, 1, draws=Said(campaign__first_month=0.9), p=p)
    assert world.firms.campaign_bits[:2].tolist() == [PLATFORM, 0]
    assert column(world, "lapsed") == [1, 0, 0]
    assert column(world, "listed")[0] == 1


def test_it_goes_on_lapsing_when_the_campaign_is_over():
    world = city(200)
    risen = quarters(world, 4, officials=600.0)
    fallen = quarters(world, 9, intensity=0.0)
    assert risen[-1] > 150
    assert fallen[-1] < 0.75 * risen[-1]
    assert not world.firms.has_helper.any()
    assert column(world, "written_off")[-24:] == [0] * 24


def test_more_intensity_never_covers_less():
    for seed in range(4):
        found = []
        for intensity in (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0):
            world = city(120)
            world.draws.seed = seed
            found.append(quarters(world, 6, intensity=intensity))
        assert (np.diff(np.array(found), axis=0) >= 0).all(), found
        assert found[0][-1] == 0
        assert found[-1][1] > found[2][1]


def test_full_coverage_is_missed_when_time_or_capacity_is_short():
    world = city(120)
    found = quarters(world, 3, officials=6.0, teams=1.0, mentors=0.0)
    assert 0 < found[-1] < 120
    assert quarters(city(120), 3)[-1] < 120


def test_coverage_and_rd_part_ways():
    world = city(120)
    firms = world.firms
    covered = quarters(world, 4, officials=600.0, pressure=1.0)[-1]
    assert covered > 90
    assert not firms.has_rd.any()
    assert not firms.own_activity.any()
    assert 0.0 < firms.start_lift[firms.rows()].max() <= params(Params).start_lift
    assert not (firms.campaign_bits & 1).any(), "the campaign itself shows no R&D outlay"


def test_advice_lifts_only_those_without_rd_and_fades():
    p = params(Params, **BUSY)
    world = city(2, campaign_advice=0.8, has_rd=[1, 0])
    lifts = []
    for _ in range(9):
        world.firms.start_lift.fill(0.0)
        world.notes.setdefault("campaign", {"worked": 9, "counties": ("c",) * 12, "months": [], "ledger": []})
        run_campaign(world, p, world.draws)
        lifts.append(world.firms.start_lift[:2].tolist())
        turn(world)
    assert all(lift[0] == 0.0 for lift in lifts)
    assert lifts[0][1] == pytest.approx(0.8 * p.start_lift)
    assert lifts[8][1] == pytest.approx(0.8 * p.start_lift * np.exp(-2.0 / p.fade_years))


def test_money_is_paid_for_used_months_only_and_both_sides_of_the_books_agree():
    world = city(60)
    quarters(world, 1, budget=20.0)
    number = world.accounts.number(LINE)
    got = [int(kind.received_yuan[:, number].sum()) for kind in world.payees]
    world.accounts.check(np.bincount([number], [sum(got)], len(world.accounts.lines)).astype(np.int64))
    assert all(got[i] > 0 for i in (1, 2, 4)), "universities, institutes and the city"
    assert world.governments.received_yuan[HOST, number] == got[4]
    rich = city(60)
    quarters(rich, 1, budget=2000.0)
    assert rich.accounts.disbursed_year[number] == world.accounts.disbursed_year[number], "it plateaus"


def test_an_empty_line_helps_nobody_and_a_short_one_is_spread_over_the_year():
    world = city(200)
    quarters(world, 3, budget=0.0)
    assert not world.firms.has_helper.any()
    world = city(200)
    quarters(world, 1, budget=1.2)
    assert 0 < world.accounts.disbursed_year.sum() <= 300_000


def test_mentors_are_active_firms_of_the_sector_and_are_paid():
    world = city(8, own_activity=[1, 0, 0, 0, 0, 0, 0, 0], has_rd=[1, 0, 0, 0, 0, 0, 0, 0], ledger_class=1)
    quarters(world, 1, draws=Said(campaign__third_month=1.0, campaign__first_month=1.0, campaign__second_month=1.0),
             officials=0.0, teams=0.0)  # fmt: skip
    assert np.flatnonzero(world.firms.has_helper).tolist() == [4]  # the other firm of sector 0
    assert world.firms.received_yuan[0].sum() == pytest.approx(3 * 1e6 * params(Params).mentor_cost / 2, abs=3)


def test_leaders_in_new_products_are_rewarded_and_promoted_for_a_year():
    world = city(12, start="2020Q4", new_product_share=[0.0] * 10 + [0.5, 0.4])
    p = params(Params, leaders_y=1.0, **BUSY)
    quarters(world, 1, p=p)
    line = world.accounts.number(LINE)
    assert world.firms.received_yuan[10, line] >= 1e6 * p.leader_reward
    assert world.firms.product_gain[:12].tolist() == [0.0] * 10 + [p.leader_gain, 0.0]
    quarters(world, 5, p=p, intensity=0.0)
    assert not world.firms.product_gain.any()


def test_rows_do_not_matter():
    def run(order):
        world = small_world("2020Q1", "2021Q4", order=order)
        world.firms.city.fill(CHANGZHI)
        world.firms.sales_y[world.firms.rows()] += 0.0
        for _ in range(4):
            lead(world)
            run_campaign(world, params(Params, **BUSY), world.draws)
            turn(world)
        names = ("campaign_bits", "is_on_paper", "ledger_class", "has_helper", "campaign_advice", "leader_quarters")
        return [by_uid(world.firms, name).tolist() for name in names], world.accounts.disbursed_year.tolist()

    assert run(None) == run(np.random.default_rng(5).permutation(200))


def test_terms_are_neutral_at_zero():
    declared = Government.declared()
    assert all(declared[f"campaign_{name}"].neutral == 0.0 for name in FULL)
