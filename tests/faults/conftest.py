"""A sweep that nobody disturbed, for comparison; and the figures of a long form, printed at its end."""

from __future__ import annotations

import pytest

from tests.faults.commands import LONG, digests, sweep

FIGURES: list[tuple[str, str]] = []


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every file of the sweep of ten runs with the digest of its bytes."""
    folder = tmp_path_factory.mktemp("whole")
    done = sweep(folder)
    assert done.code == 0, done.err
    return digests(folder)


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

