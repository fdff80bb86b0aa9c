"""What policy mechanisms hand to the mechanisms of firms: the seven handles, neutral at the start of each quarter.

Price (cost_factor, spared_share), liquidity (credit_q), participation (start_lift, stop_factor, institution_lift,
rd_duty), productivity (learning_gain, knowledge_add, filing_factor, success_factor), demand (product_gain,
upgrade_demand), reporting (take_up_lift, reported_reward) and business (growth_add, exit_factor). A lever writes terms
of government, its mechanism turns them into these effects for the firms that it reaches, and the firms' own mechanisms
read them. At neutral they change nothing, bit for bit.
"""

from __future__ import annotations

from sim.core.columns import Column


class FirmEffects:
    """Effects on one firm this quarter; factors multiply, amounts add up."""

    cost_factor = Column("f8", "ratio", "user cost of R&D relative to that without support", neutral=1.0)
    spared_share = Column("f8", "share", "part of R&D done on instruments of others: no spending", neutral=0.0)
    credit_q = Column(
        "f8", "million yuan a quarter", "further finance within reach for R&D, to be paid back", neutral=0
    )
    start_lift = Column("f8", "per year", "added to the hazard of starting R&D", neutral=0.0)
    stop_factor = Column("f8", "ratio", "hazard of stopping R&D relative to that without help", neutral=1.0)
    institution_lift = Column("f8", "per year", "added to the hazard of founding an R&D institution", neutral=0.0)
    rd_duty = Column("f8", "share of sales", "R&D over sales to which an owner or appraiser holds it", neutral=0.0)
    learning_gain = Column("f8", "ratio to own R&D", "outside knowledge offered, before absorption and cap", neutral=0)
    knowledge_add = Column("f8", "million yuan of 2010 a quarter", "knowledge paid for by others", neutral=0.0)
    filing_factor = Column("f8", "ratio", "invention filings relative to those without pressure or help", neutral=1.0)
    success_factor = Column("f8", "ratio", "chance that development succeeds, relative", neutral=1.0)
    product_gain = Column("f8", "share of sales", "added to the share of new products that buyers take", neutral=0.0)
    upgrade_demand = Column("f8", "million yuan a year", "technology wanted for renovation and projects", neutral=0.0)
    take_up_lift = Column("f8", "share", "added to the share of small firms that claim the deduction", neutral=0.0)
    reported_reward = Column("f8", "share of R&D", "paid later on each further yuan of reported R&D", neutral=0.0)
    growth_add = Column("f8", "per year", "log points added to the growth of sales", neutral=0.0)
    exit_factor = Column("f8", "ratio", "hazard of closing relative to that without help", neutral=1.0)
