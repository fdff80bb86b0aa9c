"""Runs that can never succeed are told with their reason, all others finish; once cured, they are all that is run."""

from __future__ import annotations

import json
from pathlib import Path

from tests.faults import poison  # loaded before workers are forked, which is quicker
from tests.faults.commands import GRID, store, sweep, temporary

POISONED = (*GRID, "replicates=6", "workers=2", "time_limit=1")
REASONS = {
    0: "killed (signal 9, likely memory), 3 attempts",
    1: "time limit: stopped after 1 s",
    2: "MemoryError: Unable to allocate",
    3: "RunError: 2012Q3: firms, cash is not finite",
}


def test_poison_runs_fail_alone_each_with_its_reason(tmp_path: Path):
    done = sweep(tmp_path, POISONED, f"{poison.__name__}:run")
    assert done.code == 1, done.err
    assert "error: 8 runs failed in all; see manifest.json" in done.err
    assert "4 runs are there" in done.out
    told = json.loads((store(tmp_path).folder / "manifest.json").read_text())["failures"]
    assert [failure["replicate"] for failure in told] == [0, 1, 2, 3] * 2
    assert len({failure["scenario"] for failure in told}) == 2
    for failure in told:
        assert failure["reason"].startswith(REASONS[failure["replicate"]])
    assert temporary(tmp_path) == []
    cured = sweep(tmp_path, POISONED)
    assert cured.code == 0
    assert "12 runs are there, 4 of them from before" in cured.out
    assert all(map(store(tmp_path).is_true, store(tmp_path).sealed()))
