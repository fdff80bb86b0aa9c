"""The quarter in order: one tuple that reads like the methods section; the ODD prints its process table from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from sim.core.steps import writes_of


@dataclass(frozen=True)
class Step:
    """One step of the quarter: its name (that of its file), its parameters, its function."""

    name: str
    module: ModuleType
    params: type[Any]
    run: Callable[..., None]

    @property
    def writes(self) -> tuple[str, ...]:
        """Columns, flows and lines that the step writes."""
        return writes_of(self.run)

    @property
    def sentence(self) -> str:
        """What the step does, in a sentence."""
        return (self.module.__doc__ or "").strip().split("\n")[0]


def _step(module: ModuleType) -> Step:
    name = module.__name__.rsplit(".", 1)[-1]
    return Step(name, module, module.Params, getattr(module, name))


NAMES = """
open_quarter
review_budgets
follow_revenue
earn_profit
train_firms
assist_firms
run_campaign
oblige_state_firms
share_instruments
house_tenants
develop_zone
weigh_certificate
weigh_depreciation
subsidise_interest
guarantee_credit
invest_venture
list_firms
start_rd
reward_rd
list_projects
desire_rd
award_grants
run_key_projects
fund_joint_research
finance_rd
report_rd
fund_universities
research_public
recruit_talent
train_staff
move_researchers
price_talent
redeem_vouchers
partner_elite
form_alliances
manage_alliances
renovate_firms
broker_technology
trade_technology
demonstrate_practice
accumulate_knowledge
file_patents
test_at_pilot_bases
buy_first_sets
sell_new_products
certify_firms
certify_tech_smes
register_tech_smes
start_institutions
score_centres
evaluate_centres
recognise_centres
run_programmes
mark_activity
evaluate_projects
support_startups
lead_across_line
settle_tax
book_support
settle_accounts
cross_line
grow_firms
exit_and_enter
age_centres
"""
SCHEDULE: tuple[Step, ...] = tuple(
    _step(import_module(f"sim.mechanisms.{name}")) for name in NAMES.split() if find_spec(f"sim.mechanisms.{name}")
)
