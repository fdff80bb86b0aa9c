"""Response tests of finance, vouchers, ties and markets in a small province: each passes, and fails where it should."""

from __future__ import annotations

import pytest

from experiments.responses.breaks import breaks, try_break
from experiments.responses.judging import FAIL, PASS

K, SEEDS = 40, (0, 1)
ROBUST = ("27", "40", "41")  # rows that few firms and two seeds decide


@pytest.mark.parametrize("row", ROBUST)
def test_row_passes_on_the_model_and_fails_on_the_broken_one(row):
    whole, broken = try_break(breaks()[row], SEEDS, K)
    assert whole.result == PASS
    assert broken.result == FAIL
