"""The budget lines of government, each with the use that its money is put to: one home for payers, recipients, books.

project: paid before R&D is financed, weighed by the finance law in the same quarter. award: paid later in the quarter,
weighed by the same law, within reach of the next quarter. research: carried out by universities and institutes.
voucher: passes through the firm to a provider. service: buys help, space or training and is no R&D of the recipient.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PROJECT, AWARD, RESEARCH, VOUCHER, SERVICE = "project", "award", "research", "voucher", "service"
USE_OF_LINE = {
    "rd_grant": PROJECT,
    "hnte_award": AWARD,
    "innovation_voucher": VOUCHER,
    "alliance_support": AWARD,
    "centre_recognition": AWARD,
    "public_research": RESEARCH,
    "post_completion_grant": AWARD,
    "joint_research_fund": PROJECT,
    "key_technology_programme": PROJECT,
    "renovation_programme": AWARD,
    "university_funding": RESEARCH,
    "local_rd_reward": AWARD,
    "startup_support": AWARD,
    "interest_subsidy": PROJECT,
    "guidance_fund": AWARD,
    "credit_guarantee": SERVICE,
    "listing_support": AWARD,
    "technology_market": SERVICE,
    "elite_partnering": SERVICE,
    "assistance_matching": SERVICE,
    "tech_sme_certification": SERVICE,
    "demonstration_firms": AWARD,
    "incubators_and_parks": SERVICE,
    "science_city_zone": RESEARCH,
    "instrument_sharing": SERVICE,
    "pilot_bases": SERVICE,
    "scale_up_campaign": AWARD,
    "talent_programme": SERVICE,
    "skills_training": SERVICE,
    "first_set": AWARD,
    "coverage_campaign": SERVICE,
    "policy_training": SERVICE,
}
BUDGET_LINES = tuple(USE_OF_LINE)
EVALUATED = ("post_completion_grant", "local_rd_reward")  # paid for R&D that was checked first: little is misused

PROMISED = ("post_completion_grant", "local_rd_reward", "interest_subsidy", "hnte_award")  # act before they are paid
NOT_FOR_RD = ("startup_support", "listing_support", "scale_up_campaign", "first_set", "renovation_programme",
              "demonstration_firms", "guidance_fund")  # fmt: skip  # pay for firms, sales, growth or equity


def lines_of(*uses: str) -> npt.NDArray[np.int64]:
    """Numbers of the lines with one of the uses, in order, shape (n,)."""
    return np.array([i for i, use in enumerate(USE_OF_LINE.values()) if use in uses], np.int64)
