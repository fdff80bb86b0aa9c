"""Every response test on the model that is broken for it, at full size: it has to fail. Long; `make test-science`."""

from __future__ import annotations

import os

import pytest

from experiments.responses.breaks import breaks, try_break
from experiments.responses.judging import FAIL

SEEDS = range(5)


@pytest.mark.skipif(not os.environ.get("TEST_SCIENCE"), reason="long: make test-science")
@pytest.mark.parametrize("row", breaks())
def test_the_test_fails_on_the_broken_model(row):
    assert try_break(breaks()[row], SEEDS, 1)[1].result == FAIL
