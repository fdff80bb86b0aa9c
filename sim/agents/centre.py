"""Technology centres and platforms of all kinds and tiers, with their host and score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column, Columns

HOST_FIRM, HOST_UNIVERSITY, HOST_INSTITUTE, HOST_GOVERNMENT, HOST_INTERMEDIARY = 0, 1, 2, 3, 4
OWN_UIDS_FROM = 16  # kinds of programme from this row on have uids of their own
FIRST_OWN_UID, UIDS_A_KIND, UIDS_A_YEAR = 1_535_000_001, 100_000, 1_000
FIRST_YEAR = 2010


def uids_of_call(centres: Columns, number: int, year: int, n: int) -> npt.NDArray[np.int64]:
    """Uids of `n` platforms recognised in one call: those of kind `number` do not depend on the places of others.

    So places of one kind leave the draws of another kind as they were. The first kinds of programmes.csv share the
    running numbers, with which the model was fitted. Raises ValueError for more platforms than a call can number.
    """
    if number < OWN_UIDS_FROM:
        return centres.new_uids(n)
    if n > UIDS_A_YEAR:
        raise ValueError(f"one call recognises {n} platforms, more than {UIDS_A_YEAR}")
    first = FIRST_OWN_UID + number * UIDS_A_KIND + (year - FIRST_YEAR) * UIDS_A_YEAR
    return np.arange(first, first + n, dtype=np.int64)


class TechCentre(ColumnAgent):
    """A recognised centre, laboratory, base, team or pilot; `programme` is a row of catalogue/programmes.csv."""

    programme = Column("i1", "code", "row of catalogue/programmes.csv")
    tier = Column("i1", "code", "1 city, 2 province, 3 nation; for manufacturing centres the rung 1 to 4", default=1)
    host_kind = Column("i1", "code", "0 firm, 1 university, 2 institute, 3 government")
    host_uid = Column("i8", "uid", "uid of the host", default=-1)
    host = Column("i4", "row", "row of the host in its kind", default=-1)
    city = Column("i1", "code", "row of catalogue/cities.csv")
    sector = Column("i1", "code", "row of catalogue/sectors.csv")
    score = Column("f8", "points", "score at the last call or evaluation")
    age_q = Column("i4", "quarters", "time since recognition at this tier")
    spreads = Column("u1", "flag", "shows its practice to other firms under the demonstration lever")
