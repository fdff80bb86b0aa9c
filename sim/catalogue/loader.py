"""Reads the catalogue's tables: every number of the model, with its unit, range, kind, source and grade.

from sim.catalogue.loader import catalogue
cat = catalogue()
cat.parameter("grant_patents.lapse_y").value
cat.series("rd_expenditure")[2012]
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sim.catalogue import plan_rows, rows
from sim.catalogue.tables import CatalogueError, Row, keyed, read_table
from sim.catalogue.trial_rows import LeverTrial

FOLDER = Path(__file__).parent
SERIES_TABLES = ("history", "drivers", "national")


def _find(where: str, found: Mapping[str, Row], key: str) -> Row:
    """The row of a key. Raises CatalogueError naming the nearest known key."""
    if key in found:
        return found[key]
    near = difflib.get_close_matches(key, list(found), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise CatalogueError(f"{where}: there is no row {key!r}{hint}")


@dataclass(frozen=True)
class Folder:
    """A folder of tables, read on first use and kept. Nothing in them can be changed.

    Attributes
    ----------
    folder : where the tables lie; each property of the classes below is one table.
    """

    folder: Path

    def _read(self, name: str, kind: type[Row]) -> tuple[Row, ...]:
        return read_table(self.folder / name, kind)

    def _dict(self, name: str, kind: type[Row], key: str) -> Mapping[str, Row]:
        return keyed(self.folder / name, self._read(name, kind), key)


class PlanTables(Folder):
    """The map of the five plans, and the trials of the levers."""

    @cached_property
    def conflicts(self) -> Mapping[str, plan_rows.ConflictRow]:
        """Numbers of the plans that contradict each other, by id."""
        return self._dict("conflicts.csv", plan_rows.ConflictRow, "id")

    @cached_property
    def trials(self) -> Mapping[str, LeverTrial]:
        """How each lever is tried alone, by lever."""
        return self._dict("lever_trials.csv", LeverTrial, "lever")

    @cached_property
    def instruments(self) -> Mapping[str, plan_rows.InstrumentRow]:
        """Instruments of the five plans by id, with their place in the model."""
        return self._dict("instruments.csv", plan_rows.InstrumentRow, "id_")

    @cached_property
    def rules_of_plans(self) -> Mapping[str, plan_rows.PlanRuleRow]:
        """Rules that the five plans state (R01 to R64), with their place in the model."""
        return self._dict("rules.csv", plan_rows.PlanRuleRow, "id_")

    @cached_property
    def actors(self) -> Mapping[str, plan_rows.ActorRow]:
        """Actors that the five plans name by id, with their place in the model."""
        return self._dict("actors.csv", plan_rows.ActorRow, "id_")


class Tables(PlanTables):
    """The tables of the model."""

    @cached_property
    def parameters(self) -> Mapping[str, rows.Parameter]:
        """Numbers of mechanisms by address, `mechanism.parameter`."""
        return self._dict("parameters.csv", rows.Parameter, "address")

    @cached_property
    def levers(self) -> Mapping[str, rows.LeverRow]:
        """Levers by name."""
        return self._dict("levers.csv", rows.LeverRow, "lever")

    @cached_property
    def doses(self) -> Mapping[str, rows.DoseRow]:
        """Doses by address, `lever.dose`."""
        return self._dict("doses.csv", rows.DoseRow, "address")

    @cached_property
    def indicators(self) -> Mapping[str, rows.IndicatorRow]:
        """Indicators by id, in the order of the results table."""
        return self._dict("indicators.csv", rows.IndicatorRow, "indicator")

    @cached_property
    def targets(self) -> Mapping[str, rows.TargetRow]:
        """All numbers of the five plans by target id."""
        return self._dict("targets.csv", rows.TargetRow, "target_id")

    @cached_property
    def sources(self) -> Mapping[str, rows.SourceRow]:
        """Sources by key."""
        return self._dict("sources.csv", rows.SourceRow, "source")

    @cached_property
    def units(self) -> Mapping[str, rows.UnitRow]:
        """Units by name."""
        return self._dict("units.csv", rows.UnitRow, "unit")

    @cached_property
    def streams(self) -> Mapping[str, rows.StreamRow]:
        """Streams of random numbers by name."""
        return self._dict("streams.csv", rows.StreamRow, "stream")

    @cached_property
    def programmes(self) -> tuple[rows.ProgrammeRow, ...]:
        """Kinds of centre in their order; the position is the code in TechCentre.kind."""
        return self._read("programmes.csv", rows.ProgrammeRow)

    @cached_property
    def sectors(self) -> tuple[rows.SectorRow, ...]:
        """The sectors in order; the position is the code in state."""
        return self._read("sectors.csv", rows.SectorRow)

    @cached_property
    def cities(self) -> tuple[rows.CityRow, ...]:
        """The cities in order; the position is the code in state."""
        return self._read("cities.csv", rows.CityRow)

    @cached_property
    def counties(self) -> tuple[rows.CountyRow, ...]:
        """The counties of Changzhi in order; the position is the code in state."""
        return self._read("counties.csv", rows.CountyRow)

    @cached_property
    def rules(self) -> tuple[rows.RuleRow, ...]:
        """Dated national rules."""
        return self._read("observed/national_rules.csv", rows.RuleRow)

    @cached_property
    def driver_rules(self) -> Mapping[str, rows.DriverRule]:
        """How each driver goes on beyond its last observed year."""
        return self._dict("observed/driver_rules.csv", rows.DriverRule, "driver")

    @cached_property
    def structure(self) -> Mapping[str, tuple[rows.StructureRow, ...]]:
        """Rows of structure.csv by table, in the order of the category list."""
        return MappingProxyType(self._structure())

    def _structure(self) -> dict[str, tuple[rows.StructureRow, ...]]:
        known = [[s.sector for s in self.sectors], [c.city for c in self.cities], [c.county for c in self.counties]]
        tables: dict[str, dict[str, rows.StructureRow]] = {}
        for row in self._read("structure.csv", rows.StructureRow):
            if row.category in tables.setdefault(row.table, {}):
                raise CatalogueError(f"structure.csv: {row.table}: category {row.category!r} stands twice")
            tables[row.table][row.category] = row
        result = {}
        for name, by_category in tables.items():
            order = list(by_category)
            for categories in known:
                if set(order) <= set(categories):
                    order = categories
            if all(category.isdigit() for category in order):
                order = sorted(order, key=int)
            missing = [category for category in order if category not in by_category]
            if missing:
                raise CatalogueError(f"structure.csv: {name}: no row for {', '.join(missing)}")
            result[name] = tuple(by_category[category] for category in order)
        return result

    @cached_property
    def observed(self) -> Mapping[str, tuple[rows.SeriesRow, ...]]:
        """Rows of all observed series by series id, years ascending."""
        found: dict[str, dict[int, rows.SeriesRow]] = {}
        home: dict[str, str] = {}
        for table in SERIES_TABLES:
            for row in self.series_table(table):
                if home.setdefault(row.series, table) != table:
                    raise CatalogueError(f"{table}.csv: series {row.series!r} stands in {home[row.series]}.csv too")
                if row.year in found.setdefault(row.series, {}):
                    raise CatalogueError(f"{table}.csv: {row.series}: year {row.year} stands twice")
                found[row.series][row.year] = row
        return MappingProxyType({name: tuple(r for _, r in sorted(years.items())) for name, years in found.items()})

    def series_table(self, table: str) -> tuple[rows.SeriesRow, ...]:
        """All rows of observed/<table>.csv: history (outcomes), drivers or national."""
        return self._read(f"observed/{table}.csv", rows.SeriesRow)


class Catalogue(Tables):
    """The tables, and what is asked of them by key."""

    def parameter(self, address: str) -> rows.Parameter:
        """One parameter. Raises CatalogueError for an unknown address."""
        return _find("parameters.csv", self.parameters, address)

    def table(self, name: str) -> npt.NDArray[np.float64]:
        """Values of a table of structure.csv: one a category, in category order (sectors, cities, years ascending)."""
        return np.array([row.value for row in _find("structure.csv", self.structure, name)], np.float64)

    def programme(self, kind: str) -> int:
        """Number of a kind of programme, its row in programmes.csv. Raises CatalogueError for an unknown kind."""
        return _find("programmes.csv", self._programme_numbers, kind)

    @cached_property
    def _programme_numbers(self) -> dict[str, int]:
        return {row.kind: row.order for row in self.programmes}

    def series_rows(self, series: str) -> tuple[rows.SeriesRow, ...]:
        """Observed rows of a series, years ascending. Raises CatalogueError for an unknown series."""
        return _find("observed", self.observed, series)

    def series(self, series: str) -> dict[int, float]:
        """Observed values of a series by year; years that were not observed are left out."""
        return {row.year: row.value for row in self.series_rows(series)}

    def rule(self, rule: str, year: int, class_: str = "all") -> float:
        """Value of a national rule in a year for a class, else for class `all`. Raises CatalogueError without one."""
        for wanted in dict.fromkeys((class_, "all")):
            for row in self.rules:
                if (row.rule, row.class_) == (rule, wanted) and row.from_year <= year <= (row.to_year or year):
                    return row.value
        raise CatalogueError(f"national_rules.csv: no row of {rule!r} for class {class_!r} in {year}")

    def convert(self, value: float, unit: str, into: str) -> float:
        """A value in another unit of its dimension. Raises CatalogueError when the units do not measure the same."""
        known, wanted = _find("units.csv", self.units, unit), _find("units.csv", self.units, into)
        if known.dimension != wanted.dimension:
            raise CatalogueError(f"units.csv: {unit!r} ({known.dimension}) is no {into!r} ({wanted.dimension})")
        return value if unit == into else value * known.factor / wanted.factor

    def digest(self) -> str:
        """SHA-256 (hex) over names and bytes of all tables, as they were when first asked for."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        result = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.csv"), key=lambda p: p.relative_to(self.folder).as_posix()):
            # Line ends are made equal so that a checkout on another system is the same catalogue.
            content = path.read_bytes().replace(b"\r\n", b"\n")
            result.update(f"{path.relative_to(self.folder).as_posix()}\0{len(content)}\0".encode())
            result.update(content)
        return result.hexdigest()


@lru_cache(maxsize=4)
def load(folder: Path) -> Catalogue:
    """The catalogue of a folder (tests use their own)."""
    return Catalogue(folder)


@cache
def catalogue() -> Catalogue:
    """The catalogue of the model, read once a process."""
    return load(FOLDER)
