"""The voucher lever writes its two terms and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from sim.levers.innovation_voucher import InnovationVoucher
from tests.mechanisms.worlds import frozen, small_world

TERMS = ("government.voucher_face_value", "government.voucher_own_share")


@pytest.mark.parametrize("doses", [(0.0, 0.06, 0.5), (20.0, 0.0, 0.5)])
def test_zero_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    InnovationVoucher(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_its_terms_and_appropriates_once_a_year():
    world = small_world()
    before = frozen(world, but=TERMS)
    for _ in range(2):
        InnovationVoucher(20.0, 0.06, 0.4).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.voucher_face_value[0] == 0.06
    assert world.governments.voucher_own_share[0] == 0.4
    assert not world.governments.voucher_face_value[1:].any()
    assert world.accounts.left("innovation_voucher") == 20_000_000 == world.accounts.available.sum()
