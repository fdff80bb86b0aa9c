"""A small run in a process of its own, digested: `python -m tests.regression.processor_run whole` or `chosen`.

The processor is that of the environment: NUMBA_CPU_NAME and NUMBA_CPU_FEATURES for the kernels,
NPY_DISABLE_CPU_FEATURES for numpy, GLIBC_TUNABLES for the mathematics library. Prints one line of JSON.

whole : every step and lever, eleven years of scenario all_plans at k = 100. chosen : the population and two quarters of
the steps that hold most of the arithmetic, because compiling all kernels for another processor takes half a minute.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.plain_mesa import next_quarter
from experiments import load_scenario
from sim.core.arithmetic import exp_of, log_of, normal_of
from sim.model import InnovationModel
from sim.schedule import SCHEDULE

CHOSEN = ("follow_revenue", "price_talent", "weigh_certificate", "earn_profit", "desire_rd", "finance_rd", "report_rd",
          "accumulate_knowledge", "file_patents", "grow_firms")  # fmt: skip
K, QUARTERS = 100, 2


def digest(values: Any) -> str:
    """SHA-256 of the bytes of an array, or of the text of anything else."""
    content = np.ascontiguousarray(values).tobytes() if isinstance(values, np.ndarray) else repr(values).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def state(model: InnovationModel) -> dict[str, str]:
    """Digest of every column of every kind, agents in the order of their uids."""
    found = {}
    for kind, columns in model.world.kinds.items():
        rows = columns.rows()
        rows = rows[np.argsort(columns.uid[rows])]
        for name in columns.declared:
            found[f"{kind}.{name}"] = digest(columns[name][rows])
    return found


def whole() -> dict[str, str]:
    """All that a run leaves: indicators, groups, books and columns."""
    model = InnovationModel(replace(load_scenario("all_plans", []), k=K))
    outcome = model.run()
    found = {name: digest(outcome.quarterly[:, i]) for i, name in enumerate(model.record.names)}
    found |= {f"{name} by {by}": digest(table) for (name, by), table in outcome.groups.items()}
    return found | state(model) | {"ledger": digest(outcome.ledger), "tax": digest(outcome.tax_expenditure)}


def chosen() -> dict[str, str]:
    """The arithmetic itself, and the columns after two quarters of the chosen steps."""
    model = InnovationModel(replace(load_scenario("history", ["end=2012Q4"]), k=K))
    for _ in range(QUARTERS):
        next_quarter(model)
        for step, parameters in zip(SCHEDULE, model.parameters, strict=True):
            if step.name in CHOSEN:
                step.run(model.world, parameters, model.world.draws)
    u = (np.arange(20_000) + 0.5) / 20_000
    arithmetic = {"exp": exp_of(60.0 * u - 30.0), "log": log_of(1e3 * u), "normal": normal_of(u)}
    return {name: digest(values) for name, values in arithmetic.items()} | state(model)


def main() -> None:
    """Run what is asked for and print its digests."""
    found = {"whole": whole, "chosen": chosen}[sys.argv[1]]()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
