"""How far the figures of a study can be trusted: what few runs and scaled counts allow to be said.

A probability is a share of runs. With none of n runs on the good side, the 95 % upper bound of the chance is
1 - 0.05^(1/n), and with all of them the lower bound is its complement. Seeds that all agree say little when they are
few: n of them agree by chance alone once in 2^(n-1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.draws.variation import AS_IT_STANDS, CENTRAL, Variation
from experiments.outcomes import Results
from experiments.words import Pair

LEAST_SEEDS = 5  # fewer agree by chance more often than once in sixteen
MANY_RUNS = 20  # below this a 5-95 % band is no more than the range of the runs
CERTAINTY = 0.05


def bound(runs: int) -> float:
    """Chance that cannot be ruled out (at 95 %) when none of so many runs met a target."""
    return float(1.0 - CERTAINTY ** (1.0 / runs))


def held_by_bands(variation: Variation) -> Pair:
    """What the bands of a study hold, and what they leave out."""
    if variation.is_central:
        return (
            "Bands and probabilities hold the chance between runs only, not the ranges of the assumed numbers.",
            "区间和概率仅反映各次运行之间的随机差异，不含假设参数取值的不确定性。",
        )
    held, held_zh = ["chance between runs"], ["各次运行之间的随机差异"]
    left, left_zh = ["a form of the model that is wrong"], ["模型结构本身的错误"]
    for drawn, name, name_zh in (
        (
            variation.parameters,
            "the parameters that the fit to 2011–2017 leaves open",
            "2011–2017 年拟合未能确定的参数",
        ),
        (variation.drivers, "the paths of drivers after their last observed year", "外生变量在最后观测年之后的走势"),
    ):
        (left if drawn == CENTRAL else held).append(name)
        (left_zh if drawn == CENTRAL else held_zh).append(name_zh)
    return (
        f"Bands and probabilities hold: {'; '.join(held)}. They do not hold: {'; '.join(left)}.",
        f"区间和概率包含：{'；'.join(held_zh)}。不包含：{'；'.join(left_zh)}。",
    )


@dataclass(frozen=True)
class Caution:
    """What a reader must know: runs of the scenario with the fewest, whether they are few, and the scale factor.

    variation : by what the runs differ beside chance.
    """

    runs: int
    scale: int
    variation: Variation = AS_IT_STANDS

    @property
    def is_few(self) -> bool:
        """Whether bands are no more than the range of the runs."""
        return self.runs < MANY_RUNS

    @property
    def sentences(self) -> list[Pair]:
        """What to say of the probabilities, the bands and the counts, English and Chinese."""
        low, high = f"{100 * bound(self.runs):.0f}", f"{100 * (1 - bound(self.runs)):.0f}"
        one = self.runs == 1
        found = [
            (
                f"From {self.runs} {'run' if one else 'runs'}, 0 % means a chance of at most {low} %, "
                f"100 % one of at least {high} % (95 % confidence).",
                f"仅 {self.runs} 次运行时，0% 表示实现概率不高于 {low}%，100% 表示不低于 {high}%（95% 置信水平）。",
            ),
            held_by_bands(self.variation),
        ]
        if self.is_few:
            found.append(
                (
                    f"With fewer than {MANY_RUNS} runs the 5–95 % band is little more than their range.",
                    f"运行不足 {MANY_RUNS} 次时，5–95% 区间大致只是各次运行的取值范围。",
                )
            )
        if self.scale > 1:
            found.append(
                (
                    f"One simulated agent stands for {self.scale}, so counts go in steps of {self.scale}: "
                    "a target of a few centres, cities or alliances is met or missed by a single one.",
                    f"1 个模拟主体代表 {self.scale} 个，数量指标以 {self.scale} 为步长："
                    "仅为几个中心、城市或联盟的目标，一个主体即可决定是否达标。",
                )
            )
        return found


def caution_of(results: Sequence[Results]) -> Caution:
    """The caution of a study."""
    runs, scale = min(len(one.replicates) for one in results), max(one.scenario.scale for one in results)
    return Caution(runs, scale, results[0].variation)
