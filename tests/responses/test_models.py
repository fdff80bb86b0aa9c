"""A few response tests in a small province: the answer has the right sign, and the broken model fails."""

from __future__ import annotations

import pytest

from experiments.responses.breaks import breaks, try_break
from experiments.responses.judging import FAIL, PASS

K, SEEDS = 40, (0, 1)
ROBUST = ("1_long", "2_long", "63_spread", "65_stock", "27", "40", "41")  # rows whose sign does not need many firms


@pytest.mark.parametrize("row", ROBUST)
def test_the_sign_is_there_and_gone_in_the_broken_model(row):
    whole, broken = try_break(breaks()[row], SEEDS, K)
    assert whole.sign == PASS
    assert broken.result == FAIL
