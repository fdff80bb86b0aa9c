"""Keyed draws: the published answer of Philox, and nothing but the key counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.agents.firm import Firm
from sim.catalogue.loader import catalogue
from sim.core.columns import Columns
from sim.core.streams import PROVINCE_UID, Draws, philox

NUMBERS = {"a": 0, "b": 1, "c": 5, "fine": 8}


def draws(seed=1, replicate=0, quarter=3):
    made = Draws(seed, replicate, NUMBERS)
    made.open_quarter(quarter)
    return made


def firms(uids, capacity=None):
    columns = Columns("firm", Firm.declared(), capacity or len(uids))
    columns.place(np.arange(len(uids)), np.asarray(uids), {})
    return columns


def words(uid, quarter, block, seed, replicate):
    out = np.empty((4, 1))
    philox(np.array([uid]), quarter, block, seed, replicate, *out)
    return [int(x * 2**32) for x in out[:, 0]]


def test_known_answers_of_the_published_generator():
    assert words(0, 0, 0, 0, 0) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    full = 0xFFFFFFFF
    changed = words(full, full, full, full, full)  # the published answer has the fourth counter word at its end, too
    assert changed != [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    assert len(set(changed)) == 4


def test_a_draw_depends_on_its_own_row_only():
    alone = draws().uniform("a", firms([42]))[0]
    among = draws().uniform("a", firms([7, 42, 9]))
    assert among[1] == alone
    roomy = draws().uniform("a", firms([7, 9, 42], capacity=90))
    assert roomy[2] == alone
    assert draws().uniform_for("a", [42])[0] == alone


def test_a_draw_does_not_depend_on_what_was_drawn_before():
    columns = firms(range(1, 20))
    first, second = draws(), draws()
    expected = first.uniform("a", columns).copy()
    for name in ("c", "b", "fine", "a", "b"):
        second.uniform(name, columns)
    assert np.array_equal(second.uniform("a", columns), expected)


def test_every_part_of_the_key_changes_the_draw():
    base = draws().uniform_for("a", [42])[0]
    others = [
        draws(seed=2).uniform_for("a", [42])[0], draws(replicate=1).uniform_for("a", [42])[0],
        draws(quarter=4).uniform_for("a", [42])[0], draws().uniform_for("b", [42])[0],
        draws().uniform_for("c", [42])[0], draws().uniform_for("a", [43])[0], draws().province("a"),
        draws(quarter=-1).uniform_for("a", [42])[0],
    ]  # fmt: skip
    assert len({base, *others}) == 9


def test_a_new_quarter_and_a_new_tenant_are_seen():
    columns, made = firms([1, 2, 3], capacity=4), draws()
    before = made.uniform("a", columns).copy()
    made.open_quarter(4)
    assert not np.array_equal(made.uniform("a", columns), before)
    columns.remove([1])
    columns.add([99])
    made.open_quarter(5)
    assert made.uniform("a", columns)[1] == made.uniform_for("a", [99])[0]


def test_growth_of_the_columns_leaves_the_draws_of_those_who_were_there():
    columns, made = firms([1, 2]), draws()
    before = made.uniform("a", columns).copy()
    columns.grow(10)
    after = made.uniform("a", columns)
    assert after.shape == (10,)
    assert np.array_equal(after[:2], before)


def test_uniforms_lie_inside_the_interval_and_are_uniform():
    columns = firms(range(20_000))
    made = draws()
    u, v = made.uniform("a", columns).copy(), made.uniform("b", columns)
    assert 0.0 < u.min() < u.max() < 1.0
    assert stats.kstest(u, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.03


def test_fine_uniforms_have_the_right_moments_and_more_digits():
    columns = firms(range(20_000))
    u = draws().uniform53("fine", columns)
    assert u.mean() == pytest.approx(0.5, abs=0.007)
    assert u.var() == pytest.approx(1 / 12, abs=0.002)
    assert stats.kstest(u, "uniform").pvalue > 0.01
    assert (np.mod(u * 2.0**33, 1.0) != 0).mean() > 0.9, "digits beyond the 32 of the plain draw"
    assert np.abs(u - draws().uniform("fine", columns)).max() < 2.0**-26


def test_fine_uniforms_need_a_block_of_their_own():
    with pytest.raises(ValueError, match="block of its own"):
        draws().uniform53("b", firms([1]))


def test_the_number_of_a_stream_is_given_once_and_fine_streams_have_their_block():
    rows = catalogue().streams.values()
    numbers = [row.number for row in rows]
    assert len(set(numbers)) == len(numbers)
    grow = catalogue().streams["grow.sales"].number
    assert grow % 4 == 0
    assert not {grow + 1, grow + 2, grow + 3} & set(numbers)
    assert all(row.number < 2**34 for row in rows)
    assert PROVINCE_UID == 2**32 - 1


def test_the_draws_of_newborns_follow_the_uids_and_not_the_array():
    made, uids = draws(), np.array([4, 5, 6])
    before = made.uniform_for("a", uids).copy()
    uids[1] = 99
    assert made.uniform_for("a", uids)[1] == made.uniform_for("a", [99])[0]
    assert np.array_equal(made.uniform_for("a", [4, 5, 6]), before)


def test_a_word_that_is_asked_for_late_leaves_the_others():
    made, columns = draws(), firms([1, 2, 3])
    first = made.uniform("b", columns)
    before = first.copy()
    made.uniform("a", columns)
    assert np.array_equal(first, before)
    made.open_quarter(4)
    made.uniform("a", columns)
    assert np.array_equal(made.uniform("b", columns), made.uniform_for("b", [1, 2, 3]))


def test_the_province_draws_anew_in_each_quarter():
    made = draws()
    found = []
    for quarter in (3, 4):
        made.open_quarter(quarter)
        found.append(made.province("b"))
        assert made.province("b") == found[-1] == draws(quarter=quarter).uniform_for("b", [PROVINCE_UID])[0]
    assert found[0] != found[1]
