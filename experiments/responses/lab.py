"""A laboratory: runs the arms of an experiment with one seed and keeps what was seen of province and firms, by year."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array, indicator_places, yearly_values
from experiments.responses.arms import LONG, SHORT, Arm, scenario_of
from experiments.responses.beside import beside
from experiments.responses.inventions import Expected, OfYear
from sim.agents.world import World
from sim.core.money import YUAN_PER_MILLION
from sim.model import InnovationModel
from sim.scenario import Scenario

Panel = Mapping[str, npt.NDArray[Any]]
Watch = Callable[[World], None]
KEPT = 6  # traces in memory: those of one test, and the base that most have
COLUMNS = (
    *("uid", "sector", "city", "ownership", "size_class", "age_q", "is_above_scale", "is_industrial", "is_energy"),
    *("is_high_tech_field", "can_innovate", "has_rd", "had_rd_last_year", "hnte_stage", "certificate_q"),
    *(
        "certificate_threshold",
        "notch_reach",
        "sales_y",
        "sales_year",
        "margin",
        "profit_year",
        "cash",
        "deductible_year",
    ),
    *("rd_actual_year", "rd_reported_year", "rd_intended_q", "rd_finance_q", "knowledge", "rd_staff"),
    *("inventions_in_force", "filings_year", "patent_propensity", "new_product_share", "induced_by_grant"),
    *("quality", "misuse_share", "voucher_effect", "vouchers_used", "n_alliances", "partner_university"),
    *("tie_strength", "incubator", "talent", "centre_tier", "claim_rank", "is_tech_sme", "cognitive_position"),
    *("induced_by_certificate", "grants_q", "grant_award", "soft_ip"),
    *("tax_cut_year", "losses_carried", "deductions_carried"),
)


@dataclass(frozen=True)
class Trace:
    """What one run left: scenario, quarterly indicators of the province, firms at the end of each year, the books.

    panels : year -> columns of the living firms, sorted by uid; prices : of R&D by quarter, staff and the deflator
    together, relative to 2010; expected : inventions by year; watched : what an experiment noted for itself.
    """

    scenario: Scenario
    quarterly: Array
    panels: Mapping[int, Panel]
    ledger: Mapping[int, Mapping[str, Mapping[str, int]]]
    tax_expenditure: Mapping[int, Mapping[str, float]]
    prices: Array
    expected: Mapping[int, OfYear]
    watched: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _years(self) -> Array:
        return yearly_values(self.quarterly)

    def of(self, indicator: str, years: Sequence[int]) -> float:
        """Mean of an indicator of the province over years; an indicator's year is a sum of flows or its end."""
        column = indicator_places()[indicator]
        first = int(self.scenario.start[:4])
        return float(np.mean([self._years[year - first, column] for year in years]))

    def quarters(self, indicator: str) -> Array:
        """An indicator of the province by quarter, shape (n_quarters,)."""
        return self.quarterly[:, indicator_places()[indicator]]

    def real(self, indicator: str, years: Sequence[int]) -> float:
        """Mean over years of a yearly flow of R&D money at the prices of research of 2010."""
        first = 4 * (years[0] - int(self.scenario.start[:4]))
        rows = slice(first, first + 4 * (years[-1] - years[0] + 1))
        return float((self.quarters(indicator)[rows] / self.prices[rows]).sum() / (years[-1] - years[0] + 1))

    def spent(self, years: Sequence[int], line: str = "") -> float:
        """Million yuan paid out of all budget lines, or of one, over years, for the whole province."""
        paid = sum(
            amounts["disbursed"] for y in years for name, amounts in self.ledger[y].items() if line in ("", name)
        )
        return float(paid * self.scenario.scale / YUAN_PER_MILLION)

    def forgone(self, years: Sequence[int]) -> float:
        """Million yuan of tax not collected over years."""
        return float(sum(sum(self.tax_expenditure.get(y, {}).values()) for y in years))

    def inventions(self, years: Sequence[int], of_firms: bool = False) -> float:
        """Inventions that the province, or its firms alone, are expected to file, mean of years."""
        found = [self.expected[year] for year in years]
        others = 0.0 if of_firms else float(np.mean([year.others for year in found]))
        return self.scenario.scale * (float(np.mean([year.firms["filed"].sum() for year in found])) + others)

    def firms(self, year: int) -> Panel:
        """Columns of the firms that live at the end of a year (before exits), sorted by uid."""
        return self.panels[year]


@dataclass
class Lab:
    """Runs arms with one seed. parameters : of all arms, such as a draw or a broken model; the seed is the replicate's.

    around : a context in which every run takes place, for models that are broken on purpose.
    """

    seed: int
    k: int = 1
    parameters: Mapping[str, float] = field(default_factory=dict)
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    _kept: OrderedDict[Arm, Trace] = field(default_factory=OrderedDict)

    def trace(self, arm: Arm) -> Trace:
        """The run of an arm; kept for the next experiment that asks for it."""
        found = self._kept.pop(arm, None) or self.run(arm)
        self._kept[arm] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def run(self, arm: Arm, watch: Watch | None = None, watched: Mapping[str, Any] | None = None) -> Trace:
        """The run of an arm, never kept. `watch` sees the world at the end of every quarter, before firms leave.

        watched : what `watch` writes into, handed on with the trace.
        """
        of_all = replace(arm, parameters=(*self.parameters.items(), *arm.parameters))  # an arm's own have the last word
        scenario = scenario_of(of_all, self.k)
        panels: dict[int, Panel] = {}
        prices: list[float] = []
        expected = Expected(scenario)
        with self.around(), beside("file_patents", after=expected):
            model = InnovationModel(scenario, 1, self.seed)
            _watch(model, panels, prices, watch)
            outcome = model.run()
            del model.record.take  # or a model and all that was seen of it wait for the collector, a gigabyte a seed
        return Trace(scenario, outcome.quarterly, panels, outcome.ledger, outcome.tax_expenditure, np.array(prices),
                     expected.by_year(), watched or {})  # fmt: skip

    def pair(self, base: Arm, other: Arm) -> tuple[Trace, Trace]:
        """Both runs with the same seed."""
        return self.trace(base), self.trace(other)


def _watch(model: InnovationModel, panels: dict[int, Panel], prices: list[float], watch: Watch | None) -> None:
    """Look at the world where it is measured: what the year left, before firms grow, leave and come."""
    take = model.record.take

    def take_and_look(world: World) -> None:
        take(world)
        prices.append(float(world.indices["price"][0] * world.indices["deflator"][0]))
        if world.calendar.is_last_of_year:
            panels[world.calendar.year] = panel_of(world)
        if watch is not None:
            watch(world)

    model.record.take = take_and_look  # type: ignore[method-assign]


def panel_of(world: World) -> Panel:
    """Columns of the living firms, sorted by uid."""
    rows = np.flatnonzero(world.firms.alive)
    rows = rows[np.argsort(world.firms.uid[rows], kind="stable")]
    return {name: getattr(world.firms, name)[rows].copy() for name in COLUMNS}


def both(one: Panel, other: Panel) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Places of the firms that live in both panels."""
    _, here, there = np.intersect1d(one["uid"], other["uid"], assume_unique=True, return_indices=True)
    return here, there


def percent(base: float, other: float) -> float:
    """Change of other against base in percent; not a number where the base is nothing."""
    return 100.0 * (other / base - 1.0) if base else float("nan")


def change(lab: Lab, base: Arm, other: Arm, indicator: str, years: Sequence[int]) -> float:
    """Change of an indicator by the other arm in percent, over years."""
    one, two = lab.pair(base, other)
    return percent(one.of(indicator, years), two.of(indicator, years))


def short_and_long(lab: Lab, base: Arm, other: Arm, indicator: str) -> tuple[float, float]:
    """Change of an indicator in percent, one to two and six to eight years on."""
    return change(lab, base, other, indicator, SHORT), change(lab, base, other, indicator, LONG)
