"""A small run in a process of its own, digested: `python -m tests.regression.processor_run whole` or `arithmetic`.

The processor is that of the environment: NUMBA_CPU_NAME and NUMBA_CPU_FEATURES for the kernels,
NPY_DISABLE_CPU_FEATURES for numpy, GLIBC_TUNABLES for the mathematics library. Prints one line of JSON.

whole : every step and lever, eleven years of scenario all_plans at k = 100. arithmetic : what sim/core computes for all
steps, because compiling all kernels for another processor takes a minute.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from experiments import load_scenario
from sim.core.arithmetic import exp_of, log_of, normal_of
from sim.model import InnovationModel

K = 100


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


def arithmetic() -> dict[str, str]:
    """Exponentials, logarithms and normal quantiles of 20,000 numbers each, in pieces of 200."""
    u = (np.arange(20_000) + 0.5) / 20_000
    found = {"exp": exp_of(60.0 * u - 30.0), "log": log_of(1e3 * u), "normal": normal_of(u)}
    return {f"{name} {i}": digest(values[i : i + 200]) for name, values in found.items() for i in range(0, 20_000, 200)}


def main() -> None:
    """Run what is asked for and print its digests."""
    found = {"whole": whole, "arithmetic": arithmetic}[sys.argv[1]]()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
