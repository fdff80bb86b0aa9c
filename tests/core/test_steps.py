"""The mark of a step: kept by the function, read by tables, true of the schedule."""

from __future__ import annotations

import pytest

from sim.agents.alliance import Alliance
from sim.agents.budget import BUDGET_LINES
from sim.agents.centre import TechCentre
from sim.agents.firm import Firm
from sim.agents.institute import ResearchInstitute
from sim.agents.university import University
from sim.core.steps import step, writes_of
from sim.schedule import SCHEDULE

DECLARED = {
    "firm": Firm.declared(), "university": University.declared(), "institute": ResearchInstitute.declared(),
    "centre": TechCentre.declared(), "alliance": Alliance.declared(),
}  # fmt: skip


def test_a_step_keeps_its_mark_and_works_as_before():
    @step(writes=("firm.cash", "flows.x"))
    def double(x):
        return 2 * x

    assert double(4) == 8
    assert writes_of(double) == ("firm.cash", "flows.x")
    assert writes_of(len) == ()


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.name)
def test_every_step_says_what_it_writes_in_names_that_exist(entry):
    assert entry.writes
    assert entry.sentence.endswith((".", ";", ",")) or len(entry.sentence) > 20
    for name in entry.writes:
        kind, _, column = name.partition(".")
        if kind in DECLARED and "*" not in column and " " not in column:
            assert column in DECLARED[kind], name
        if kind == "line":
            assert column in BUDGET_LINES, name
