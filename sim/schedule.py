"""The quarter in order: one tuple that reads like the methods section; the ODD prints its process table from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sim.core.steps import writes_of
from sim.mechanisms import (
    accumulate_knowledge,
    age_centres,
    assist_firms,
    award_grants,
    book_support,
    broker_technology,
    buy_first_sets,
    certify_firms,
    certify_tech_smes,
    cross_line,
    demonstrate_practice,
    desire_rd,
    develop_zone,
    earn_profit,
    evaluate_centres,
    evaluate_projects,
    exit_and_enter,
    file_patents,
    finance_rd,
    follow_revenue,
    form_alliances,
    fund_joint_research,
    fund_universities,
    grow_firms,
    guarantee_credit,
    house_tenants,
    invest_venture,
    lead_across_line,
    list_firms,
    list_projects,
    manage_alliances,
    mark_activity,
    move_researchers,
    oblige_state_firms,
    open_quarter,
    partner_elite,
    price_talent,
    recognise_centres,
    recruit_talent,
    redeem_vouchers,
    register_tech_smes,
    renovate_firms,
    report_rd,
    research_public,
    review_budgets,
    reward_rd,
    run_campaign,
    run_key_projects,
    run_programmes,
    score_centres,
    sell_new_products,
    settle_accounts,
    settle_tax,
    share_instruments,
    share_project_cost,
    start_institutions,
    start_rd,
    subsidise_interest,
    support_startups,
    test_at_pilot_bases,
    trade_technology,
    train_firms,
    train_staff,
    weigh_certificate,
    weigh_depreciation,
)


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


SCHEDULE: tuple[Step, ...] = tuple(
    _step(module)
    for module in (
        # the quarter opens: drivers, neutral terms, new year's budgets; then the levers are applied
        open_quarter,
        # what government set is put to work before firms decide: money moved, help given, duties, space
        review_budgets,
        follow_revenue,
        earn_profit,
        train_firms,
        assist_firms,
        run_campaign,
        oblige_state_firms,
        share_instruments,
        house_tenants,
        develop_zone,
        # what R&D would cost and bring: certificates, depreciation, loans, capital, markets
        weigh_certificate,
        weigh_depreciation,
        subsidise_interest,
        guarantee_credit,
        invest_venture,
        list_firms,
        # firms decide on R&D, ask for support, pay for it and report it
        start_rd,
        reward_rd,
        list_projects,
        desire_rd,
        award_grants,
        share_project_cost,
        run_key_projects,
        fund_joint_research,
        finance_rd,
        report_rd,
        # research outside firms, its staff and its price
        fund_universities,
        research_public,
        recruit_talent,
        train_staff,
        move_researchers,
        price_talent,
        # ties and trade
        redeem_vouchers,
        partner_elite,
        form_alliances,
        manage_alliances,
        renovate_firms,
        broker_technology,
        trade_technology,
        # results
        demonstrate_practice,
        accumulate_knowledge,
        file_patents,
        test_at_pilot_bases,
        buy_first_sets,
        sell_new_products,
        # certificates, centres and programmes
        certify_firms,
        certify_tech_smes,
        register_tech_smes,
        start_institutions,
        score_centres,
        evaluate_centres,
        recognise_centres,
        run_programmes,
        mark_activity,
        # the last payments of the quarter
        evaluate_projects,
        support_startups,
        lead_across_line,
        # the books are closed before anybody leaves, so that every recipient is there
        settle_tax,
        book_support,
        settle_accounts,
        # the line is reviewed by this year's sales; here the quarter is measured; then firms grow, leave and come
        cross_line,
        grow_firms,
        exit_and_enter,
        age_centres,
    )
)
