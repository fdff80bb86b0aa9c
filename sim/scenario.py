"""A scenario: everything that decides a run but its seed, checked, frozen and named by what it says.

Money. A dose `budget_y: fiscal_key` is a share of what the province really spent on science and technology that
year: budget = series fiscal_st_expenditure(year) x budget_key.<line>. In a scenario with a phase before the plan
(`before`), the levers in force share the same total as that earlier scenario would have had in the same quarter,
in proportion to their keys: plans are compared at equal money. A budget given as a number stands outside this sum.
Years after the series ends follow the driver's rule.

Example: `build_scenario({"name": "mine", "lever": {"rd_grant": {"budget_y": "200", "rate": "0.3"}}}, "mine.yaml")`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sim.agents.drivers import yearly
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_text
from sim.core.steps import addresses, whole_numbers
from sim.scenario_identity import canonical, fingerprint
from sim.scenario_reading import (
    Dose,
    LeverSetting,
    Phase,
    mapping,
    read_driver,
    read_end,
    read_levers,
    read_mechanism,
    read_name,
    read_quarter,
    read_scale,
    read_sentences,
    read_start,
    read_text,
)
from sim.scenario_values import Faults, Origin, ScenarioError

__all__ = ["Scenario", "ScenarioError", "build_scenario"]

FISCAL_KEY = "fiscal_key"
FISCAL_SERIES = "fiscal_st_expenditure"
MILLION_IN_100M = 100.0
DEFAULT_END = "2021Q4"
SCENARIO_KEYS = (
    *("name", "title_en", "title_zh", "start", "end", "before", "from"),
    *("lever", "mechanism", "driver", "population"),
    *("assumptions", "assumptions_zh", "notes", "notes_zh"),
)
LINES = {"hnte_pool": "hnte_award"}  # levers whose budget line has another name
Params = TypeVar("Params")


@dataclass(frozen=True)
class Scenario:
    """A checked scenario. `phases` are in order of time; mappings must not be changed.

    known_to : the year whose national law stays in force afterwards, for forecasts from it; None: the law as it came.
    """

    name: str
    title_en: str
    title_zh: str
    start: str
    end: str
    k: int
    phases: tuple[Phase, ...]
    mechanism: Mapping[str, float]
    driver: Mapping[str, Mapping[int, float]]
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    assumptions_zh: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    known_to: int | None = None

    @cached_property
    def _fiscal(self) -> dict[tuple[int, int], dict[str, float]]:
        """Money by fiscal_key that was worked out already, by quarter and lever."""
        return {}

    @cached_property
    def _breaks(self) -> frozenset[int]:
        """Quarter numbers from which a phase, a lever or an entry of a schedule holds, or a lever does no more."""
        return frozenset().union(*(phase.breaks for phase in self.phases))

    @property
    def scale(self) -> int:
        """The scale factor k: real agents for one simulated agent."""
        return self.k

    @property
    def lever(self) -> dict[str, dict[str, Dose]]:
        """Doses of the last phase by lever, with start and end as quarter text."""
        return {
            name: {**setting.doses, "start": quarter_text(setting.first), "end": quarter_text(setting.last)}
            for name, setting in self.phases[-1].lever.items()
        }

    @property
    def population(self) -> dict[str, float]:
        """The scale factor k and population parameters that differ from the catalogue."""
        own = {a.split(".", 1)[1]: v for a, v in self.mechanism.items() if a.startswith("population.")}
        return {"k": self.k, **own}

    def phase(self, year: int, quarter: int) -> Phase:
        """The phase in force in a quarter (1 to 4) of a year."""
        when = year * QUARTERS_A_YEAR + quarter - 1
        return next((p for p in reversed(self.phases) if p.first <= when), self.phases[0])

    def in_force(self, lever: str, year: int, quarter: int) -> bool:
        """Whether a lever is in force in a quarter (1 to 4): inside its own start and end."""
        when = year * QUARTERS_A_YEAR + quarter - 1
        return self.phase(year, quarter).lever[lever].in_force(when)

    def dose(self, lever: str, dose: str, year: int, quarter: int) -> float | str:
        """The number or word (fiscal_key, dated_law) of a dose in a quarter; neutral when the lever is not in force."""
        when = year * QUARTERS_A_YEAR + quarter - 1
        setting = self.phase(year, quarter).lever[lever]
        neutral = catalogue().doses[f"{lever}.{dose}"].neutral
        return setting.at(dose, when, neutral) if setting.in_force(when) else neutral

    def dose_value(self, lever: str, dose: str, year: int, quarter: int) -> float:
        """The number of a dose in a quarter, words resolved.

        fiscal_key becomes million yuan a year; dated_law becomes the law's value for the class `all` (a lever that
        knows classes asks `dose` and looks the law up itself).
        """
        found = self.dose(lever, dose, year, quarter)
        if found == FISCAL_KEY:
            return self._fiscal_money(lever, year, quarter)
        if isinstance(found, str):
            return catalogue().rule(f"{lever}_{dose}", min(year, self.known_to or year))
        return found

    def course(self, lever: str, first: int, last: int) -> list[Mapping[str, Any] | None]:
        """Doses of a lever in each quarter number from first to last; None where it is not in force.

        fiscal_key becomes million yuan a year, dated_law stays a word.
        """
        found: list[Mapping[str, Any] | None] = []
        for when in range(first, last + 1):
            if found and when % QUARTERS_A_YEAR and when not in self._breaks:
                found.append(found[-1])  # doses change with the year, and where something begins or ends
                continue
            setting = self.phase(when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1).lever[lever]
            found.append(self._doses(lever, setting, when) if setting.in_force(when) else None)
        return found

    def _doses(self, lever: str, setting: LeverSetting, when: int) -> Mapping[str, Any]:
        """Doses of a setting in a quarter number."""
        found: dict[str, Any] = {}
        for name in setting.changing:
            found[name] = setting.at(name, when, catalogue().doses[f"{lever}.{name}"].neutral)
            if found[name] == FISCAL_KEY:
                found[name] = self._fiscal_money(lever, when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1)
        return {**setting.doses, **found} if found else setting.doses

    def number(self, address: str) -> float:
        """A catalogue parameter as this scenario sets it. Raises CatalogueError for an unknown address."""
        own = self.mechanism.get(address)
        return catalogue().parameter(address).value if own is None else own

    def params(self, module: str, kind: type[Params]) -> Params:
        """The Params of a mechanism: each field is its row of the catalogue (core.steps.addresses) or our override."""
        where, whole = addresses(module, kind), whole_numbers(kind)  # type: ignore[arg-type]
        return kind(**{name: int(self.number(a)) if name in whole else self.number(a) for name, a in where.items()})

    def _fiscal_money(self, lever: str, year: int, quarter: int) -> float:
        """Million yuan a year of a lever under fiscal_key (see the module's text)."""
        found = self._fiscal.get((year, quarter))
        if found is None:  # asked for by every lever in every quarter of every run
            spent = yearly(catalogue(), FISCAL_SERIES, year, self.driver.get(FISCAL_SERIES))[year] * MILLION_IN_100M
            keys = self._fiscal_keys(self.phase(year, quarter), year, quarter)
            total = sum(self._fiscal_keys(self.phases[0], year, quarter).values())
            of_all = sum(keys.values())
            found = self._fiscal[year, quarter] = {name: spent * total * key / of_all for name, key in keys.items()}
        return found[lever]

    def _fiscal_keys(self, phase: Phase, year: int, quarter: int) -> dict[str, float]:
        """Budget keys of the levers that a phase (were it to go on) pays by fiscal_key in a quarter."""
        when = year * QUARTERS_A_YEAR + quarter - 1
        return {
            name: self.number(f"budget_key.{LINES.get(name, name)}")
            for name, setting in phase.lever.items()
            if setting.first <= when <= setting.last
            and "budget_y" in setting.doses
            and setting.at("budget_y", when, 0.0) == FISCAL_KEY
        }

    def canonical(self) -> dict[str, Any]:
        """All that decides a run's numbers, sorted, every number in its one decimal form. Names are not in it."""
        return canonical(self)

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the canonical form, the model's version with its code, and the catalogue's digest."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        """Kept, as a study asks for it with every run; nothing of which it is made changes while a process runs."""
        return fingerprint(self)


def build_scenario(raw: Mapping[str, Any], origin: Origin = "") -> Scenario:
    """The scenario that `raw` describes.

    raw: keys as in configs/scenario/*.yaml; `before` is the earlier scenario's own mapping (its levers hold until
    the quarter before `from`). origin: where it came from, or a function from a key's path to 'file:line'.
    Raises ScenarioError with one line per fault.
    """
    faults = Faults(origin)
    for key in raw:
        if key not in SCENARIO_KEYS:
            faults.unknown((str(key),), SCENARIO_KEYS)
    start = read_start(faults, raw.get("start"))
    last = read_end(faults, raw.get("end"), start, DEFAULT_END)
    scenario = Scenario(
        name=read_name(faults, raw.get("name")),
        title_en=read_text(faults, "title_en", raw),
        title_zh=read_text(faults, "title_zh", raw),
        start=quarter_text(start),
        end=quarter_text(last),
        k=read_scale(faults, raw.get("population")),
        phases=_read_phases(faults, raw, start, last),
        mechanism=read_mechanism(faults, catalogue(), raw.get("mechanism")),
        driver=read_driver(faults, catalogue(), raw.get("driver")),
        assumptions=read_sentences(faults, "assumptions", raw),
        notes=read_sentences(faults, "notes", raw),
        assumptions_zh=read_sentences(faults, "assumptions_zh", raw),
        notes_zh=read_sentences(faults, "notes_zh", raw),
    )
    if faults.lines:
        raise ScenarioError(faults.lines)
    return scenario


def _read_phases(faults: Faults, raw: Mapping[str, Any], start: int, last: int) -> tuple[Phase, ...]:
    """The phase before `from` (if the scenario has an earlier scenario) and the scenario's own phase."""
    before = raw.get("before")
    if before is None:
        if raw.get("from") is not None:
            faults.add(("from",), "needs `before`: the scenario that holds until then", raw["from"])
        return (Phase(start, read_levers(faults, catalogue(), raw.get("lever"), start, last)),)
    earlier = mapping(faults, ("before",), before)
    if earlier.get("before") is not None:
        faults.add(("before",), f"{earlier.get('name')} has an earlier scenario itself; only one step back is allowed")
    own_first = read_quarter(faults, ("from",), raw.get("from"), -1)
    if own_first == -1:
        faults.add(("from",), "must be given with `before`: the first quarter of this scenario's own levers")
    elif not start < own_first <= last:
        allowed = f"{quarter_text(start + 1)}..{quarter_text(last)}"
        faults.add(("from",), f"is outside {allowed} (after the start, not after the end)", raw.get("from"))
    return (
        Phase(start, read_levers(faults, catalogue(), earlier.get("lever"), start, last)),
        Phase(own_first, read_levers(faults, catalogue(), raw.get("lever"), own_first, last)),
    )
