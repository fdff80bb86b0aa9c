"""Technology centres and platforms of all kinds and tiers, with their host, score and service."""

from __future__ import annotations

from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column

HOST_FIRM, HOST_UNIVERSITY, HOST_INSTITUTE, HOST_GOVERNMENT = 0, 1, 2, 3


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
    service = Column("f8", "0 to 1", "service offered to firms that do not host it")
