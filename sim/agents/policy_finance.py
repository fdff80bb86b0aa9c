"""Terms and states of the finance levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations

from sim.core.columns import Column


class FinanceTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""

    interest_points = Column("f8", "percentage points", "points of interest paid on loans for R&D", neutral=0.0)
    fund_tax_credit = Column("f8", "share", "part of private venture capital that investors save in tax", neutral=0.0)
    guarantee_coverage = Column("f8", "share", "part of a lost loan that the guarantee pays", neutral=0.0)
    pledge_reach = Column("f8", "share", "part of the worth of patents that banks lend against", neutral=0.0)
    listing_award = Column("f8", "million yuan", "award for a firm that lists on a board", neutral=0.0)
    startup_amount = Column("f8", "million yuan", "grant to a new firm", neutral=0.0)


class FinanceState:
    """What stays with a firm, and the terms that are its own."""

    accelerated_depreciation = Column(
        "f8", "0 to 1", "how far R&D equipment is written off at once instead of over its life", neutral=0.0
    )
    deferred_tax_share = Column("f8", "share of R&D", "tax put off by early depreciation, mean of the year's quarters")
    subsidised_quarters = Column("i1", "quarters", "time left of the interest subsidy")
    subsidised_stock = Column("f8", "million yuan", "loans on which interest is subsidised")
    subsidised_loan_q = Column("f8", "million yuan a quarter", "new loan that came with the interest subsidy")
    subsidised_debt = Column("f8", "million yuan", "what is left to repay of that loan")
    guaranteed_quarters = Column("i1", "quarters", "time left in which a guaranteed loan is drawn")
    guaranteed_loan_q = Column("f8", "million yuan a quarter", "draw of a guaranteed loan")
    guaranteed_debt = Column("f8", "million yuan", "what is left to repay of the guaranteed loan")
    venture_stock = Column("f8", "million yuan", "venture capital that has not become knowledge yet")
    venture_cash = Column("f8", "million yuan", "private venture capital that has not been spent yet")
    venture_quarters = Column("i1", "quarters", "time until investors look at it again")
    is_listed = Column("u1", "flag", "listed on a board with the support of the programme")
    is_listed_by_award = Column("u1", "flag", "would not have listed without the award")
    listing_equity = Column("f8", "million yuan", "money raised by listing that has not been spent yet")
    startup_quarters = Column("i1", "quarters", "time left of what a start-up grant does for survival")
    is_startup_grantee = Column("u1", "flag", "had a start-up grant")
