"""Closed sets: a row without its file, a file without its row, a setting that nobody reads cannot stand."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from sim.catalogue.loader import catalogue
from tests.architecture.code_sets import (
    draw_names,
    indicator_functions,
    parameter_fields,
    read_addresses,
    read_modules,
)
from tests.architecture.sources import classes, fields_of, files_under, stems

INFRASTRUCTURE = ("__init__", "base")


def lever_files() -> set[str]:
    return stems("sim/levers", ".py", without=INFRASTRUCTURE)


def mechanism_files() -> set[str]:
    return stems("sim/mechanisms", ".py")


def functions_in(value: Any) -> Iterable[Callable[..., Any]]:
    """The functions that a schedule entry holds, however it is written: alone, in a tuple or in a dataclass."""
    if inspect.isfunction(value):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from functions_in(item)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from functions_in(getattr(value, name))


def scheduled() -> set[str]:
    """Full names of the functions of mechanisms that stand in the tuple of sim/schedule.py."""
    import sim.schedule

    tuples = [value for value in vars(sim.schedule).values() if isinstance(value, tuple)]
    found = {f"{function.__module__}.{function.__name__}" for function in functions_in(tuples)}
    return {name for name in found if name.startswith("sim.mechanisms.")}


def test_every_lever_has_its_file_config_and_test_and_back():
    rows = set(catalogue().levers)
    assert rows
    assert lever_files() == rows
    assert stems("configs/lever", ".yaml") == rows
    assert {f"test_{lever}" for lever in rows} <= stems("tests/levers", ".py")


def test_every_dose_belongs_to_a_lever_that_has_it_as_a_field():
    doses = {
        lever: {dose.dose for dose in catalogue().doses.values() if dose.lever == lever} for lever in lever_files()
    }
    assert {dose.lever for dose in catalogue().doses.values()} == set(doses)
    for lever, names in doses.items():
        fields = set().union(*map(fields_of, classes(Path(f"sim/levers/{lever}.py")).values()))
        assert names, f"{lever} has no dose"
        assert names <= fields, f"sim/levers/{lever}.py has no field for {names - fields}"


def test_every_mechanism_is_a_file_in_the_schedule_with_its_test():
    assert {name.split(".")[2] for name in scheduled()} == mechanism_files()
    assert {f"sim.mechanisms.{name}.{name}" for name in mechanism_files()} == scheduled(), (
        "the step has its file's name"
    )
    assert {f"test_{name}" for name in mechanism_files()} <= stems("tests/mechanisms", ".py")


def test_every_field_of_params_has_a_row():
    """Also of classes that other modules fill with scenario.params("module", Class)."""
    missing = set(parameter_fields()) - set(catalogue().parameters)
    assert not missing, sorted(missing)


def test_every_parameter_row_is_read():
    """By a field of a Params, or by its address, or by an address that begins with its module in a formatted text."""
    known, spoken, modules = set(parameter_fields()), read_addresses(), read_modules()
    orphans = [
        address
        for address in catalogue().parameters
        if address not in known | spoken and address.split(".")[0] not in modules - mechanism_files()
    ]
    assert not orphans, sorted(orphans)


def test_every_indicator_has_its_function_and_back():
    rows = catalogue().indicators
    counted = {name for name, row in rows.items() if row.kind not in ("ratio", "index")}
    functions = indicator_functions()
    assert set(functions) == counted
    assert all(len(files) == 1 for files in functions.values()), "one function an indicator"
    for row in rows.values():
        parts = set(row.parts)
        assert parts <= set(rows), f"{row.indicator} is made of {parts - set(rows)}, which are no indicators"
        assert bool(parts) == (row.kind in ("ratio", "index")), f"{row.indicator}: a ratio or index has parts, no other"


def test_every_simulated_target_names_an_indicator():
    targets = catalogue().targets.values()
    assert targets
    simulated = {target.target_id: target.indicator for target in targets if target.status == "simulated"}
    assert simulated
    assert not {target: name for target, name in simulated.items() if name not in catalogue().indicators}
    named = {target.indicator for target in targets if target.indicator}
    assert named <= set(catalogue().indicators), sorted(named - set(catalogue().indicators))


def test_every_stream_is_drawn_and_every_draw_has_its_stream():
    rows = set(catalogue().streams)
    drawn, spoken = draw_names()
    assert drawn <= rows, f"no row in streams.csv for {sorted(drawn - rows)}"
    assert rows <= spoken, f"nobody draws {sorted(rows - spoken)}"


@pytest.mark.parametrize("name", sorted(stems("configs/scenario", ".yaml")) or ["history"])
def test_every_scenario_file_is_read_and_bears_its_files_name(name: str):
    from experiments import load_scenario

    assert load_scenario(name).name == name


def test_every_plan_has_a_scenario_and_the_reference_ones_are_there():
    plans = {target.plan.lower() for target in catalogue().targets.values()}
    names = stems("configs/scenario", ".yaml")
    assert plans == {name.split("_")[1] for name in names if name.startswith("plan_")}
    assert {"no_policy", "history", "all_plans"} <= names


def test_every_config_lies_in_a_known_group():
    groups = {path.parts[1] for path in files_under("configs", ".yaml") if len(path.parts) > 2}
    assert groups <= {"scenario", "lever", "population", "study", "design", "machine", "question", "hydra"}
