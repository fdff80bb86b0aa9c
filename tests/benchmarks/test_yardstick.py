"""The yardstick simulates what it says, with Mesa as without; run as plain Python, so that nothing is compiled."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.behaviour.runs import PROJECT

PROGRAM = """
import json
from benchmarks import yardstick
totals = yardstick.bare_run(200, 4)
model = yardstick.YardstickModel(200)
for _ in range(4):
    model.step()
told = model.datacollector.get_model_vars_dataframe()
other = yardstick.bare_run(200, 4, replicate=1)
columns = model.bare.columns
print(json.dumps({"names": yardstick.TOTALS, "totals": totals.tolist(), "model": told.to_numpy().tolist(),
    "other": other.tolist(), "agents": len(model.agents), "patents": int(columns.patents[columns.rows()].sum())}))
"""


@pytest.fixture(scope="module")
def found():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=PROJECT, env=os.environ | {"SIM_NOJIT": "1"},
                          capture_output=True, text=True, check=True)  # fmt: skip
    return json.loads(done.stdout)


def test_everything_happens(found):
    last = dict(zip(found["names"], map(sum, zip(*found["totals"], strict=True)), strict=True))
    assert all(value > 0.0 for value in last.values()), last
    assert last["grants"] <= last["applicants"] <= last["rd_firms"] <= last["firms"]


def test_firms_are_born_and_leave(found):
    firms, exits = (found["names"].index(name) for name in ("firms", "exits"))
    before = 200.0
    for quarter in found["totals"]:
        assert quarter[firms] == before - quarter[exits] + 4.0
        before = quarter[firms]
    assert found["agents"] == before


def test_as_a_mesa_model_it_gives_the_same_and_another_replicate_does_not(found):
    assert found["model"] == found["totals"]
    assert found["other"] != found["totals"]
