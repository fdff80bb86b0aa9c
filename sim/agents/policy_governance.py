"""Terms and states of the governance levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations

from sim.core.columns import Column


class GovernanceTerms:
    """Policy terms, neutral at the start of each quarter: the province's in row 0, the campaign's in Changzhi's row."""

    campaign_intensity = Column("f8", "0 to 1", "part of their time that helpers give to the campaign", neutral=0.0)
    campaign_officials = Column("f8", "person", "officials of the counties in the campaign", neutral=0.0)
    campaign_teams = Column("f8", "team", "expert teams in the campaign", neutral=0.0)
    campaign_mentors = Column("f8", "firm", "firms with R&D that teach others of their sector", neutral=0.0)
    campaign_pressure = Column("f8", "0 to 1", "weight of coverage in the appraisal of the counties", neutral=0.0)
    review_share = Column("f8", "share", "most of the year's money that a review moves between lines", neutral=0.0)
    review_interval = Column("f8", "year", "years from one review of the lines to the next", neutral=0.0)


class GovernanceState:
    """What stays with a firm."""

    county = Column("i1", "code", "row of catalogue/counties.csv; read for firms of Changzhi only")
    nearest_kind = Column("f8", "0 to 1", "lasting rank that says which kind of activity it can show most easily")
    formality = Column("f8", "0 to 1", "lasting rank in complying on paper only: low ranks do so first")
    own_activity = Column("u1", "bit mask", "kinds of innovation activity shown without the campaign, as covered")
    campaign_bits = Column("u1", "bit mask", "kinds of activity shown through the coverage campaign, as covered")
    is_on_paper = Column("u1", "flag", "what it shows through the campaign exists on paper only")
    ledger_class = Column("i1", "code", "class in the survey: 0 not surveyed, 1 no activity, 2 weak, 3 strong")
    has_helper = Column("u1", "flag", "an official, expert team or mentor firm of the campaign was assigned to it")
    campaign_advice = Column("f8", "0 to 1", "what is left of the advice on R&D that it was given")
    leader_quarters = Column("i1", "quarters", "time left in which the city promotes its goods")
