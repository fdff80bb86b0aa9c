"""A lever at dose zero is no lever: its main doses at their neutral value, whatever the other doses say."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim.levers.base
from sim.catalogue.loader import catalogue
from sim.levers.base import lever_class
from tests.behaviour.runs import ACTIVE, LEVERS, NATIONAL_LAW, differences, fresh, neutral, outcome, scenario

SHORT = ("population=tiny", "end=2013Q4")
# without the nation's law a certificate brings nothing, and the pool could do nothing at any dose
WORLDS = {"no_policy": SHORT, "no_policy under national law": (*SHORT, *NATIONAL_LAW), "history": SHORT}


def pairs(lever: str, world: str):
    """Scenario with the main doses at zero and the others set, and the scenario with every dose neutral."""
    name, base = world.split(" ")[0], WORLDS[world]
    others = tuple(o for o in (*base, *ACTIVE[lever]) if not o.startswith(f"lever.{lever}.") or o in ACTIVE[lever])
    zero = _last_wins((*others, *neutral(lever, only_main=True)))
    absent = _last_wins((*others, *neutral(lever, only_main=False)))
    return (name, *zero), (name, *absent)


def _last_wins(overrides: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({text.split("=")[0]: text for text in overrides}.values())


def test_every_lever_has_doses_that_act_in_these_tests():
    assert set(ACTIVE) == set(LEVERS)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_at_zero_equals_the_run_without_it(lever, world):
    zero, absent = pairs(lever, world)
    doses = catalogue().doses
    others = [o.partition("=") for o in ACTIVE[lever] if not doses[o.partition("=")[0].removeprefix("lever.")].main]
    has_others = any(float(value) != 0.0 for _, _, value in others)
    assert (scenario(*zero).lever[lever] != scenario(*absent).lever[lever]) == has_others
    assert differences(outcome(*zero), outcome(*absent)) == []


@pytest.mark.parametrize("lever", LEVERS)
def test_the_same_lever_at_a_dose_is_not_the_run_without_it(lever):
    """The relation above would hold for a lever that never does anything; so at its dose each must do something."""
    name, base = "no_policy", WORLDS["no_policy under national law"]
    without = _last_wins((*base, *neutral(lever, only_main=False)))
    assert differences(outcome(name, *_last_wins((*base, *ACTIVE[lever]))), outcome(name, *without))


@pytest.mark.parametrize("lever", LEVERS)
def test_broken_lever_that_takes_zero_for_a_dose_is_found(lever, monkeypatch):
    """Vacuity guard: a lever that reads its main doses as 20 times nothing plus something."""
    zero, absent = pairs(lever, "no_policy under national law")
    expected = outcome(*absent)
    true = sim.levers.base.made

    def never_zero(kind, doses):
        rows = {row.dose: row for row in catalogue().doses.values() if row.lever == lever and row.main}
        acts = {name: row.high / 4.0 for name, row in rows.items() if doses.get(name) == row.neutral}
        return true(kind, {**doses, **acts} if kind is lever_class(lever) else doses)

    monkeypatch.setattr(sim.levers.base, "made", never_zero)
    assert differences(fresh(scenario(*zero)), expected)


def test_broken_lever_that_writes_a_millionth_at_zero_is_found(monkeypatch):
    """Vacuity guard: the comparison sees a deduction rate of 1e-6."""
    from sim.levers.super_deduction import SuperDeduction

    zero, absent = pairs("super_deduction", "no_policy")
    expected = outcome(*absent)
    true = SuperDeduction.apply
    monkeypatch.setattr(SuperDeduction, "apply", lambda self, world: true(replace(self, rate=self.rate + 1e-6), world))
    assert differences(fresh(scenario(*zero)), expected)
