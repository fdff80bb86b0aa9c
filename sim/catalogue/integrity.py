"""What must hold between the catalogue's tables: every key leads somewhere, every range holds its value.

from sim.catalogue.integrity import check
assert not check(catalogue())
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sim.catalogue.integrity_plans import check_plans
from sim.catalogue.loader import SERIES_TABLES, Catalogue
from sim.catalogue.rows import IndicatorRow, Parameter, StructureRow

LAST_OUTCOME_YEAR = 2017  # what came after judges the model and is kept apart from it
UNSOURCED = ("assumption", "not_traced")  # kinds of source that make a number assumed
BASIS = re.compile(r"level|each_year_from_\d{4}|multiple_of_\d{4}|national:(?P<series>\w+)(:each_year_from_\d{4})?")
DRIVER_RULE = re.compile(r"hold_last|grow|level|mean_last:[1-9]\d*|with_series:(?P<series>\w+)")
CENTRE_KINDS = 48  # width of the terms by kind of centre in sim/agents/government.py


def check(cat: Catalogue) -> list[str]:
    """One line for each broken promise of the catalogue; an empty list when all is well."""
    checks = (_sources, _units, _numbers, _levers, _indicators, _targets, _conflicts, _programmes, _series, _streams,
              check_plans)  # fmt: skip
    return [line for one in checks for line in one(cat)]


def _cited(cat: Catalogue) -> Iterator[tuple[str, str]]:
    """(place, source keys) of every row that cites something."""
    for parameter in cat.parameters.values():
        yield f"parameters.csv: {parameter.address}", parameter.source
    for table in cat.structure.values():
        yield from ((f"structure.csv: {row.table}/{row.category}", row.source) for row in table)
    for lever in cat.levers.values():
        yield f"levers.csv: {lever.lever}", ";".join(lever.evidence)
    for dose in cat.doses.values():
        yield f"doses.csv: {dose.address}", dose.source
    for indicator in cat.indicators.values():
        yield f"indicators.csv: {indicator.indicator}", indicator.source
    for target in cat.targets.values():
        yield f"targets.csv: {target.target_id}", target.document
    for kind in cat.programmes:
        yield f"programmes.csv: {kind.kind}", f"{kind.start_source};{kind.pace_source}"
    for series in cat.observed.values():
        yield from ((f"observed: {row.series} {row.year}", row.source) for row in series)
    for rule in cat.rules:
        yield f"national_rules.csv: {rule.rule}", rule.source
    for driver in cat.driver_rules.values():
        yield f"driver_rules.csv: {driver.driver}", driver.source


def _sources(cat: Catalogue) -> Iterator[str]:
    for place, cited in _cited(cat):
        keys = [key.strip() for key in cited.split(";")]
        for key in keys:
            if key not in cat.sources:
                yield f"{place}: source {key!r} is not in sources.csv"


def _measured(cat: Catalogue) -> Iterator[tuple[str, str]]:
    """(place, unit) of every row that has a unit."""
    yield from ((f"parameters.csv: {row.address}", row.unit) for row in cat.parameters.values())
    for table in cat.structure.values():
        yield from ((f"structure.csv: {row.table}/{row.category}", row.unit) for row in table)
    yield from ((f"doses.csv: {row.address}", row.unit) for row in cat.doses.values())
    yield from ((f"indicators.csv: {row.indicator}", row.unit) for row in cat.indicators.values())
    yield from ((f"targets.csv: {row.target_id}", row.unit) for row in cat.targets.values())
    for series in cat.observed.values():
        yield from ((f"observed: {row.series} {row.year}", row.unit) for row in series)
    yield from ((f"national_rules.csv: {row.rule}", row.unit) for row in cat.rules)
    yield from ((f"driver_rules.csv: {row.driver}", row.unit) for row in cat.driver_rules.values() if row.unit)


def _units(cat: Catalogue) -> Iterator[str]:
    for place, unit in _measured(cat):
        if unit not in cat.units:
            yield f"{place}: unit {unit!r} is not in units.csv"


def _range(place: str, low: float, value: float, high: float) -> Iterator[str]:
    if not low <= value <= high:
        yield f"{place}: {value} is outside its range {low} to {high}"


def _is_unsourced(cat: Catalogue, source: str) -> bool:
    """Whether every source cited is of a kind that says: nobody measured this."""
    found = [cat.sources.get(key.strip()) for key in source.split(";")]
    return all(row is not None and row.kind in UNSOURCED for row in found)


def _graded(cat: Catalogue, place: str, row: Parameter | StructureRow) -> Iterator[str]:
    """A number without a source is assumed and of grade D; grade A is for what was measured or enacted."""
    if row.kind == "assumed" and (not _is_unsourced(cat, row.source) or row.grade != "D"):
        yield f"{place}: assumed, so its source is assumption (or not traced) and its grade D"
    if row.kind != "assumed" and _is_unsourced(cat, row.source):
        yield f"{place}: source {row.source!r} makes it assumed, not {row.kind}"
    if row.grade == "A" and row.kind != "measured":
        yield f"{place}: grade A is for measured numbers and statutes, this one is {row.kind}"


def _numbers(cat: Catalogue) -> Iterator[str]:
    for parameter in cat.parameters.values():
        place = f"parameters.csv: {parameter.address}"
        yield from _range(place, parameter.low, parameter.value, parameter.high)
        yield from _graded(cat, place, parameter)
    for row in (row for table in cat.structure.values() for row in table):
        place = f"structure.csv: {row.table}/{row.category}"
        yield from _range(place, row.low, row.value, row.high)
        yield from _graded(cat, place, row)
    for rule in cat.driver_rules.values():
        if rule.value is not None and rule.low is not None and rule.high is not None:
            yield from _range(f"driver_rules.csv: {rule.driver}", rule.low, rule.value, rule.high)


def _levers(cat: Catalogue) -> Iterator[str]:
    for dose in cat.doses.values():
        place = f"doses.csv: {dose.address}"
        if dose.lever not in cat.levers or dose.address != f"{dose.lever}.{dose.dose}":
            yield f"{place}: the address must be <lever>.<dose> with a lever of levers.csv"
        yield from _range(place, dose.low, dose.neutral, dose.high)
    for lever in cat.levers:
        if not any(dose.main for dose in cat.doses.values() if dose.lever == lever):
            yield f"doses.csv: {lever}: has no main dose, so nothing switches it on"


def _has_its_parts(row: IndicatorRow) -> bool:
    """Two parts for a ratio, two or more and no denominator for an index, none for what is measured."""
    if row.kind == "index":
        return len(row.parts) > 1 and not row.denominator
    return len(row.parts) == (2 if row.kind == "ratio" else 0)


def _indicators(cat: Catalogue) -> Iterator[str]:
    for row in cat.indicators.values():
        place = f"indicators.csv: {row.indicator}"
        if not _has_its_parts(row):
            yield f"{place}: a ratio has numerator and denominator, an index ratios, any other kind has neither"
        for part in row.parts:
            found = cat.indicators.get(part)
            if found is None or (found.kind == "ratio") != (row.kind == "index") or found.kind == "index":
                yield f"{place}: {part!r} is no {'ratio' if row.kind == 'index' else 'flow or stock'} of indicators.csv"
        if row.observed and row.observed not in cat.observed:
            yield f"{place}: observed series {row.observed!r} is in no table of observed/"


def _targets(cat: Catalogue) -> Iterator[str]:
    for row in cat.targets.values():
        place = f"targets.csv: {row.target_id}"
        basis = BASIS.fullmatch(row.basis)
        if basis is None or (basis["series"] and basis["series"] not in cat.observed):
            allowed = "level, each_year_from_YYYY, multiple_of_YYYY or national:SERIES (:each_year_from_YYYY after it)"
            yield f"{place}: basis {row.basis!r} is not {allowed}"
        if (row.status == "simulated") != (row.indicator in cat.indicators):
            yield f"{place}: {row.status} with indicator {row.indicator!r}; a simulated row needs one, others have none"
        if row.status != "simulated" and not row.note:
            yield f"{place}: {row.status}, so its note must say why"
        if row.status == "simulated" and row.indicator in cat.indicators and row.basis == "level":
            own, other = cat.units.get(row.unit), cat.units.get(cat.indicators[row.indicator].unit)
            if own is None or other is None or own.dimension != other.dimension:
                yield f"{place}: unit {row.unit!r} does not measure what {row.indicator} does"
        if row.main is not None and not 1 <= row.main <= 40:
            yield f"{place}: main is {row.main}, expected 1 to 40 or nothing"


def _conflicts(cat: Catalogue) -> Iterator[str]:
    for row in cat.conflicts.values():
        place = f"conflicts.csv: {row.id}"
        for target in row.targets:
            if target not in cat.targets:
                yield f"{place}: target {target!r} is not in targets.csv"
        plans = {cat.targets[target].plan for target in row.targets if target in cat.targets}
        if set(row.plans) != plans:
            yield f"{place}: plans {';'.join(row.plans)}, but its targets are of {';'.join(sorted(plans))}"
        if not row.text_en or not row.text_zh:
            yield f"{place}: needs its text in English and Chinese"


def _programmes(cat: Catalogue) -> Iterator[str]:
    if [row.order for row in cat.programmes] != list(range(len(cat.programmes))) or len(cat.programmes) > CENTRE_KINDS:
        yield f"programmes.csv: order must count up from 0 and stay below {CENTRE_KINDS}"
    for row in cat.programmes:
        place = f"programmes.csv: {row.kind}"
        yield from _range(place, row.start_low, row.start_stock_2010, row.start_high)
        yield from _range(place, row.pace_low, row.historical_pace_y, row.pace_high)
        for indicator in row.counted_in:
            if indicator not in cat.indicators:
                yield f"{place}: counted_in names {indicator!r}, which is not in indicators.csv"
        for known, source in ((row.start_kind, row.start_source), (row.pace_kind, row.pace_source)):
            if (known == "assumed") != _is_unsourced(cat, source):
                yield f"{place}: {known} with source {source!r}"


def _series(cat: Catalogue) -> Iterator[str]:
    for row in cat.series_table("history"):
        if row.year > LAST_OUTCOME_YEAR:
            yield f"history.csv: {row.series} {row.year}: outcomes after {LAST_OUTCOME_YEAR} have no place here"
    for row in (row for table in SERIES_TABLES for row in cat.series_table(table)):
        if row.source == "not traced" and row.confidence != "low":
            yield f"observed: {row.series} {row.year}: not traced, so its confidence is low"
    drivers = {row.series for row in cat.series_table("drivers")}
    for driver in sorted(drivers ^ set(cat.driver_rules)):
        yield f"driver_rules.csv: {driver}: drivers.csv and driver_rules.csv must hold the same drivers"
    for rule in cat.driver_rules.values():
        found = DRIVER_RULE.fullmatch(rule.rule)
        if found is None or (found["series"] and found["series"] not in drivers):
            yield f"driver_rules.csv: {rule.driver}: rule {rule.rule!r} is unknown or names no driver"
        if (rule.value is None) == (rule.rule in ("grow", "level")):
            yield f"driver_rules.csv: {rule.driver}: grow and level need a value, other rules have none"


def _streams(cat: Catalogue) -> Iterator[str]:
    seen: dict[int, str] = {}
    for row in cat.streams.values():
        if seen.setdefault(row.number, row.stream) != row.stream:
            yield f"streams.csv: {row.stream} and {seen[row.number]} share number {row.number}"


def unused_sources(cat: Catalogue) -> Iterable[str]:
    """Sources that no row cites, in file order (evidence rows may wait for later mechanisms)."""
    cited = {key.strip() for _, keys in _cited(cat) for key in keys.split(";")}
    return [key for key in cat.sources if key not in cited]
