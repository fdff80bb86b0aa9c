"""Whole-model runs for tests: scenarios and outcomes by name and overrides, and the ways to break a model on purpose.

A broken model is one with a step of its schedule replaced (`replace_step`), so that every relation that we test can be
shown to fail on a model that violates it. A relation that has never failed is not evidence.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import sim.model
from experiments import load_scenario
from sim.catalogue.loader import catalogue
from sim.model import InnovationModel, Outcome
from sim.scenario import Scenario

PROJECT = Path(__file__).resolve().parent.parent.parent
QUARTERS = 4
LEVERS = tuple(catalogue().levers)
NAMES = tuple(catalogue().indicators)
# doses that act in a small province within few years: those of the trials, and for national law the law itself
ACTIVE = {
    trial.lever: tuple(f"lever.{trial.lever}.{dose}" for dose in trial.doses)
    for trial in catalogue().trials.values()
    if not trial.is_national
} | {
    "super_deduction": ("lever.super_deduction.rate=0.75",),
    "hnte_tax_rate": ("lever.hnte_tax_rate.cut_points=10",),
    "adaptive_review": (
        "lever.adaptive_review.pilot_cities_y=2",
        "lever.adaptive_review.pilot_counties_y=20",
        "lever.adaptive_review.interval_y=3",
    ),
}
NATIONAL_LAW = ("lever.super_deduction.rate=dated_law", "lever.hnte_tax_rate.cut_points=10")


@cache
def scenario(name: str, *overrides: str) -> Scenario:
    """A scenario, composed once a process."""
    return load_scenario(name, list(overrides))


@cache
def outcome(name: str, *overrides: str, replicate: int = 0) -> Outcome:
    """The outcome of a run with seed 1, computed once a process; not for models broken on purpose."""
    return fresh(scenario(name, *overrides), replicate)


def fresh(tried: Scenario, replicate: int = 0) -> Outcome:
    """The outcome of a new run with seed 1."""
    return InnovationModel(tried, 1, replicate).run()


def by_quarter(found: Outcome, indicator: str) -> np.ndarray[Any, Any]:
    """Values of an indicator, shape (n_quarters,)."""
    return np.asarray(found.quarterly[:, NAMES.index(indicator)])


def by_year(found: Outcome, indicator: str) -> np.ndarray[Any, Any]:
    """Values of a flow or stock by year, shape (n_years,)."""
    values = by_quarter(found, indicator).reshape(-1, QUARTERS)
    return np.asarray(values.sum(axis=1) if catalogue().indicators[indicator].kind == "flow" else values[:, -1])


def neutral(lever: str, only_main: bool) -> tuple[str, ...]:
    """Overrides that put a lever's main doses, or all of them, at their neutral value."""
    rows = [row for row in catalogue().doses.values() if row.lever == lever and (row.main or not only_main)]
    return tuple(f"lever.{row.address}={row.neutral:g}" for row in rows)


def differences(a: Outcome, b: Outcome) -> list[str]:
    """What differs between two outcomes, bit for bit: indicators with their first quarter, groups, books."""
    found = []
    if a.quarterly.shape != b.quarterly.shape:
        return [f"shape {a.quarterly.shape} {b.quarterly.shape}"]
    unequal = a.quarterly.view(np.int64) != b.quarterly.view(np.int64)
    found += [f"{NAMES[i]} from quarter {int(np.argmax(unequal[:, i]))}" for i in np.flatnonzero(unequal.any(axis=0))]
    found += [f"group {key}" for key in a.groups if a.groups[key].tobytes() != b.groups[key].tobytes()]
    found += [name for name in ("ledger", "tax_expenditure") if getattr(a, name) != getattr(b, name)]
    return found


def first_difference(a: Outcome, b: Outcome) -> int:
    """First quarter in which any indicator differs in a bit; the number of quarters compared if none does."""
    n = min(len(a.quarterly), len(b.quarterly))
    unequal = (a.quarterly[:n].view(np.int64) != b.quarterly[:n].view(np.int64)).any(axis=1)
    return int(np.argmax(unequal)) if unequal.any() else n


def replace_step(monkeypatch: Any, name: str, run: Callable[..., None]) -> Callable[..., None]:
    """Let the models of this test carry out `run` instead of a step of the schedule; returns the true step."""
    steps = {step.name: step for step in sim.model.SCHEDULE}
    broken = [replace(step, run=run) if step.name == name else step for step in sim.model.SCHEDULE]
    assert name in steps
    monkeypatch.setattr(sim.model, "SCHEDULE", tuple(broken))
    return steps[name].run


def after_step(monkeypatch: Any, name: str, spoil: Callable[[Any], None]) -> None:
    """Let `spoil(world)` run after a step of the schedule."""

    def spoilt(world: Any, params: Any, draws: Any) -> None:
        true(world, params, draws)
        spoil(world)

    true = replace_step(monkeypatch, name, spoilt)


def digest(found: Outcome) -> str:
    """SHA-256 of the quarterly values and the groups."""
    groups = b"".join(found.groups[key].tobytes() for key in sorted(found.groups))
    return hashlib.sha256(found.quarterly.tobytes() + groups).hexdigest()


def digest_elsewhere(overrides: tuple[str, ...], **environment: str) -> str:
    """The digest of a history run in a new process with further environment variables."""
    code = f"from tests.behaviour.runs import digest, outcome; print(digest(outcome('history', *{overrides!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()
