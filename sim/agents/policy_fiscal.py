"""Terms and states of the fiscal levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations

from sim.core.columns import Column


class FiscalTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""

    grant_joint_only = Column(
        "f8", "0 to 1", "strictness with which project grants ask for a partner in research", neutral=0.0
    )
    completion_rate = Column("f8", "share of R&D", "part of a finished listed project that is paid", neutral=0.0)
    completion_pass_share = Column("f8", "share", "best part of the finished listed projects that is paid", neutral=0.0)
    joint_project_size = Column("f8", "million yuan", "public money of a joint research project", neutral=0.0)
    key_projects_y = Column("f8", "projects a year", "new projects on key technologies", neutral=0.0)
    key_amount = Column("f8", "million yuan", "public money of a project on a key technology", neutral=0.0)
    renovation_projects_y = Column("f8", "projects a year", "benchmark projects of technical renovation", neutral=0.0)
    renovation_rate = Column("f8", "share", "part of the investment that is awarded", neutral=0.0)
    conversion_weight = Column(
        "f8", "share", "part of performance funding that follows contract income, not size", neutral=0.0
    )
    reward_rate = Column("f8", "share of R&D", "part of reported R&D that cities reward", neutral=0.0)
    reward_cap = Column("f8", "million yuan", "largest reward of a firm in a year", neutral=0.0)


class FiscalState:
    """What stays with a firm."""

    listed_project = Column("f8", "million yuan a year", "R&D planned in a project listed for payment on completion")
    joint_instalment = Column("i8", "yuan a quarter", "public money of its joint project, both partners")
    joint_quarters = Column("i1", "quarters", "instalments left of its joint project")
    joint_university = Column("i4", "row", "university in its joint project", default=-1, refers_to="university")
    joint_institute = Column("i4", "row", "institute in its joint project", default=-1, refers_to="institute")
    key_instalment = Column("i8", "yuan a quarter", "public money of its project on a key technology")
    key_quarters = Column("i1", "quarters", "instalments left of its project on a key technology")
    key_needed = Column("f8", "million yuan", "R&D that this project asks for on top of the usual; 0 without one")
    key_carried = Column("f8", "million yuan", "R&D carried out since this project began")
    key_effect = Column("f8", "0 to 1", "what is left of the lead by its last key technology")
    renovation_quarters = Column("i1", "quarters", "time left of its benchmark renovation")
    renovation_award = Column("i8", "yuan", "award promised for its benchmark renovation")
    renovation_purchase = Column("f8", "million yuan a year", "technology bought for it that it would not have bought")
    renovation_effect = Column("f8", "0 to 1", "what is left of the lead by its last additional renovation")
