"""Terms and states of the talent levers, first sets, the duties of state firms and the campaign at the line."""

from __future__ import annotations

from sim.core.columns import Column


class TalentTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""

    talent_package = Column("f8", "million yuan a person", "settlement package for a recruited person", neutral=0.0)
    leave_share = Column("f8", "share a year", "public research staff who take leave to found a firm", neutral=0.0)
    part_time_share = Column("f8", "share", "university staff who may hold a part-time post in a firm", neutral=0.0)
    inventor_share = Column("f8", "share", "part of the income from a result that its inventors keep", neutral=0.0)
    training_places_y = Column("f8", "persons a year", "places in courses for research staff", neutral=0.0)
    first_set_premium = Column("f8", "share", "part of the insurance premium of a first set that is paid", neutral=0.0)
    first_set_purchase = Column("f8", "share", "part of the price of a first set that is paid", neutral=0.0)
    duty_ratio = Column("f8", "share of sales", "R&D over sales asked of provincial key state firms", neutral=0.0)
    duty_active = Column("f8", "0 to 1", "strictness of the duty of state firms to have R&D activity", neutral=0.0)
    duty_cooperation = Column(
        "f8", "0 to 1", "strictness of the duty of key state firms to work with a university", neutral=0.0
    )
    duty_institution = Column(
        "f8", "0 to 1", "strictness of the duty of state and large firms to have an R&D institution", neutral=0.0
    )
    campaign_places_y = Column("f8", "firms a year", "firms put on the list to be led across the line", neutral=0.0)
    campaign_award = Column("f8", "million yuan", "award for crossing the line from the list", neutral=0.0)


class TalentState:
    """What stays with a firm, and the effect that only the review at the line reads."""

    first_set_effect = Column("f8", "0 to 1", "what is left of the first sale that a first set brought")
    post_quarters = Column("i1", "quarters", "time left of a part-time post of university staff in the firm")
    campaign_quarters = Column("i1", "quarters", "time left on the list of firms to be led across the line")
    had_line_award = Column("u1", "flag", "was paid the award for crossing the line, which is paid once")
    line_help = Column("f8", "share of sales", "sales more carefully reported, at the yearly review", neutral=0.0)
