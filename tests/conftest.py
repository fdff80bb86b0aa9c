"""What every test may ask for: the project's folder, and surroundings that do not depend on the machine."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn without a screen
logging.getLogger("mesa").setLevel(logging.WARNING)
settings.register_profile("repeatable", derandomize=True, deadline=None)  # no luck, no clock
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def project_folder() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
