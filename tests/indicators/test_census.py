"""The census of a world of three firms by hand; any grouping sums to the province to the last integer."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES, SERVICE, lines_of
from sim.agents.firm import CERTIFIED
from sim.core.fixed_point import ONE
from sim.indicators.census import (
    AMOUNTS,
    CITIES,
    COUNTED_BY_QUARTER,
    NUMBERS,
    add_quarter,
    amount,
    set_census,
    set_groups,
    set_province,
    take_census,
)
from sim.indicators.firm_counts import DIMENSIONS, N_ROWS
from tests.indicators.three_firms import three_firms
from tests.mechanisms.few_firms import few
from tests.mechanisms.worlds import small_world

PUBLIC = {"rd_universities", "rd_institutes", "staff_public", "inventions_public", "filings_public", "grants_public"}


def census(world):
    amounts, numbers = take_census(world)
    return world.notes["census"], amounts, numbers


def test_three_firms_by_hand():
    held, _, _ = census(three_firms())
    assert held == pytest.approx({
        "rd_reported": 6.0, "rd_actual": 5.0, "rd_staff": 60.0, "support": 0.75, "ind_rd": 5.0, "ind_revenue": 125.0,
        "ind_products": 12.5, "key_rd": 4.0, "key_revenue": 100.0, "certified_sales": 26.0, "high_tech_sales": 25.0,
        "knowledge": 66.0, "rd_universities": 2.0, "rd_institutes": 3.0, "staff_public": 50.0,
        "above": 2, "above_rd": 2, "above_institution": 1, "above_inventions": 7, "key": 1, "key_collaborating": 1,
        "state": 1, "state_rd": 1, "state_institution": 1, "large": 1, "large_institution": 1, "certified": 2,
        "tech_smes": 1, "inventions": 9, "zone_filings": 3, "covered": 2, "inventions_public": 15,
        "support_small": 0.5, "support_private": 0.5, "ind_rd_constant": 5.0, "filings": 9, "grants": 3,
        "first_certificates": 1, "renewed_certificates": 1, "certified_meeting": 1, "changzhi": 1,
        "changzhi_covered": 1, "tied": 1, "ties": 1, "filings_public": 15, "grants_public": 5, "changzhi_inactive": 1,
        "changzhi_assisted": 0, "changzhi_on_paper": 0, "changzhi_without_rd": 0, "changzhi_basic": 0,
    })  # fmt: skip


def test_the_dead_are_not_counted():
    world = three_firms()
    world.firms.alive[0] = 0
    held, _, _ = census(world)
    assert (held["above"], held["key"], held["rd_reported"], held["support"]) == (1, 0, 2.0, 0.5)


def test_cities_sectors_sizes_and_owners_sum_to_the_province_exactly():
    world = small_world()
    random = np.random.default_rng(4)
    firms = world.firms
    firms.rd_actual_q[:200] = random.uniform(0, 3, 200)
    firms.new_product_share[:200] = random.random(200)
    for line in range(len(BUDGET_LINES)):
        firms.received_yuan.record(np.arange(200), line, random.integers(0, 10**6, 200))
    world.accounts.disbursed_q[:] = firms.received_yuan.sums()[0]
    of_rd = np.setdiff1d(np.arange(len(BUDGET_LINES)), lines_of(SERVICE))
    firms.hnte_stage[:200] = random.integers(0, 3, 200)
    firms.covered[:200] = random.integers(0, 2, 200)
    firms.certificate_q[:200] = random.integers(0, 3, 200)
    firms.grants_q[:200], firms.n_alliances[:200] = random.integers(0, 3, (2, 200))
    world.indices |= {"price": np.array([1.1]), "deflator": np.array([1.2])}
    world.universities.rd_q[:], world.institutes.rd_q[:] = 1.1, 0.7
    held, amounts, numbers = census(world)
    assert amounts.shape == (N_ROWS, len(AMOUNTS))
    assert numbers.shape == (N_ROWS, len(NUMBERS))
    for dimension, (first, n) in DIMENSIONS.items():
        for names, sums in ((AMOUNTS, amounts), (NUMBERS, numbers)):
            for k, name in enumerate(names):
                if name in PUBLIC and dimension != "city":
                    continue
                assert sums[first : first + n, k].sum() == sums[CITIES, k].sum(), (dimension, name)
    assert held["rd_actual"] == amounts[CITIES, AMOUNTS.index("rd_actual")].sum() / ONE
    assert held["rd_actual"] == pytest.approx(firms.rd_actual_q[:200].sum(), abs=1e-3)
    assert held["support"] == pytest.approx(firms.received_yuan[:200, of_rd].sum() / 1e6, abs=1e-3)
    assert held["certified"] == (firms.hnte_stage[:200] == CERTIFIED).sum()


def test_groups_cover_all_rows_without_overlap():
    rows = [row for first, n in DIMENSIONS.values() for row in range(first, first + n)]
    assert rows == list(range(N_ROWS))


def test_amounts_scale_up():
    world = three_firms()
    census(world)
    world.scale = 8
    assert amount(world, "rd_reported") == 48.0
    set_census(world, np.full(len(AMOUNTS), ONE), np.full(len(NUMBERS), 2))
    assert (amount(world, "rd_reported"), amount(world, "covered")) == (8.0, 16.0)


def test_a_year_adds_flows_and_keeps_the_last_of_stocks():
    world = three_firms()
    quarter = take_census(world)
    year = None
    for _ in range(4):
        year = add_quarter(year, quarter)
    for names, now, total in zip((AMOUNTS, NUMBERS), quarter, year, strict=True):
        for k, name in enumerate(names):
            times = 4 if name in AMOUNTS or name in COUNTED_BY_QUARTER else 1
            assert (total[:, k] == times * now[:, k]).all(), name
    assert (quarter[1] == take_census(world)[1]).all()  # adding up leaves the quarter alone


def test_recipients_are_kept_for_the_year_even_if_they_leave():
    world = three_firms()
    for quarter in range(3):
        world.calendar.quarter = quarter
        take_census(world)
        take_census(world)  # asking twice counts once
        world.firms.alive[2] = 0
    kept = world.notes["support_year"]
    assert [uids.tolist() for uids, _ in kept.values()] == [[1, 3], [1], [1]]
    assert [yuan.tolist() for _, yuan in kept.values()] == [[250_000, 500_000], [250_000], [250_000]]
    world.calendar.quarter = 4
    take_census(world)
    assert list(world.notes["support_year"]) == [4]


def test_each_group_holds_its_own_firms():
    world = small_world()
    world.indices |= {"price": np.ones(1), "deflator": np.ones(1)}
    firms = world.firms
    firms.filings_q[:] = np.random.default_rng(5).integers(0, 9, firms.capacity)
    _, numbers = take_census(world)
    for dimension, (first, n) in DIMENSIONS.items():
        code = firms["size_class" if dimension == "size" else dimension]
        expected = np.bincount(code[firms.alive != 0], firms.filings_q[firms.alive != 0], n)
        assert numbers[first : first + n, NUMBERS.index("filings")].tolist() == expected.tolist(), dimension
        assert (expected > 0).sum() > 1


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [("rd_reported_q", 1.0, "rd_reported"), ("rd_actual_q", 1.0, "rd_actual"), ("rd_staff", 1.0, "rd_staff"),
     ("knowledge", 1.0, "knowledge"), ("is_tech_sme", 1, "tech_smes"), ("hnte_stage", CERTIFIED, "certified"),
     ("inventions_in_force", 1, "inventions"), ("filings_q", 1, "filings"), ("grants_q", 1, "grants"),
     ("certificate_q", 1, "first_certificates"), ("certificate_q", 2, "renewed_certificates"),
     ("n_alliances", 1, "ties"), ("partner_university", 0, "tied")],
)  # fmt: skip
def test_a_firm_with_a_single_mark_is_counted(column, value, name):
    """Firms without any are passed over: no column may be forgotten there."""
    held, _, _ = census(few(3, **{column: [value]}))
    assert held[name] == 1
    assert census(few(3))[0][name] == 0


def test_groups_stand_where_the_province_stands():
    world = three_firms()
    world.scale = 8
    amounts, numbers = take_census(world)
    set_groups(world, amounts, numbers)
    for dimension, (first, n) in DIMENSIONS.items():
        assert amount(world, "rd_reported")[first : first + n].sum() == 48.0, dimension
    assert amount(world, "covered")[:11].tolist() == [8, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]
    set_province(world, amounts, numbers)
    assert (amount(world, "rd_reported"), amount(world, "covered")) == (48.0, 16.0)
