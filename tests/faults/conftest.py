"""A sweep that nobody disturbed, for comparison; and the figures of a long form, printed at its end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.commands import LONG, digests, sweep

FIGURES: list[tuple[str, str]] = []
# the slower ones are left to `make test-faults` (FAULTS=short there takes a minute, the long form far more)
collect_ignore = [] if os.environ.get("FAULTS") else ["test_file_system.py", "test_environments.py"]


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """A shell starts what it runs in the background deaf to Ctrl-C; commands that are tested would inherit that."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def whole_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an undisturbed sweep of ten runs was made."""
    folder = tmp_path_factory.mktemp("whole")
    done = sweep(folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def whole(whole_folder: Path) -> dict[str, str]:
    """Every file of that sweep with the digest of its bytes."""
    return digests(whole_folder)


@pytest.fixture
def figure() -> list[tuple[str, str]]:
    """Where a test notes a figure and what it is."""
    return FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, as a table for benchmarks/results.md."""
    if LONG and FIGURES:
        terminalreporter.write_line("\n| fault | found |\n|---|---|")
        for what, number in FIGURES:
            terminalreporter.write_line(f"| {what} | {number} |")
