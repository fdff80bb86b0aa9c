"""Firms: above-scale industry and small technology firms, who decide on R&D, applying, joining and certifying."""

from __future__ import annotations

from sim.agents.budget import BUDGET_LINES
from sim.agents.effects import FirmEffects
from sim.agents.filing_ring import RingColumn
from sim.agents.policy_finance import FinanceState
from sim.agents.policy_fiscal import FiscalState
from sim.agents.policy_governance import GovernanceState
from sim.agents.policy_network import NetworkState
from sim.agents.policy_platform import PlatformState
from sim.agents.policy_talent import TalentState
from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column
from sim.core.payments import PaymentColumn

STATE_KEY, STATE, PRIVATE = 0, 1, 2  # ownership
MICRO, SMALL, MEDIUM, LARGE = 0, 1, 2, 3  # size class
NONE, POOL, CERTIFIED = 0, 1, 2  # stage on the way to a high-tech certificate
PIPELINE_QUARTERS = 12  # longest wait of a filing at the patent office
LOSS_YEARS = 5  # a loss may be set against profit for so long (national rule loss_carry_forward)


class Firm(
    FirmEffects, FiscalState, FinanceState, NetworkState, PlatformState, TalentState, GovernanceState, ColumnAgent
):
    """One firm. Money in million yuan unless a column says yuan; flows end in _q (quarter) or _y (year)."""

    # who it is
    sector = Column("i1", "code", "row of catalogue/sectors.csv, 0 = S01 ... 11 = S12")
    city = Column("i1", "code", "row of catalogue/cities.csv, 0 = Taiyuan ...")
    ownership = Column("i1", "code", "0 provincial key state firm, 1 other state firm, 2 private", default=PRIVATE)
    size_class = Column("i1", "code", "0 micro, 1 small, 2 medium, 3 large, by sales")
    age_q = Column("i4", "quarters", "age since registration")
    is_industrial = Column("u1", "flag", "belongs to industry, so it can cross the above-scale line")
    is_above_scale = Column("u1", "flag", "industrial firm above the statistical line (20 million yuan of sales)")
    is_energy = Column("u1", "flag", "coal, coking or power: exempt from the higher centre ratio")
    is_high_tech_field = Column("u1", "flag", "its products belong to the state-supported high-tech fields")
    # business
    sales_y = Column("f8", "million yuan a year", "sales at the yearly rate of this quarter")
    sales_base = Column("f8", "million yuan a year", "sales on which it plans R&D (smoothed)")
    margin = Column("f8", "share", "profit over sales of this quarter")
    margin_offset = Column("f8", "share", "lasting difference of its margin from that of its sector")
    cash = Column("f8", "million yuan", "cash buffer")
    debt_overhang = Column(
        "f8", "million yuan", "arrears of debt service built up in lean years, served before cash refills"
    )
    losses_carried = Column("f8", "million yuan", "tax losses carried forward, by age in years", width=LOSS_YEARS)
    deductions_carried = Column(
        "f8", "million yuan", "extra deductions that found no profit, by age in years", width=LOSS_YEARS
    )
    deductible_year = Column("f8", "million yuan", "extra deduction claimed in the calendar year so far")
    tax_cut_year = Column(
        "f8", "share of profit", "points off the tax rate of certified firms, mean of the year's terms"
    )
    profit_year = Column("f8", "million yuan", "taxable profit of the calendar year so far")
    # lasting traits
    can_innovate = Column("u1", "flag", "could ever carry out R&D")
    quality = Column("f8", "standard normal", "merit as referees see it, before noise")
    patent_propensity = Column("f8", "ratio, mean 1", "invention filings relative to firms with the same knowledge")
    misuse_share = Column("f8", "share", "part of a grant that it diverts from R&D")
    notch_reach = Column(
        "f8", "ratio", "largest relative rise in R&D that it makes to reach a threshold; 0 cannot jump"
    )
    claim_rank = Column("f8", "0 to 1", "rank in the order in which firms come to claim the super-deduction")
    user_cost_base = Column("f8", "ratio", "tax part of its user cost of R&D under the law of 2010", default=1.0)
    tax_value_base = Column("f8", "share of R&D", "tax saved on a yuan of reported R&D under the law of 2010")
    certificate_readiness = Column("f8", "0 to 1", "rank in the order in which firms become able to apply")
    cognitive_position = Column("f8", "0 to 1", "place in the space of technologies")
    # R&D
    has_rd = Column("u1", "flag", "carries out R&D (statistical sense: any in the calendar year)")
    had_rd_last_year = Column("u1", "flag", "carried out R&D in the last calendar year")
    rd_intensity = Column("f8", "share of sales", "R&D it wants at reference prices and user cost")
    price_answer = Column("f8", "log points", "what the tax law does to its R&D, with what is on paper, since 2010")
    relabelled_share = Column("f8", "share of R&D", "part that it reports beyond its R&D for the sake of the deduction")
    rd_intended_q = Column("f8", "million yuan a quarter", "R&D it plans after adjustment, before finance")
    rd_finance_q = Column("f8", "million yuan a quarter", "finance within reach for R&D, before support")
    rd_actual_q = Column("f8", "million yuan a quarter", "R&D really carried out")
    rd_reported_q = Column("f8", "million yuan a quarter", "R&D that statistics, tax office and certification see")
    notch_lift_q = Column("f8", "million yuan a quarter", "R&D reported only to reach a certificate's threshold")
    rd_actual_year = Column("f8", "million yuan", "actual R&D of the calendar year so far")
    rd_reported_year = Column("f8", "million yuan", "reported R&D of the calendar year so far")
    rd_reported_1y = Column("f8", "million yuan", "reported R&D of the last full calendar year")
    rd_reported_2y = Column("f8", "million yuan", "reported R&D of the year before that")
    sales_year = Column("f8", "million yuan", "sales of the calendar year so far")
    sales_1y = Column("f8", "million yuan", "sales of the last full calendar year")
    sales_2y = Column("f8", "million yuan", "sales of the year before that")
    induced_by_certificate = Column("u1", "flag", "started R&D for the sake of the certificate")
    induced_by_grant = Column("u1", "flag", "started R&D because of the grant now in force")
    has_rd_institution = Column("u1", "flag", "has an R&D institution of its own")
    rd_staff = Column("f8", "person-years a year", "R&D staff, full-time equivalent, at the yearly rate")
    knowledge = Column("f8", "million yuan of 2010", "stock of R&D knowledge")
    # patents
    inventions_pending = RingColumn("i2", "items", "inventions filed, by quarter of filing", width=PIPELINE_QUARTERS)
    inventions_in_force = Column("i4", "items", "invention patents in force")
    filings_q = Column("i4", "items a quarter", "invention filings of this quarter")
    grants_q = Column("i4", "items a quarter", "invention grants of this quarter")
    filings_year = Column("i4", "items", "invention filings of the calendar year so far")
    soft_ip = Column("i4", "items", "utility models, software and other registered rights")
    # products
    new_product_share = Column("f8", "share of sales", "sales of new products over sales")
    # certificates and ranks
    is_tech_sme = Column("u1", "flag", "registered technology-based small or medium firm")
    hnte_stage = Column("i1", "code", "0 none, 1 nursery pool, 2 certified high-tech firm")
    certificate_gain = Column("f8", "million yuan a cycle", "what a certificate would bring, less its cost")
    certificate_threshold = Column("f8", "share of sales", "R&D ratio that a certificate needs at its size")
    hnte_quarters_left = Column("i2", "quarters", "validity left of the certificate")
    certificate_q = Column("i1", "code", "certificate of this quarter: 0 none, 1 the first, 2 renewed")
    pool_quarters = Column("i2", "quarters", "time spent in the nursery pool")
    centre_tier = Column("i1", "code", "enterprise technology centre: 0 none, 1 city, 2 province, 3 nation")
    centre_score = Column("f8", "points", "score of the firm in the calls for technology centres")
    covered = Column("u1", "bit mask", "kinds of innovation activity shown (plan E, six kinds)")
    # ties
    n_alliances = Column("i1", "ties", "alliances it belongs to")
    alliance_benefit = Column("f8", "ratio", "quality of its alliance ties this quarter")
    partner_university = Column(
        "i4", "row", "university or institute it works with", default=-1, refers_to="university"
    )
    tie_strength = Column("f8", "0 to 1", "strength of that tie")
    voucher_quarters = Column("i1", "quarters", "validity left of a voucher in hand")
    voucher_effect = Column("f8", "0 to 1", "what is left of the last voucher project")
    vouchers_used = Column("i2", "vouchers", "vouchers redeemed so far")
    incubator = Column("i4", "row", "incubator in which it is a tenant", default=-1, refers_to="intermediary")
    talent = Column("f8", "persons", "talent hired through programmes")
    # money from government, by budget line
    received_yuan = PaymentColumn(len(BUDGET_LINES), "payments of this quarter by budget line")
    waiting_yuan = Column("i8", "yuan", "support of this quarter less what is misused, within reach in the next")
    grant_award = Column("f8", "million yuan a quarter", "project grant in force, paid by the quarter")
    grant_quarters = Column("i1", "quarters", "instalments left of the grant in force")
    grant_project = Column("f8", "million yuan a quarter", "cost of the projects for which its last grant was given")
    project_rd_q = Column("f8", "million yuan a quarter", "R&D of projects that it would not do without its grant")
    # policy terms, neutral at the start of each quarter
    deduction_rate = Column("f8", "share of R&D", "extra share of R&D that may be deducted from profit", neutral=0.0)
    tax_cut = Column("f8", "share of profit", "points by which a certificate lowers the profit-tax rate", neutral=0.0)
    ratio_floor = Column("f8", "share of sales", "R&D ratio that a provincial centre must keep", neutral=0.0)
