"""What every test may ask for: the project's folder, and surroundings that do not depend on the machine."""

from __future__ import annotations

import logging
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn without a screen
logging.getLogger("mesa").setLevel(logging.WARNING)
settings.register_profile("repeatable", derandomize=True, deadline=None)  # no luck, no clock
settings.load_profile("repeatable")
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project_folder() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


EARLY = (  # files that take long by themselves begin first, or the last of them keeps one processor waiting
    "tests/experiments/test_compiling.py",  # leaves the kernels to all others, beside tests that need none
    "tests/architecture",
    "tests/test_notebooks.py",
    "tests/catalogue",
    "tests/science/test_calibrate_command.py",
    "tests/faults/test_kills.py",
    "tests/regression/test_processors.py",
    "tests/experiments/test_main_job.py",
    "tests/science/test_calibration.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order of EARLY, then those with most tests: with --no-loadscope-reorder they are handed out so."""
    tests = Counter(item.path for item in items)
    place = {path: _place(path.relative_to(ROOT).as_posix()) for path in tests}
    items.sort(key=lambda item: (place[item.path], -tests[item.path], item.path.as_posix()))


def _place(path: str) -> int:
    """Where a file stands in EARLY; after all of them if it does not."""
    return next((i for i, early in enumerate(EARLY) if path.startswith(early)), len(EARLY))
