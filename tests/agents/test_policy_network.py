"""Money split in proportion, to the yuan, also where a product is more than 64 bits hold."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.policy_network import in_proportion


@pytest.mark.parametrize("yuan", [0, 1, 10**7, 10**16])
def test_parts_add_up_and_follow_the_weights(yuan):
    weights = np.array([0.0, 3.0, 1.0, -2.0, 4e3])
    whole = [0, 3 * 1024, 1024, 0, 4000 * 1024]
    expected = [yuan * weight // sum(whole) for weight in whole]
    expected[1] += yuan - sum(expected)
    assert in_proportion(yuan, weights).tolist() == expected


def test_without_any_weight_nobody_gets_anything():
    assert in_proportion(100, np.array([0.0, -1.0])).tolist() == [0, 0]
