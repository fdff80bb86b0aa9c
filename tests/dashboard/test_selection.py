"""What is chosen on the page becomes the texts of a command, and is read by its reader alone."""

from __future__ import annotations

import pytest

from experiments.compose import compose_request
from experiments.dashboard.selection import Selection, composed, further_lines, study_name
from sim.scenario_values import ScenarioError

QUICK = {"population": "tiny", "parameters": "central", "drivers": "central"}
MIX = Selection(doses={"innovation_voucher.budget_y": "300", "rd_grant.rate": "0.4"}, **QUICK)


def test_a_mix_is_the_request_of_its_command():
    request = composed(MIX.texts())
    command = compose_request([
        "scenario=history", "population=tiny", "replicates=16", "seed=1", "parameters=central", "drivers=central",
        "lever.rd_grant.rate=0.4", "lever.innovation_voucher.budget_y=300",
    ])  # fmt: skip
    assert request.scenarios[0].fingerprint() == command.scenarios[0].fingerprint()
    assert (request.seed, request.replicates, request.variation) == (1, 16, command.variation)


def test_the_reference_has_the_same_world_and_no_levers():
    further = ("mechanism.population.rd_share_of_sales=0.01", "end=2018Q4", "lever.rd_grant.rate=0.5")
    reference = Selection(scenario="plan_a_2014", seed=7, further=further).reference()
    assert reference.texts() == [
        "scenario=history", "population=scaled", "replicates=16", "seed=7", "parameters=posterior",
        "drivers=uncertain", *further[:2],
    ]  # fmt: skip


def test_the_name_of_a_study_follows_from_its_numbers_and_not_from_how_many():
    name = study_name(composed(MIX.texts()))
    assert len(name) == 20
    assert name == study_name(composed([*MIX.texts()[:2], "replicates=4", *MIX.texts()[3:]]))
    for other in (Selection(**QUICK), Selection(doses=MIX.doses, **QUICK, seed=2),
                  Selection(doses=MIX.doses, **(QUICK | {"drivers": "uncertain"}))):  # fmt: skip
        assert name != study_name(composed(other.texts()))


@pytest.mark.parametrize(
    "line",
    [
        "results=/tmp", "study=main", "workers=64", "machine=slurm", "hydra.run.dir=x", "scenario=history", "seed=3",
        "replicates=9999", "population=full", "population.k=1", "--debug", "+lever.a.b=1", "_target_=os.system",
        "time_limit=1", "parameters=central",
    ],
)  # fmt: skip
def test_a_further_line_sets_nothing_of_the_server(line: str):
    with pytest.raises(ScenarioError, match="is not for this page"):
        further_lines(f"end=2018Q4\n{line}")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("lever.rd_grant.rate=25", "out of range 0..1"), ("lever.rd_grant.rat=0.2", "Did you mean"),
        ("lever.rd_grant.rate=nan", "not a finite number"),
        ("lever.rd_grant.rate=${oc.env:HOME}", "canonical"), ("mechanism._target_=os.system", "unknown key"),
        ("driver.coal_price=!!python/object/apply:os.system", "canonical"), ("end=1990Q1", "before"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_the_line_of_the_command(line: str, told: str):
    texts = Selection(further=further_lines(line), **QUICK).texts()
    with pytest.raises(ScenarioError) as refused:
        composed(texts)
    with pytest.raises(ScenarioError) as same:
        compose_request(texts)
    assert refused.value.faults == same.value.faults
    assert told in refused.value.faults[0]


def test_further_lines_are_few_and_blank_ones_nothing():
    assert further_lines("\n  end=2018Q4 \n\n") == ("end=2018Q4",)
    with pytest.raises(ScenarioError, match="more than"):
        further_lines("end=2018Q4\n" * 61)
