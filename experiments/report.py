"""Writes report.html: one self-contained page in Chinese and English, from results to a template.

The page makes no request (a strict content security policy, no script, figures inline), escapes everything and has the
same bytes for the same results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from experiments.attainment import attainment_view
from experiments.caution import caution_of
from experiments.city_maps import city_view
from experiments.costs import OutcomeCost, cost_view, outcome_costs
from experiments.draws.variance_view import variance_view
from experiments.facts.view import facts_view
from experiments.figures.fan import colour, fan_chart
from experiments.outcomes import Results
from experiments.pages import page
from experiments.pairs import REFERENCE, reference_of
from experiments.plans import conflict_view, plan_scores, plan_view
from experiments.report_catalogue import drivers_view, parameters_view, sources_view, totals_view
from experiments.reported import INDEX, last_year_view, reported_view
from experiments.scorecard import Score, observed_rows
from experiments.tables import BOOK_COLUMNS, OBSERVED_YEARS, budget_rows, own_scenario
from experiments.validity.view import validity_view
from experiments.winners import HEADLINES, differences, winner_view
from experiments.words import BOOKS, OTHER_LINES, SOURCE_TEXTS_ZH, SOURCES, STATUS, head, words
from sim.catalogue.loader import catalogue

HEADLINE = (
    "rd_expenditure",
    "rd_gdp_ratio",
    "ind_rd_revenue_ratio",
    "ind_share_with_rd",
    "hnte_stock",
    "patents_valid_invention",
    "tech_contracts_total",
    "ind_newproduct_sales",
    "rd_personnel_fte",
    "etc_three_tier",
    "platforms_provincial_plus",
    "innovation_alliances",
)


def _pairs(english: Sequence[str], chinese: Sequence[str]) -> list[tuple[str, str]]:
    """Sentences in both languages; English stands in where the scenario gives no translation."""
    return list(zip(english, chinese if len(chinese) == len(english) else english, strict=True))


def _scenarios(results: Sequence[Results]) -> list[dict[str, Any]]:
    names = [one.scenario.name for one in results]
    return [
        {
            "name": one.scenario.name,
            "en": one.scenario.title_en,
            "zh": one.scenario.title_zh,
            "head": (head(one.scenario.title_en), head(one.scenario.title_zh)),
            "colour": colour(one.scenario.name, names),
            "assumptions": _pairs(one.scenario.assumptions, one.scenario.assumptions_zh),
            "notes": _pairs(one.scenario.notes, one.scenario.notes_zh),
            "runs": len(one.replicates),
            "fingerprint": one.scenario.fingerprint()[:16],
        }
        for one in results
    ]


def _targets(results: Sequence[Results], scores: Sequence[Score]) -> list[dict[str, Any]]:
    """All targets, main ones first, each with the row of the reference, of its own plan, and all probabilities."""
    names = [one.scenario.name for one in results]
    reference = REFERENCE if REFERENCE in names else names[0]
    by = {(one.scenario, one.target_id): one for one in scores}
    rows = sorted(catalogue().targets.values(), key=lambda row: row.main or 1000)
    found = []
    for row in rows:
        first, own = by[reference, row.target_id], by.get((own_scenario(row.plan, names), row.target_id))
        found.append(
            {
                "row": row,
                "status": words(STATUS, row.status),
                "reference": first,
                "own": own,
                "sides": [first] if len(names) == 1 else [first, own],
                "last": own or first,
                "chances": [by[name, row.target_id].probability for name in names],
            }
        )
    return found


def _figures(results: Sequence[Results], names: Sequence[str] = HEADLINE) -> list[dict[str, Any]]:
    """Fan charts; none for a run without a full year."""
    known = catalogue().indicators
    if not results[0].years:
        return []
    return [
        # The SVG is drawn by us from numbers; nothing that a user wrote stands in it.
        {"row": known[name], "svg": Markup(fan_chart(name, results))}
        for name in names
        if name in known
    ]


def _budgets(results: Sequence[Results]) -> list[dict[str, Any]]:
    """By scenario, in million yuan: what every lever was paid and what became of it, over all years and by year."""
    titles = {name: (row.title_en, row.title_zh) for name, row in catalogue().levers.items()} | dict(OTHER_LINES)
    found = []
    for one in results:
        sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(BOOK_COLUMNS, 0.0))
        by_year: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for lever, year, amounts in budget_rows(one):
            for column in BOOK_COLUMNS:
                sums[lever][column] += amounts[column]
            by_year[lever][year] += amounts["disbursed"] + amounts["tax_expenditure"]
        order = [*(lever for lever in titles if lever in sums), *sorted(sums.keys() - titles.keys())]
        lines = [
            {"title": words(titles, lever), "sums": sums[lever], "by_year": by_year[lever]}
            for lever in order
            if any(sums[lever].values())
        ]
        years = sorted({year for line in by_year.values() for year in line})
        levers = [sums[lever] for lever in sums if lever not in OTHER_LINES]
        total = {column: sum(line[column] for line in levers) for column in BOOK_COLUMNS}
        found.append({"scenario": one.scenario, "lines": lines, "total": total, "years": years})
    return found


def _observed(results: Sequence[Results]) -> list[dict[str, Any]]:
    """History against observation; nothing if history was not run."""
    history = [one for one in results if one.scenario.name == REFERENCE]
    if not history:
        return []
    return [
        {"row": catalogue().indicators[indicator], "unit": unit, "both": both}
        for indicator, unit, both in observed_rows(history[0], OBSERVED_YEARS)
    ]


def _policy(results: Sequence[Results], scores: Sequence[Score], costs: Sequence[OutcomeCost]) -> dict[str, Any]:
    """Plans and their conflicts, cost of outcomes, who gains and where, reported against actual; few without years."""
    known = catalogue().indicators
    has_years = bool(results[0].years)
    found = differences(results)
    return {
        "plans": plan_view(results, plan_scores(results)),
        "conflicts": conflict_view(results, scores),
        "costs": cost_view(results, costs),
        "cities": city_view(results, found),
        "winners": winner_view(results, found),
        "winner_rows": [known[name] for name in HEADLINES],
        "reported": reported_view(results, reference_of(results)) if has_years else None,
        "reported_figure": _figures(results, [INDEX]),
        "last_year": last_year_view(results) if has_years else [],
    }


def render(study: str, results: Sequence[Results], scores: Sequence[Score], manifest: Mapping[str, Any]) -> str:
    """The page as text."""
    scenarios, targets, totals = _scenarios(results), _targets(results, scores), totals_view(results)
    costs = outcome_costs(results)
    return page(
        "report.html",
        study=study,
        scenarios=scenarios,
        reference=next((one for one in scenarios if one["name"] == REFERENCE), scenarios[0]),
        targets=targets,
        attainment=attainment_view(results, targets, costs),
        figures=_figures(results),
        observed=_observed(results),
        observed_years=OBSERVED_YEARS,
        caution=caution_of(results),
        budgets=_budgets(results),
        books=[(column, words(BOOKS, column)) for column in BOOK_COLUMNS],
        drivers=drivers_view(),
        parameters=parameters_view(),
        levers=list(catalogue().levers.values()),
        sources=sources_view(totals),
        source_words=SOURCES,
        source_texts_zh=SOURCE_TEXTS_ZH,
        totals=totals,
        manifest=manifest,
        variance=variance_view([one["name"] for one in scenarios]),
        facts=facts_view(),
        validity=validity_view(),
        **_policy(results, scores, costs),
    )
