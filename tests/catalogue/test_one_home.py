"""One number, one row: statutes agree with the dated rules, and no two mechanisms keep a knob of the same name."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sim.catalogue.loader import catalogue

STATUTES = [
    ("desire_rd.profit_tax", "profit_tax_rate", "all"),
    ("certify_firms.validity_q", "hnte_validity", "all"),
    ("certify_firms.least_age_q", "hnte_min_age", "all"),
    ("weigh_certificate.band_small", "hnte_sales_band_upper", "sales_below_50m"),
    ("weigh_certificate.band_middle", "hnte_sales_band_upper", "sales_50m_to_200m"),
    ("population.above_scale_line", "above_scale_line", "all"),
    ("population.small_from", "size_class_sales_min", "small"),
    ("population.large_from", "size_class_sales_min", "large"),
    ("register_tech_smes.sales_limit", "tech_sme_sales_max", "all"),
    ("recognise_centres.national_rd", "centre_nation_rd_min", "all"),
    ("recognise_centres.national_wait", "centre_nation_years_at_province", "all"),
]
YEARLY = {"million yuan": "million yuan a year"}  # sales and R&D of a year: the rules name the amount alone


@pytest.mark.parametrize(("address", "rule", "class_"), STATUTES)
def test_a_statute_says_the_same_in_both_tables(address: str, rule: str, class_: str) -> None:
    cat = catalogue()
    row = cat.parameter(address)
    unit = next(r.unit for r in cat.rules if (r.rule, r.class_) == (rule, class_))
    assert row.low == row.value == row.high, f"{address} is law: nothing to sweep"
    assert cat.convert(cat.rule(rule, 2017, class_), YEARLY.get(unit, unit), row.unit) == row.value


def test_the_cut_of_certified_firms_is_that_of_the_law() -> None:
    cat = catalogue()
    cut = cat.rule("profit_tax_rate", 2017) - cat.rule("profit_tax_rate", 2017, "hnte")
    assert cat.parameter("desire_rd.certified_rate").value == pytest.approx(cut)


def test_rows_of_one_name_and_one_range_are_different_things() -> None:
    """A second row of the same name, unit and range is most likely a copy: name its home in SHARED instead."""
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for address, row in catalogue().parameters.items():
        found[address.rpartition(".")[2], row.unit, row.value, row.low, row.high].append(address)
    assert [rows for rows in found.values() if len(rows) > 1] == []
