"""What an attribution rests on: how absence is meant, what the bands hold, and what about the levers is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.attribution.groups import BY_LAW, Group
from experiments.attribution.rows import Attribution
from experiments.caution import Caution, held_by_bands
from experiments.draws.variation import Variation
from experiments.words import Pair
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import FISCAL_SERIES, LINES, Scenario

ASSUMED = "assumption"
VALUE: Pair = (
    "A group's part is its Shapley value: what it adds to the groups that came before it, averaged over all "
    "orders in which the groups may come. The parts sum exactly to the difference between all groups and "
    "none. Where groups work together, what they do together is shared equally between them.",
    "各类工具的贡献按沙普利值计算：在各类工具加入的所有可能顺序中，取该类工具加入时带来的变化的平均值。"
    "各项贡献之和严格等于“全部实施”与“均不实施”之差；共同作用产生的效果在相关类别之间平均分摊。",
)
AWAY: Pair = (
    "A group that is away is at neutral doses from {start} on. What was in force before stays as it was, and "
    "what was promised then is still paid.",
    "“不实施”指自{start_zh}起该类工具不再发挥作用；此前的政策及已作出的承诺照旧兑现。",
)
AWAY_ALL_ALONG: Pair = (
    "A group that is away is at neutral doses in the whole run, from {start} on.",
    "“不实施”指自{start_zh}起整个运行期内该类工具均不发挥作用。",
)
UNSPENT: Pair = (
    "The money of a group that is away is not spent: no other group receives it. So a coalition with fewer "
    "groups costs less.",
    "不实施的工具，其资金不再支出，也不转给其他工具，因此工具较少的组合成本也较低。",
)
NOT_HANDED_ON: Pair = (
    "This differs from running a scenario without a lever, where lines that share a fixed total take over its money.",
    "这不同于直接在情景中去掉某项工具：那时按比例分配固定总额的其余各项会得到它的资金。",
)
COST: Pair = (
    "Public cost is what all budget lines disbursed and the tax that was not collected, in all years to "
    "{year}, split in the same way as the outcomes: what a group makes another one cost is shared between "
    "them.",
    "公共成本为截至 {year} 年各年财政拨付与少征税款之和，按同样方法分摊：一类工具使另一类工具多支出的部分由两者分担。",
)
BANDS: Pair = (
    "Bands are 5-95 % of paired runs: all coalitions of a run have the same chance, parameters and drivers. "
    "Bands of chances are those of a bootstrap over the runs.",
    "区间为配对运行的 5–95% 分位：同一次运行的所有组合采用相同的随机数、参数和外生变量；概率的区间由对运行重抽样得到。",
)
LAW: Pair = (
    "Tax relief is national law, which no provincial plan decides. It is a group here so that what it does is not"
    " credited to the plan; away, the law is not applied from {start} on.",
    "税收优惠属国家法规，省级规划无权决定；此处单列一类，以免将其效果计入规划。“不实施”指自{start_zh}起不适用该法规。",
)
AFTER_DATA: Pair = (
    "Budgets after the last observed year of fiscal spending ({last}) follow its central path in every run.",
    "财政科技支出最后观测年（{last} 年）之后，各次运行的预算均按其中值走势计算。",
)
NO_PROOF: Pair = (
    "The parts are what the model says under its assumptions. They are no proof of what happened in the province.",
    "以上为模型在其假设下的结果，不能作为全省实际因果关系的证明。",
)


def start_of(scenario: Scenario) -> Pair:
    """The first quarter of the scenario's own levers, in words."""
    first = scenario.phases[-1].first
    year, quarter = divmod(first, QUARTERS_A_YEAR)
    return quarter_text(first), f" {year} 年第 {quarter + 1} 季度"


def sentences(found: Attribution, variation: Variation) -> Iterator[Pair]:
    """How the parts are meant and what their bands hold."""
    start, start_zh = start_of(found.scenario)
    told = {"start": start, "start_zh": start_zh, "year": found.cost.question.year}
    is_own_phase = len(found.scenario.phases) > 1
    method = [VALUE, AWAY if is_own_phase else AWAY_ALL_ALONG, UNSPENT]
    method += [NOT_HANDED_ON] if is_own_phase else []  # one phase alone shares no total
    method += [COST, BANDS]
    method += [LAW] if any(lever in _by_law() for group in found.cost.groups for lever in group.levers) else []
    for english, chinese in method:
        yield english.format(**told), chinese.format(**told)
    last = max(catalogue().series(FISCAL_SERIES))
    if quarter_number(found.scenario.end) // QUARTERS_A_YEAR > last and is_own_phase:
        yield AFTER_DATA[0].format(last=last), AFTER_DATA[1].format(last=last)
    yield held_by_bands(variation)
    caution = Caution(found.cost.runs, found.scenario.scale, variation)
    yield from caution.sentences[2:] if caution.is_few or caution.scale > 1 else ()
    yield NO_PROOF


def _by_law() -> set[str]:
    return {name for name, row in catalogue().levers.items() if row.family == BY_LAW}


def of_scenario(scenario: Scenario) -> list[Pair]:
    """The scenario's own assumptions; English stands in where it gives no translation."""
    english, chinese = scenario.assumptions, scenario.assumptions_zh
    return list(zip(english, chinese if len(chinese) == len(english) else english, strict=True))


def lever_rows(groups: Sequence[Group], language: int) -> Iterator[list[str]]:
    """One row a lever: its group, the grade of its evidence, its share of spending, how many doses are assumed."""
    cat = catalogue()
    for group in groups:
        for name in group.levers:
            row = cat.levers[name]
            key = cat.parameters.get(f"budget_key.{LINES.get(name, name)}")
            share = f"{100 * key.value:.3g} % ({100 * key.low:.3g}–{100 * key.high:.3g} %), {key.grade}" if key else "–"
            doses = [dose for dose in cat.doses.values() if dose.lever == name]
            assumed = sum(dose.source == ASSUMED for dose in doses)
            told = f"{assumed} of {len(doses)}" if language == 0 else f"{len(doses)} 项中 {assumed} 项"
            yield [(row.title_en, row.title_zh)[language], group.title[language], row.grade, share, told]
