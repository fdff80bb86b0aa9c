"""Alliances of firms with universities and institutes, who decide on members and joint projects."""

from __future__ import annotations

from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column

STRATEGIC, INDUSTRY = 0, 1  # innovation alliance (plans A, C) or industry alliance (plan D)
MEMBER_PLACES = 24
PROJECT_PLACES = 4


class Alliance(ColumnAgent):
    """An alliance; members are firm rows in `members`, -1 where a place is free."""

    form = Column("i1", "code", "0 strategic innovation alliance, 1 industry alliance")
    tier = Column("i1", "code", "0 none, 2 province, 3 nation")
    field = Column("i1", "code", "sector, row of catalogue/sectors.csv")
    city = Column("i1", "code", "city of the lead firm")
    lead = Column("i4", "row", "lead firm", default=-1, refers_to="firm")
    university = Column("i4", "row", "university member", default=-1, refers_to="university")
    institute = Column("i4", "row", "institute member", default=-1, refers_to="institute")
    members = Column("i4", "row", "member firms", default=-1, width=MEMBER_PLACES, refers_to="firm")
    member_uids = Column("i8", "uid", "uids of the member firms", default=-1, width=MEMBER_PLACES)
    n_members = Column("i4", "firms", "member firms")
    age_q = Column("i4", "quarters", "age")
    is_supported = Column("u1", "flag", "recognised in a call, so it may be paid support")
    is_paper = Column("u1", "flag", "signed for the money, without joint work")
    distance = Column("f8", "0 to 1", "mean cognitive distance of its partners")
    value = Column("f8", "0 to 1", "worth of its joint work")
    n_projects = Column("i4", "projects", "joint projects now running")
    project_quarters = Column("i1", "quarters", "time left of its joint projects", width=PROJECT_PLACES)
    support_yuan = Column("i8", "yuan a quarter", "support paid to its lead this quarter")
