"""Models broken on purpose, each so that a named fact no longer holds: evidence that the battery can fail.

`innopolicy facts breaks=yes` tries them all on a few seeds (the long form, `make test-science`); `make test` spoils the
arrays of one run instead (tests/science/test_facts_break.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.facts.battery import PARTS, Trial
from experiments.facts.panel import Change, changed, with_step
from experiments.facts.table import short, statistics
from sim.agents.world import World
from sim.model import InnovationModel


@dataclass(frozen=True)
class Break:
    """A broken model. key : statistic of facts.csv that must leave its band; part : of the battery."""

    key: str
    part: str
    name: str
    change: Change


class Spoil:
    """A step after the levers that spoils the world in each quarter."""

    def __init__(self, spoil: Callable[[World], None]) -> None:
        self.apply = spoil


def _parameters(step: str, **values: float) -> Change:
    return lambda model: changed(model, step, **values)


def _together(*changes: Change) -> Change:
    def change(model: InnovationModel) -> None:
        for one in changes:
            one(model)

    return change


def _each_quarter(spoil: Callable[[World], None]) -> Change:
    return lambda model: with_step(model, Spoil(spoil))


def _equal_sizes(world: World) -> None:
    firms = world.firms
    large = firms.sales_y > 2000.0
    firms.sales_y[large] = 2000.0 + 0.01 * firms.sales_y[large]


def _normal_growth(model: InnovationModel) -> None:
    """Growth by a normal law in the place of the model's own."""
    random = np.random.default_rng(1)
    changed(model, "grow_firms", laplace_scale_y=0.0)

    def spoil(world: World) -> None:
        firms = world.firms
        firms.sales_y[:] *= np.exp(0.15 * random.standard_normal(firms.capacity) - 0.01125)

    with_step(model, Spoil(spoil))


def _intensity(law: Callable[[Any], Any]) -> Change:
    """Wanted R&D over sales by another law of sales; nobody reaches for a threshold."""

    def change(model: InnovationModel) -> None:
        changed(model, "weigh_certificate", cost=1e6)
        with_step(model, Spoil(spoil))

    def spoil(world: World) -> None:
        firms = world.firms
        firms.rd_intensity[:] = law(np.maximum(firms.sales_y, 0.3))

    return change


def _alike(world: World) -> None:
    world.firms.patent_propensity[:] = 1.0
    active = (world.firms.alive != 0) & (world.firms.has_rd != 0)
    world.firms.knowledge[active] = 10.0


def _many_patents(world: World) -> None:
    world.firms.patent_propensity[:] = np.maximum(world.firms.patent_propensity, 8.0)


def _wasted(world: World) -> None:
    world.firms.misuse_share[:] = 1.0


def _needless(model: InnovationModel) -> None:
    """Money is never short, so that nobody needs a grant more than another."""
    changed(model, "finance_rd", slack=1e4)


BREAKS = (
    Break("tail_exponent", "history", "sales above 2,000 million yuan count a hundredth", _each_quarter(_equal_sizes)),
    Break("growth_shape", "history", "growth of firms is normal", _normal_growth),
    Break("growth_spread", "history", "growth varies alike in all sizes", _parameters("grow_firms", size_variance=0.0)),
    Break("intensity_skew", "history", "all firms want the same R&D over sales", _intensity(lambda s: 0.03 + 0.0 * s)),
    Break("log_intensity_skew", "history", "a few firms in a hundred want next to no R&D",
          _intensity(lambda s: np.where(s * 1e3 % 20.0 < 1.0, 1e-6, 0.03))),
    Break("rd_elasticity", "history", "R&D over sales falls with the root of sales",
          _intensity(lambda s: 0.3 / s**0.5)),
    Break("sector_share", "history", "sectors do not differ in R&D over sales", _intensity(lambda s: 0.03 + 0.0 * s)),
    Break("top_tenth", "history", "all firms want the same R&D", _intensity(lambda s: 5.0 / s)),
    Break("persistence", "history", "R&D stops three times as often", _parameters("start_rd", stop_base=0.9)),
    Break("patent_overdispersion", "history", "firms with R&D know and file alike", _each_quarter(_alike)),
    Break("no_patents_all", "history", "nobody files rarely", _each_quarter(_many_patents)),
    Break("patent_elasticity", "history", "filings do not depend on knowledge",
          _parameters("file_patents", elasticity=0.0)),
    Break("grant_own_rd", "grants", "every grant is diverted", _each_quarter(_wasted)),
    Break("grant_young_less_old", "grants", "no firm is ever short of money", _needless),
    Break("elasticity_small", "taxes", "small firms do not heed the user cost",
          _parameters("desire_rd", elasticity_small=0.0)),
    Break("elasticity_large", "taxes", "large firms answer three times as much",
          _parameters("desire_rd", elasticity_large=3.0)),
    Break("notch_mass", "history", "a certificate never pays", _parameters("weigh_certificate", cost=1e6)),
    Break("notch_relabelled", "history", "what is reported to reach a threshold is carried out, nothing relabelled",
          _together(_parameters("desire_rd", notch_real_share=1.0),
                    _parameters("report_rd", relabel_curvature=1e6, relabel_state=0.0, audit_cut=1.0))),
    Break("voucher_soon", "vouchers", "voucher projects make firms forget",
          _parameters("accumulate_knowledge", spillover_voucher=-0.08)),
    Break("voucher_gone", "vouchers", "voucher projects teach four times as much and never fade",
          _together(_parameters("redeem_vouchers", fade_years=1e6),
                    _parameters("accumulate_knowledge", spillover_voucher=0.32))),
    Break("ties_overdispersion", "history", "partners are asked at random",
          _parameters("form_alliances", knowledge_weight=0.0, tie_attachment=0.0, common_tie_weight=1.0)),
    Break("project_years", "history", "joint projects end within a year",
          _parameters("manage_alliances", project_shortest=2.0, project_longest=4.0)),
    Break("distance_square", "distances", "the farther the partner the better",
          _parameters("form_alliances", distance_peak=5.0)),
    Break("entry", "history", "three times as many firms enter", _parameters("exit_and_enter", entry_small_y=0.3)),
    Break("exit", "history", "twice as many firms close", _parameters("exit_and_enter", exit_small_y=0.18)),
    Break("firms_share", "history", "firms can pay for half of their R&D", _parameters("finance_rd", slack=0.5)),
)  # fmt: skip


def broken_rows(seeds: int = 3, seed: int = 1) -> list[dict[str, str]]:
    """Rows of the summary `breaks`: the statistic before and after, and whether the break killed it."""
    rows, found = {row.key: row for row in statistics()}, []
    trials = [Trial((), seed, replicate) for replicate in range(seeds)]
    sound = {part: [PARTS[part](trial, None) for trial in trials] for part in {one.part for one in BREAKS}}
    for one in BREAKS:
        row = rows[one.key]
        over = np.mean if row.over == "mean" else np.median
        before = float(over([values[one.key] for values in sound[one.part]]))
        after = float(over([PARTS[one.part](trial, one.change)[one.key] for trial in trials]))
        found.append({
            "kind": "fact", "number": row.number, "key": one.key, "break": one.name, "value_before": short(before),
            "value_after": short(after), "held_before": "yes" if row.holds(before) else "no",
            "held_after": "yes" if row.holds(after) else "no",
        })  # fmt: skip
    return found
