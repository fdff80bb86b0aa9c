"""A world of three firms, one university and one institute whose indicators can be summed by hand."""

from __future__ import annotations

import numpy as np

from sim.agents.firm import CERTIFIED, LARGE, MEDIUM, PRIVATE, SMALL, STATE_KEY
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from tests.mechanisms.few_firms import few

CHANGZHI = 3


def three_firms() -> World:
    """A large key state miner in Taiyuan, a medium maker in Changzhi, a small technology firm in Jinzhong."""
    world = few(
        3, sector=[0, 5, 11], city=[0, CHANGZHI, 6], ownership=[STATE_KEY, PRIVATE, PRIVATE],
        size_class=[LARGE, MEDIUM, SMALL], is_above_scale=[1, 1, 0], is_high_tech_field=[0, 1, 1], has_rd=1,
        has_rd_institution=[1, 0, 0], hnte_stage=[0, CERTIFIED, CERTIFIED], is_tech_sme=[0, 0, 1],
        n_alliances=[1, 0, 0],
        inventions_in_force=[5, 2, 2], filings_q=[4, 2, 3], grants_q=[2, 0, 1], certificate_q=[0, 2, 1],
        certificate_threshold=[0.03, 0.05, 0.05], covered=[1, 16, 1], sales_y=[400.0, 100.0, 4.0],
        new_product_share=[0.1, 0.1, 0.5], rd_reported_q=[4.0, 1.0, 1.0], rd_actual_q=[3.0, 1.0, 1.0],
        rd_staff=[40.0, 10.0, 10.0], knowledge=[50.0, 10.0, 6.0],
    )  # fmt: skip
    for row, line, yuan in ((0, 0, 250_000), (2, 1, 300_000), (2, 2, 200_000)):
        world.firms.received_yuan.record(np.array([row]), line, yuan)
    world.accounts.disbursed_q[:] = world.firms.received_yuan.sums()[0]
    for columns, row, rd in ((world.universities, 0, 2.0), (world.institutes, 0, 3.0)):
        columns.alive[:] = 0
        columns.alive[row] = 1
        columns.rd_staff[:], columns.rd_q[:], columns.inventions_in_force[:] = 0.0, 0.0, 0
        columns.rd_q[row], columns.rd_staff[row] = rd, 10.0 * rd
        columns.filings_q[row], columns.grants_q[row] = int(3 * rd), int(rd)
    world.universities.inventions_in_force[0], world.institutes.inventions_in_force[0] = 10, 5
    world.flows |= {"filings": 26, "grants": 9}
    world.indices["individuals_in_force"] = world.firms.inventions_in_force[2:3].astype("i8")  # two
    world.notes["number"] = lambda address: catalogue().parameter(address).value
    return world
