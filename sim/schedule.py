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
    award_grants,
    book_support,
    certify_firms,
    cross_line,
    desire_rd,
    earn_profit,
    evaluate_centres,
    exit_and_enter,
    file_patents,
    finance_rd,
    follow_revenue,
    form_alliances,
    grow_firms,
    manage_alliances,
    mark_activity,
    open_quarter,
    price_talent,
    recognise_centres,
    redeem_vouchers,
    register_tech_smes,
    report_rd,
    research_public,
    run_programmes,
    score_centres,
    sell_new_products,
    settle_accounts,
    settle_tax,
    start_institutions,
    start_rd,
    trade_technology,
    weigh_certificate,
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
        follow_revenue,
        earn_profit,
        # firms decide on R&D, ask for support, pay for it and report it
        weigh_certificate,
        start_rd,
        desire_rd,
        award_grants,
        finance_rd,
        report_rd,
        # research outside firms, its staff and its price
        research_public,
        price_talent,
        # ties and trade
        redeem_vouchers,
        form_alliances,
        manage_alliances,
        trade_technology,
        # results
        accumulate_knowledge,
        file_patents,
        sell_new_products,
        # certificates, centres and programmes
        certify_firms,
        register_tech_smes,
        start_institutions,
        score_centres,
        evaluate_centres,
        recognise_centres,
        run_programmes,
        mark_activity,
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
