"""Models broken on purpose, each so that a named fact no longer holds: evidence that the battery can fail.

`innopolicy facts breaks=yes` tries them all on a few seeds (the long form, `make test-science`); `make test` spoils the
arrays of one run instead (tests/science/test_facts_break.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.facts.battery import PARTS, Trial
from experiments.facts.panel import Change, changed, with_step
from experiments.facts.table import MEAN, short, statistics
from sim.agents.world import World
from sim.model import InnovationModel

KIND = "fact"


@dataclass(frozen=True)
class Break:
    """A broken model. key : statistic of facts.csv that must leave its band; part : of the battery."""

    key: str
    part: str
    title_en: str
    title_zh: str
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


def _extremes(world: World) -> None:
    alliances = world.alliances
    alliances.value[:] = np.minimum(10.0 * (alliances.distance - 0.4) ** 2, 1.0)


def _needless(model: InnovationModel) -> None:
    """Money is never short, so that nobody needs a grant more than another."""
    changed(model, "finance_rd", slack=1e4)


BREAKS = (
    Break(
        "tail_exponent",
        "history",
        "sales above 2,000 million yuan count a hundredth",
        "销售额超过 20 亿元的部分只计百分之一",
        _each_quarter(_equal_sizes),
    ),
    Break("growth_shape", "history", "growth of firms is normal", "企业增长服从正态分布", _normal_growth),
    Break(
        "growth_spread",
        "history",
        "growth varies alike in all sizes",
        "各规模企业增长波动相同",
        _parameters("grow_firms", size_variance=0.0),
    ),
    Break(
        "intensity_skew",
        "history",
        "all firms want the same R&D over sales",
        "所有企业期望的研发强度相同",
        _intensity(lambda s: 0.03 + 0.0 * s),
    ),
    Break(
        "log_intensity_skew",
        "history",
        "a few firms in a hundred want next to no R&D",
        "少数企业期望的研发几乎为零",
        _intensity(lambda s: np.where(s * 1e3 % 20.0 < 1.0, 1e-6, 0.03)),
    ),
    Break(
        "rd_elasticity",
        "history",
        "R&D over sales falls with the root of sales",
        "研发强度随销售额平方根下降",
        _intensity(lambda s: 0.3 / s**0.5),
    ),
    Break(
        "sector_share",
        "history",
        "sectors do not differ in R&D over sales",
        "各行业研发强度无差异",
        _intensity(lambda s: 0.03 + 0.0 * s),
    ),
    Break(
        "top_tenth", "history", "all firms want the same R&D", "所有企业期望的研发额相同", _intensity(lambda s: 5.0 / s)
    ),
    Break(
        "persistence",
        "history",
        "R&D stops three times as often",
        "研发中止频率为三倍",
        _parameters("start_rd", stop_base=0.9),
    ),
    Break(
        "patent_overdispersion",
        "history",
        "firms with R&D know and file alike",
        "有研发企业的知识与申请倾向相同",
        _each_quarter(_alike),
    ),
    Break("no_patents_all", "history", "nobody files rarely", "没有企业很少申请专利", _each_quarter(_many_patents)),
    Break(
        "patent_elasticity",
        "history",
        "filings do not depend on knowledge",
        "专利申请与知识无关",
        _parameters("file_patents", elasticity=0.0),
    ),
    Break("grant_own_rd", "grants", "every grant is diverted", "资助全部被挪用", _each_quarter(_wasted)),
    Break("grant_young_less_old", "grants", "no firm is ever short of money", "企业从不缺少资金", _needless),
    Break(
        "elasticity_small",
        "taxes",
        "small firms do not heed the user cost",
        "小企业不理会用户成本",
        _parameters("desire_rd", elasticity_small=0.0),
    ),
    Break(
        "elasticity_large",
        "taxes",
        "large firms answer three times as much",
        "大企业反应为三倍",
        _parameters("desire_rd", elasticity_large=3.0),
    ),
    Break(
        "notch_mass", "history", "a certificate never pays", "认定从不合算", _parameters("weigh_certificate", cost=1e6)
    ),
    Break(
        "notch_relabelled",
        "history",
        "what is reported to reach a threshold is carried out, nothing relabelled",
        "为达门槛上报的研发全部实际开展，无重新归类",
        _together(
            _parameters("desire_rd", notch_real_share=1.0),
            _parameters("report_rd", relabel_curvature=1e6, relabel_state=0.0, audit_cut=1.0),
        ),
    ),
    Break(
        "voucher_soon",
        "vouchers",
        "voucher projects and the ties that they leave make firms forget",
        "创新券项目及其留下的校企联系使企业遗忘知识",
        _parameters("accumulate_knowledge", spillover_voucher=-0.08, spillover_university=-0.08),
    ),
    Break(
        "voucher_gone",
        "vouchers",
        "voucher projects teach four times as much and never fade",
        "创新券项目效果为四倍且从不消退",
        _together(
            _parameters("redeem_vouchers", fade_years=1e6), _parameters("accumulate_knowledge", spillover_voucher=0.32)
        ),
    ),
    Break(
        "ties_overdispersion",
        "history",
        "partners are asked at random",
        "随机邀请联盟伙伴",
        _parameters("form_alliances", knowledge_weight=0.0, tie_attachment=0.0, common_tie_weight=1.0),
    ),
    Break(
        "project_years",
        "history",
        "joint projects end within a year",
        "联合项目一年内结束",
        _parameters("manage_alliances", project_shortest=2.0, project_longest=4.0),
    ),
    Break(
        "distance_square",
        "distances",
        "the nearest and the farthest partners are the best",
        "最近与最远的伙伴最佳",
        _each_quarter(_extremes),
    ),
    Break(
        "entry",
        "history",
        "three times as many firms enter",
        "新进入企业为三倍",
        _parameters("exit_and_enter", entry_small_y=0.3),
    ),
    Break(
        "exit",
        "history",
        "twice as many firms close",
        "退出企业为两倍",
        _parameters("exit_and_enter", exit_small_y=0.18),
    ),
    Break(
        "firms_share",
        "history",
        "firms can pay for half of their R&D",
        "企业仅能支付一半研发",
        _parameters("finance_rd", slack=0.5),
    ),
)


def value(one: Break, trials: Sequence[Trial], change: Change | None) -> float:
    """The statistic of a break over the trials, on the model with a change or without."""
    row = next(row for row in statistics() if row.key == one.key)
    values = [PARTS[one.part](trial, change)[one.key] for trial in trials]
    return float(np.mean(values) if row.over == MEAN else np.median(values))


def broken_row(one: Break, trials: Sequence[Trial]) -> dict[str, str]:
    """Row of the summary `breaks`: the statistic on the whole and on the broken model."""
    row = next(row for row in statistics() if row.key == one.key)
    whole, broken = value(one, trials, None), value(one, trials, one.change)
    return {
        "kind": KIND, "name": f"{row.number} {row.key}", "title_en": row.title_en, "title_zh": row.title_zh,
        "broken_en": one.title_en, "broken_zh": one.title_zh, "whole": short(whole), "broken": short(broken),
        "whole_result": "pass" if row.holds(whole) else "fail",
        "broken_result": "pass" if row.holds(broken) else "fail", "runs": f"{len(trials)} seeds",
    }  # fmt: skip
