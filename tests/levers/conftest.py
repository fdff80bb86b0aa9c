"""A failed relation of the contract shows its values, as a failed test does."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.levers.contract")
