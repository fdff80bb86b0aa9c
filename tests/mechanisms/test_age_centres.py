"""A quarter passes: centres age, and those whose host firm left close."""

from __future__ import annotations

import numpy as np

from sim.agents.centre import HOST_FIRM, HOST_UNIVERSITY
from sim.mechanisms.age_centres import Params, age_centres
from tests.mechanisms.worlds import params, small_world


def test_centres_age_and_close_with_their_host_even_when_its_row_has_a_new_firm():
    world = small_world()
    firms = world.firms
    world.centres.add(
        world.centres.new_uids(4), programme=np.array([0, 0, 0, 4]), host=np.array([3, 4, 5, 2]),
        host_uid=np.array([firms.uid[3], firms.uid[4], firms.uid[5], world.universities.uid[2]]),
        host_kind=np.array([HOST_FIRM, HOST_FIRM, HOST_FIRM, HOST_UNIVERSITY]), age_q=np.array([0, 1, 2, 3]),
    )  # fmt: skip
    firms.remove([4])
    firms.remove([5])
    firms.place(np.array([5]), [900], {})
    age_centres(world, params(Params), world.draws)
    assert world.centres.alive[:4].tolist() == [1, 0, 0, 1]
    assert world.centres.age_q[[0, 3]].tolist() == [1, 4]
