"""Finds dead numbers: inputs that change no outcome of any year, whatever is tried.

All runs of a trajectory share their seed, so an input that nobody reads changes not one bit. What moves nothing in the
screens is tried at both ends of its range in scenarios, one after the other, until something moves; what is left over
is screened once more by itself where every lever acts. What is dead even there is to be deleted, or its mechanism to
be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.sensitivity.indices import moving
from experiments.sensitivity.inputs import Input
from experiments.sensitivity.screens import Answers


def still(answers: Answers) -> list[str]:
    """Keys of a Morris screen that changed nothing."""
    is_moving = moving(answers.shares, answers.values)
    return [one.key for one, moves in zip(answers.screen.inputs, is_moving, strict=True) if not moves]


def same_at_both_ends(answers: Answers) -> list[str]:
    """Keys of a screen of ends whose bottom and top give the same everywhere."""
    flat = answers.values.reshape(len(answers.values), -1)
    low, high = flat[0::2], flat[1::2]
    same = ((low == high) | (np.isnan(low) & np.isnan(high))).all(axis=1)
    return [one.key for one, is_same in zip(answers.screen.inputs, same, strict=True) if is_same]


def dead(
    candidates: Sequence[str], scenarios: Sequence[str], ends: Callable[[str, Sequence[str]], Answers]
) -> tuple[list[str], dict[str, list[str]]]:
    """Keys that are dead in every scenario, and by scenario those that come to life there.

    ends : makes the screen of both ends of some keys in a scenario.
    """
    left, alive = list(candidates), dict[str, list[str]]()
    for scenario in scenarios:
        if not left:
            break
        same = set(same_at_both_ends(ends(scenario, left)))
        alive[scenario] = [key for key in left if key not in same]
        left = [key for key in left if key in same]
    return left, alive


def dead_rows(inputs: Sequence[Input], keys: Sequence[str]) -> list[list[str]]:
    """Rows of dead.csv: address, titles, unit, range."""
    known = {one.key: one for one in inputs}
    return [
        [one.address, one.title_en, one.title_zh, one.unit, one.span.at(0.0), one.span.at(1.0)]
        for one in (known[key] for key in keys)
    ]
