"""Certificates: who may apply, twelve quarters, renewal before expiry, the pool, and awards within the line."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import CERTIFIED, NONE, POOL
from sim.mechanisms.certify_firms import Params, certify_firms, reported_ratio
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "hnte_award"
PLAIN = {"ready_start": 0.5, "apply_y": 1.0, "pass_share": 0.8, "renew": 0.9, "validity_q": 12, "least_age_q": 4,
         "pool_stay_q": 3, "pool_noise": 0.0}  # fmt: skip
FIRM = {"has_rd": 1, "can_innovate": 1, "is_high_tech_field": 1, "age_q": 20, "soft_ip": 1, "rd_reported_q": 1.0,
        "sales_y": 50.0, "certificate_threshold": 0.06, "certificate_gain": 1.0}  # a ratio of 0.08  # fmt: skip
HOLDER = FIRM | {"hnte_stage": CERTIFIED, "hnte_quarters_left": 1}


def certify(world, push=1.0, places=0.0, award=0.0, budget=0, said=None, **changes):
    world.indices["push"] = np.array([push])
    world.notes.setdefault("push_2011", 0.6)
    world.governments.pool_places_y[0], world.governments.certificate_award[0] = places, award
    if budget:
        world.accounts.appropriate(LINE, budget)
    certify_firms(world, params(Params, **(PLAIN | changes)), Said(**(said or {})))
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world.firms


def test_an_eligible_firm_gets_its_certificate_for_twelve_quarters():
    world = few(1, **FIRM)
    in_force = 0
    for quarter in range(14):
        if quarter:
            next_quarter(world)
            world.firms.rd_reported_q[0] = 0.1  # it no longer meets the threshold
        certify(world)
        in_force += int(world.firms.hnte_stage[0] == CERTIFIED)
    assert in_force == 12
    assert world.firms.hnte_stage[0] == NONE


@pytest.mark.parametrize(
    "lack",
    [{"is_high_tech_field": 0}, {"age_q": 3}, {"soft_ip": 0}, {"certificate_gain": 0.0}, {"rd_reported_q": 0.74},
     {"has_rd": 0}],
)  # fmt: skip
def test_who_lacks_one_condition_gets_none(lack):
    assert first(certify(few(1, **(FIRM | lack))), "hnte_stage") == [NONE]


def test_an_invention_counts_as_a_registered_right_and_the_threshold_is_met_at_equality():
    firms = certify(few(2, **(FIRM | {"soft_ip": 0, "inventions_in_force": [1, 0], "rd_reported_q": 0.75})))
    assert first(firms, "hnte_stage") == [CERTIFIED, NONE]


def test_application_and_score_are_drawn():
    quarter = 1 - 0.5**0.25
    said = {"certify__apply": [quarter - 1e-9, quarter + 1e-9, 0.01], "certify__score": [0.79, 0.79, 0.81]}
    assert first(certify(few(3, **FIRM), apply_y=0.5, said=said), "hnte_stage") == [CERTIFIED, NONE, NONE]


def test_readiness_grows_with_the_push():
    for push, ready in ((0.6, 0.5), (0.8, 0.75), (1.0, 1.0)):
        world = few(2, **(FIRM | {"certificate_readiness": [ready - 1e-6, ready + 1e-6]}))
        assert first(certify(world, push), "hnte_stage") == [CERTIFIED, NONE]


def test_renewal_comes_before_expiry_so_the_stock_does_not_dip():
    world = few(2, **HOLDER)
    stock = []
    for quarter in range(30):
        if quarter:
            next_quarter(world)
        certify(world)
        stock.append(int((world.firms.hnte_stage == CERTIFIED).sum()))
        assert world.flows["hnte_renewed"] == (2 if quarter % 12 == 0 else 0)
        assert world.flows["hnte_new"] == 0
    assert set(stock) == {2}


def test_who_is_not_renewed():
    columns = HOLDER | {"rd_reported_q": [1.0, 0.7, 1.0, 1.0], "certificate_gain": [1.0, 1.0, 0.0, 1.0]}
    firms = certify(few(4, **columns), said={"certify__renew": [0.89, 0.5, 0.5, 0.91]})
    assert first(firms, "hnte_stage") == [CERTIFIED, NONE, NONE, NONE]
    assert first(firms, "hnte_quarters_left") == [12, 0, 0, 0]


def test_first_and_renewed_certificates_are_told_apart_for_one_quarter():
    world = few(3, **(HOLDER | {"hnte_stage": [NONE, CERTIFIED, CERTIFIED], "hnte_quarters_left": [0, 1, 5]}))
    assert first(certify(world), "certificate_q") == [1, 2, 0]
    assert (world.flows["hnte_new"], world.flows["hnte_renewed"]) == (1, 1)
    next_quarter(world)
    assert first(certify(world), "certificate_q") == [0, 0, 0]


def test_before_its_end_no_certificate_is_looked_at():
    firms = certify(few(1, **(HOLDER | {"hnte_quarters_left": 2, "rd_reported_q": 0.0})))
    assert (firms.hnte_stage[0], firms.hnte_quarters_left[0]) == (CERTIFIED, 1)


def test_the_ratio_is_that_of_three_years_or_of_as_many_as_the_firm_has():
    def ratio(rd_1, rd_2, active=1, age=20):
        one = np.ones(1)
        return float(reported_ratio(np.zeros(1, np.int64), 2 * one, 100 * one, rd_1 * one, 50 * one, rd_2 * one,
                                    50 * one,
                                    np.array([active], np.uint8), np.array([age], np.int32))[0])  # fmt: skip

    assert ratio(4.0, 2.0) == pytest.approx(14 / 200)
    assert ratio(4.0, 0.0) == pytest.approx(12 / 200), "a year without R&D counts with its sales"
    assert ratio(0.0, 0.0) == pytest.approx(8 / 200)
    assert ratio(4.0, 0.0, age=7) == pytest.approx(12 / 150), "the year before its first full one does not"
    assert ratio(0.0, 0.0, age=3) == pytest.approx(8 / 100)
    assert ratio(4.0, 2.0, active=0) == 0.0


def test_the_pool_takes_the_nearest_once_a_year_and_coaches_for_its_stay():
    columns = FIRM | {"certificate_readiness": 1.0, "rd_reported_q": 0.0, "rd_reported_1y": [1.0, 2.0, 2.5, 2.0],
                      "sales_1y": 50.0}  # fmt: skip
    world = few(4, **columns)
    certify(world, push=0.6, places=2.0)
    assert first(world.firms, "hnte_stage") == [NONE, POOL, POOL, NONE], "ties by uid"
    stays = []
    for _ in range(3):
        next_quarter(world)
        certify(world, push=0.6)
        stays.append(int((world.firms.hnte_stage == POOL).sum()))
    assert stays == [2, 2, 0]


def test_a_pool_that_opens_within_a_year_is_filled_when_it_opens_and_once_that_year():
    world = few(4, **(FIRM | {"certificate_readiness": 1.0, "rd_reported_q": 0.0}))
    inside = []
    for places in (0.0, 2.0, 2.0, 2.0, 1.0):
        certify(world, push=0.6, places=places)
        inside.append(int((world.firms.hnte_stage == POOL).sum()))
        world.firms.pool_quarters[:] = 0
        next_quarter(world)
    assert inside == [0, 2, 2, 2, 3]


def test_a_pool_firm_applies_before_it_is_ready():
    firms = certify(few(2, **(FIRM | {"certificate_readiness": 1.0, "hnte_stage": [NONE, POOL]})), push=0.6)
    assert first(firms, "hnte_stage") == [NONE, CERTIFIED]


def test_a_fraction_of_a_place_is_not_lost_over_the_years():
    world = few(8, **(FIRM | {"certificate_readiness": 1.0, "rd_reported_q": 0.0}))
    admitted = []
    for year in range(4):
        world.calendar.quarter = 4 * year
        certify(world, push=0.6, places=1.5)
        admitted.append(int((world.firms.hnte_stage == POOL).sum()))
        world.firms.pool_quarters[:] = 0
    assert admitted in ([1, 3, 4, 6], [2, 3, 5, 6])


def test_places_are_those_of_the_run_s_scale():
    world = few(6, **(FIRM | {"rd_reported_q": 0.0}))
    world.scale = 8
    certify(world, places=32.0)
    assert int((world.firms.hnte_stage == POOL).sum()) == 4


def test_awards_go_to_the_best_ratio_while_the_line_lasts():
    world = few(3, **(FIRM | {"rd_reported_q": [1.0, 2.0, 1.5]}))
    certify(world, award=0.2, budget=500_000)
    assert world.firms.received_yuan[:3, 1].tolist() == [0, 200_000, 200_000]
    assert world.accounts.left(LINE) == 100_000
    next_quarter(world)
    certify(world, award=0.2)
    assert received(world, LINE) == 0, "holders are no new certificates"


def test_without_award_or_money_certificates_are_free():
    for award, budget in ((0.0, 900_000), (0.2, 0), (0.2, 199_999)):
        world = few(2, **FIRM)
        certify(world, award=award, budget=budget)
        assert received(world, LINE) == 0
        assert world.flows["hnte_new"] == 2


def test_new_certificates_of_the_last_year_are_remembered():
    world = few(2, **FIRM)
    certify(world)
    assert world.notes["hnte_new_last_year"] == 0
    for _ in range(4):
        next_quarter(world)
        certify(world)
    assert world.notes["hnte_new_last_year"] == 2
    assert world.notes["hnte_new_this_year"] == 0


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        world.indices["push"] = np.ones(1)
        world.firms.can_innovate[:], world.firms.age_q[:], world.firms.soft_ip[:] = 1, 9, 1
        world.firms.certificate_gain[:], world.firms.certificate_threshold[:] = 1.0, 0.05
        world.governments.pool_places_y[0], world.governments.certificate_award[0] = 20, 0.1
        world.accounts.appropriate(LINE, 300_000)
        certify_firms(world, params(Params), world.draws)
    for name in ("hnte_stage", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert set(by_uid(worlds[0].firms, "hnte_stage")) == {NONE, POOL, CERTIFIED}
    assert worlds[0].firms.received_yuan.total().any()
