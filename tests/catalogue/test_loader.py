"""The loader reads what stands in the tables, and says where and why a broken table is broken."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.catalogue.loader import FOLDER, Catalogue, catalogue
from sim.catalogue.tables import CatalogueError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the catalogue's tables that a test may break."""
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


BROKEN = [
    ("units.csv", "yuan,yuan,元,money,1\n", "yuan,yuan,元,money,one\n", r"units\.csv:2: factor: 'one' is not a finite"),
    ("units.csv", "yuan,yuan,元,money,1\n", "yuan,yuan,元,money,nan\n", r"units\.csv:2: factor: 'nan' is not a finite"),
    ("units.csv", "yuan,yuan,元,money,1\n", "yuan,yuan,元,money\n", r"units\.csv:2: 4 cells, expected 5"),
    ("units.csv", "unit,title_en", "unit,title", r"units\.csv:1: columns are unit,title,.*expected unit,title_en"),
    ("units.csv", "1000 yuan,", "yuan,", r"units\.csv: unit: 'yuan' stands twice"),
    ("sources.csv", ",assumption\n", ",guess\n", r"sources\.csv:2: kind: 'guess' is not one of plan, statistics"),
    ("sectors.csv", ",1,1,1,other", ",1,1,yes,other", r"sectors\.csv:2: is_heavy: 'yes' is not 0 or 1"),
    (
        "targets.csv",
        ",simulated,rd_gdp_ratio",
        ",maybe,rd_gdp_ratio",
        r"targets\.csv:2: status: 'maybe' is not one of sim",
    ),
    (
        "indicators.csv",
        ",up,rd,city,",
        ",up,rd,village,",
        r"indicators\.csv:2: by: 'village' is not one of city, sector",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), BROKEN)
def test_a_broken_table_names_file_line_column_value_and_what_is_allowed(
    copy: Path, name: str, old: str, new: str, message: str
) -> None:
    replace(copy / name, old, new)
    cat = Catalogue(copy)
    with pytest.raises(CatalogueError, match=message):
        getattr(cat, name.removesuffix(".csv"))


def test_a_missing_table_is_named(copy: Path) -> None:
    (copy / "doses.csv").unlink()
    with pytest.raises(CatalogueError, match=r"doses\.csv: the table is missing"):
        _ = Catalogue(copy).doses


def test_a_year_that_stands_twice_is_refused(copy: Path) -> None:
    path = copy / "observed" / "drivers.csv"
    path.write_text(path.read_text(encoding="utf-8") + "cpi,2010,3,% a year,again,assumption,low\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"drivers\.csv: cpi: year 2010 stands twice"):
        Catalogue(copy).series("cpi")


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(CatalogueError, match=r"no row 'rd_expenditur'; did you mean 'rd_expenditure'\?"):
        catalogue().series("rd_expenditur")
    with pytest.raises(CatalogueError, match=r"no row 'nothing\.like_it'"):
        catalogue().parameter("nothing.like_it")


def test_rows_and_tables_cannot_be_changed() -> None:
    cat = catalogue()
    with pytest.raises(dataclasses.FrozenInstanceError):
        cat.cities[0].city = "Beijing"  # type: ignore[misc]
    with pytest.raises(TypeError):
        cat.units["dozen"] = cat.units["yuan"]  # type: ignore[index]


def test_the_catalogue_is_read_once() -> None:
    assert catalogue() is catalogue()
    assert catalogue().indicators is catalogue().indicators


def test_tables_over_sectors_follow_the_order_of_the_sectors(copy: Path) -> None:
    path = copy / "structure.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]
    codes = [row.sector for row in catalogue().sectors]
    body = [f"test_table,{code},{int(code[1:])},0,99,share,assumed,assumption,D," for code in reversed(codes)]
    path.write_text("\n".join([head, *body]) + "\n", encoding="utf-8")
    assert np.array_equal(Catalogue(copy).table("test_table"), np.arange(1.0, 13.0))
    path.write_text("\n".join([head, *body[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"structure\.csv: test_table: no row for S12"):
        Catalogue(copy).table("test_table")


def test_tables_over_years_ascend(copy: Path) -> None:
    path = copy / "structure.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]
    body = [f"by_year,{year},{year},0,9999,year,assumed,assumption,D," for year in (2012, 2010, 2011)]
    path.write_text("\n".join([head, *body]) + "\n", encoding="utf-8")
    assert Catalogue(copy).table("by_year").tolist() == [2010.0, 2011.0, 2012.0]


def test_digest_follows_every_byte_but_not_line_ends(copy: Path) -> None:
    before = Catalogue(copy).digest()
    assert before == catalogue().digest()
    path = copy / "observed" / "drivers.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert Catalogue(copy).digest() == before
    path.write_bytes(path.read_bytes().replace(b"89", b"98", 1))
    assert Catalogue(copy).digest() != before


def test_rules_follow_their_dates_and_classes() -> None:
    cat = catalogue()
    rate = [cat.rule("super_deduction_rate", year) for year in (2010, 2016, 2017, 2018, 2021, 2023)]
    assert rate == [0.5, 0.5, 0.5, 0.75, 0.75, 1.0]
    assert [cat.rule("super_deduction_rate", 2021, c) for c in ("manufacturing", "other", "tech_sme")] == [
        1,
        0.75,
        0.75,
    ]
    assert cat.rule("super_deduction_rate", 2017, "tech_sme") == 0.75
    assert [cat.rule("hnte_rd_sales_threshold", year, "sales_below_50m") for year in (2015, 2016)] == [0.06, 0.05]
    assert [cat.rule("above_scale_line", year) for year in (2010, 2011)] == [5, 20]
    with pytest.raises(CatalogueError, match="no row of 'super_deduction_rate' for class 'all' in 2007"):
        cat.rule("super_deduction_rate", 2007)


def test_units_turn_into_each_other_only_within_a_dimension() -> None:
    cat = catalogue()
    assert cat.convert(6.72, "10,000 person-years", "person-year") == pytest.approx(67_200)
    assert cat.convert(1.0, "100m yuan", "million yuan") == 100
    assert cat.convert(0.1, "%", "%") == 0.1
    with pytest.raises(CatalogueError, match="is no 'firm'"):
        cat.convert(1.0, "100m yuan", "firm")
