"""Every call that writes, in the parent and in a worker, fails once: the path is named, nothing is half, resume heals.

A fault on a call is repeated for every place, kind and number of call that a sweep of ten runs makes (long form), or
for one call of each kind with one error in turn, and for those that must not be missed (short form).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.commands import FAKE, LONG, TEN, digests, parts_of, planned, said, start, store, sweep, temporary
from tests.faults.injected import ERRORS, Fault, install

# a temporary file that stays is swept later, a lock file may stay, a folder that is there need not be made
NEVER_MISSED = [
    Fault("fsync", 3, "EIO", "worker"),
    Fault("fsync", 7, "EIO", "parent"),
    Fault("link", 2, "KILL", "worker"),
    Fault("close", 1, "KILL", "worker"),
]
HARMLESS = ("unlink", "close", "mkdir")


@pytest.fixture(scope="session")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How many calls of each kind a sweep makes, by place."""
    folder = tmp_path_factory.mktemp("calls")
    log = folder / "calls.txt"

    def note(call: str) -> None:
        with log.open("a") as file:
            file.write(f"{call}\n")

    assert sweep(folder, prepare=lambda: install(None, note)).code == 0
    return Counter(log.read_text().split())


def faults(calls: Counter[str]) -> list[Fault]:
    """All faults in the long form, else a few of each kind."""
    found = []
    for turn, (call, count) in enumerate(sorted(calls.items())):
        place, kind = call.split(":")
        if not LONG and turn % 2 and kind != "rename":
            continue
        if LONG:
            found += [Fault(kind, n, error, place) for n in range(1, count + 1) for error in ERRORS]
        else:
            found.append(Fault(kind, 1 + turn * 7 % count, ERRORS[turn // 2 % len(ERRORS)], place))
    return found if LONG else [*found, *NEVER_MISSED]


def wrong_with(folder: Path, fault: Fault, whole: dict[str, str]) -> list[str]:
    """What a fault and going on afterwards did that they must not do."""
    hurt = sweep(folder, prepare=lambda: install(fault))
    found = [f"partial or other files: {names}"] if (names := parts_of(whole, digests(folder))) else []
    found += ["a sealed file is not true"] if not all(map(store(folder).is_true, store(folder).sealed())) else []
    if fault.error == "KILL":
        found += [] if hurt.code == -9 else [f"was not killed but ended with {hurt.code}"]
    elif hurt.code == 0:
        found += [] if fault.kind in HARMLESS and digests(folder) == whole else ["the fault was taken for success"]
    else:
        found += [] if hurt.code == 3 else [f"exit code {hurt.code}: {hurt.err[-300:]}"]
        told = hurt.err.splitlines()[-1]
        found += [] if told.startswith("error: ") and "results" in told else [f"no path: {told}"]
        found += [] if fault.error != "ENOSPC" or "MB free" in told else [f"no free space: {told}"]
    after = sweep(folder)
    found += [] if after.code == 0 else [f"going on ended with {after.code}: {after.err[-300:]}"]
    found += [] if digests(folder) == whole else ["going on gave other files"]
    found += [f"left over: {names}"] if (names := temporary(folder)) else []
    return [f"{fault.text}: {what}" for what in found]


def test_a_call_that_fails_is_told_and_leaves_nothing_half(
    tmp_path: Path, calls: Counter[str], whole: dict[str, str], figure: list[tuple[str, str]]
):
    wrong: list[str] = []
    tried = faults(calls)
    for number, fault in enumerate(tried):
        wrong += wrong_with(tmp_path / str(number), fault, whole)
    figure.append(("faults of the file system: calls x errors, wrong afterwards", f"{len(tried)}, {len(wrong)}"))
    assert {call.split(":")[1] for call in calls} == {"open", "write", "fsync", "close", "link", "rename", "unlink",
                                                      "mkdir"}  # fmt: skip
    assert wrong == [], "\n".join(wrong)


def test_a_spawned_worker_without_room_stops_the_sweep_with_the_path_and_the_room(tmp_path: Path):
    parent = start(tmp_path, "tests.faults.injected:run", TEN, {"FAULT": "write:2:ENOSPC:worker"})
    assert parent.wait(60) == 3
    told = said(tmp_path).splitlines()[-1]
    assert "results/grid/runs/" in told
    assert "No space left on device" in told
    assert "MB free" in told
    assert len(store(tmp_path).sealed()) == 1
    assert temporary(tmp_path) == []
    assert planned(f"{FAKE}:run", TEN).plan.chunks()[1].runs
