"""Governments: the province and its eleven cities, who appropriate, allocate, evaluate and eliminate."""

from __future__ import annotations

from sim.agents.budget import BUDGET_LINES
from sim.agents.policy_finance import FinanceTerms
from sim.agents.policy_fiscal import FiscalTerms
from sim.agents.policy_governance import GovernanceTerms
from sim.agents.policy_network import NetworkTerms
from sim.agents.policy_platform import PlatformTerms
from sim.agents.policy_talent import TalentTerms
from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column
from sim.core.payments import PaymentColumn

PROVINCE = 0  # row of the province; cities follow in the order of catalogue/cities.csv
CENTRE_KINDS = 48  # width of the terms by centre kind; catalogue/programmes.csv has at most so many rows


class Government(FiscalTerms, FinanceTerms, NetworkTerms, PlatformTerms, TalentTerms, GovernanceTerms, ColumnAgent):
    """The province (row 0) or a city. Provincial policy terms stand in row 0."""

    level = Column("i1", "code", "0 province, 1 city")
    city = Column("i1", "code", "row of catalogue/cities.csv, -1 for the province", default=-1)
    received_yuan = PaymentColumn(len(BUDGET_LINES), "payments of this quarter by budget line")
    # policy terms, neutral at the start of each quarter
    grant_rate = Column("f8", "share of eligible spending", "part of a project that a grant pays", neutral=0.0)
    grant_firm_share = Column("f8", "share", "part of the grant line kept for firms", neutral=0.0)
    entry_factor = Column("f8", "ratio", "small firms that enter, relative to those without support", neutral=1.0)
    pool_places_y = Column("f8", "firms a year", "places in the nursery pool", neutral=0.0)
    certificate_award = Column("f8", "million yuan", "award for a new certificate", neutral=0.0)
    voucher_face_value = Column("f8", "million yuan", "face value of a voucher", neutral=0.0)
    voucher_own_share = Column("f8", "share", "part of the purchase that the firm pays itself", neutral=0.0)
    alliance_amount_y = Column("f8", "million yuan a year", "support of one alliance", neutral=0.0)
    alliance_places_y = Column("f8", "alliances a year", "new alliances recognised a year", neutral=0.0)
    alliance_requires_work = Column(
        "f8", "0 to 1", "strictness of the check for joint work behind the signature", neutral=0.0
    )
    centre_places_y = Column(
        "f8", "centres a year", "places in the yearly call, by kind", neutral=0.0, width=CENTRE_KINDS
    )
    centre_award = Column("f8", "million yuan", "award for a new provincial or national centre", neutral=0.0)
    centre_elimination = Column("f8", "share a round", "part of evaluated centres that is removed", neutral=0.0)
    centre_ratio_weight = Column("f8", "0 to 1", "weight of the R&D ratio in the score", neutral=0.0)
