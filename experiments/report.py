"""Writes report.html: one self-contained page in Chinese and English, from results to a template.

The page makes no request (a strict content security policy, no script, figures inline), escapes everything and has the
same bytes for the same results.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from experiments.caution import caution_of
from experiments.costs import cost_view, outcome_costs
from experiments.draws.variance_view import variance_view
from experiments.facts.view import facts_view
from experiments.figures.fan import colour, fan_chart
from experiments.number_texts import FILTERS
from experiments.outcomes import Results
from experiments.pairs import REFERENCE, reference_of
from experiments.plans import conflict_view, plan_scores, plan_view
from experiments.reported import INDEX, last_year_view, reported_view
from experiments.scorecard import Score, observed_rows
from experiments.tables import BOOK_COLUMNS, OBSERVED_YEARS, budget_rows, own_scenario
from experiments.validity.view import validity_view
from experiments.winners import HEADLINES, differences, winner_view
from experiments.words import (
    BOOKS,
    KINDS,
    OTHER_LINES,
    PARTS,
    SOURCE_TEXTS_ZH,
    SOURCES,
    START_TOTALS,
    STATUS,
    driver_rule,
    head,
    named,
    sentence,
    words,
)
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


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("experiments"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.filters["named"] = named
    return environment


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


def _drivers() -> list[dict[str, Any]]:
    """How each driver goes on beyond its last observed year."""
    rows = catalogue().driver_rules
    titles = {name: (row.title_en, row.title_zh) for name, row in rows.items()}
    return [
        {"row": row, "rule": driver_rule(row.rule, titles), "kind": words(KINDS, row.kind)} for row in rows.values()
    ]


def _parameters() -> dict[str, Any]:
    """How many numbers of the catalogue are measured, from evidence, calibrated or assumed, and the assumed ones."""
    cat = catalogue()
    rows = list(cat.parameters.values())
    entries = [(row.kind, row.grade) for row in rows]
    entries += [(row.kind, row.grade) for table in cat.structure.values() for row in table]
    kinds: Counter[str] = Counter(kind for kind, _ in entries)
    grades: Counter[str] = Counter(grade for _, grade in entries)
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.kind == "assumed":
            parts[row.address.partition(".")[0]].append(row)
    return {
        "kinds": sentence((pair, kinds[kind]) for kind, pair in KINDS.items()),
        "grades": sentence(((grade, grade), count) for grade, count in sorted(grades.items())),
        "total": len(entries),
        "assumed": sum(map(len, parts.values())),
        "parts": [(words(PARTS, name), assumed) for name, assumed in parts.items()],
    }


def _totals(results: Sequence[Results]) -> list[dict[str, Any]]:
    """Known totals of the starting state and the simulated ones, with titles in both languages."""
    cat = catalogue()
    titles: dict[str, tuple[str, str]] = dict(START_TOTALS)
    titles |= {name: (row.title_en, row.title_zh) for name, row in cat.driver_rules.items()}
    titles |= {row.kind: (row.title_en, row.title_zh) for row in cat.programmes}
    titles |= {name: (row.title_en, row.title_zh) for name, row in cat.indicators.items()}
    return [
        {"name": words(titles, row["total"]), "unit": "", "source": ""} | dict(row)
        for row in results[0].books[0]["totals"]
    ]


def _sources(totals: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The sources that the page names, in the catalogue's order."""
    cat = catalogue()
    named = {key for row in cat.levers.values() for key in row.evidence}
    named |= {row.source for row in cat.driver_rules.values()} | {row["source"] for row in totals}
    named |= {row.source for row in cat.parameters.values() if row.kind == "assumed"}
    keys = {key.strip() for text in named for key in text.split(";")}
    return [row for key, row in cat.sources.items() if key in keys]


def _policy(results: Sequence[Results], scores: Sequence[Score]) -> dict[str, Any]:
    """Plans and their conflicts, cost of outcomes, winners and losers, reported against actual; few without years."""
    known = catalogue().indicators
    has_years = bool(results[0].years)
    found = differences(results)
    return {
        "plans": plan_view(results, plan_scores(results)),
        "conflicts": conflict_view(results, scores),
        "costs": cost_view(results, outcome_costs(results)),
        "winners": winner_view(results, found),
        "winner_rows": [known[name] for name in HEADLINES],
        "reported": reported_view(results, reference_of(results)) if has_years else None,
        "reported_figure": _figures(results, [INDEX]),
        "last_year": last_year_view(results) if has_years else [],
    }


def render(study: str, results: Sequence[Results], scores: Sequence[Score], manifest: Mapping[str, Any]) -> str:
    """The page as text."""
    cat = catalogue()
    environment = _environment()
    style = environment.get_template("report.css").render()
    scenarios, totals = _scenarios(results), _totals(results)
    return environment.get_template("report.html").render(
        study=study,
        style=Markup(style),  # our own file, without any value in it
        scenarios=scenarios,
        reference=next((one for one in scenarios if one["name"] == REFERENCE), scenarios[0]),
        targets=_targets(results, scores),
        figures=_figures(results),
        observed=_observed(results),
        observed_years=OBSERVED_YEARS,
        caution=caution_of(results),
        budgets=_budgets(results),
        books=[(column, words(BOOKS, column)) for column in BOOK_COLUMNS],
        drivers=_drivers(),
        parameters=_parameters(),
        levers=list(cat.levers.values()),
        units=cat.units,
        sources=_sources(totals),
        source_words=SOURCES,
        source_texts_zh=SOURCE_TEXTS_ZH,
        totals=totals,
        manifest=manifest,
        variance=variance_view([one["name"] for one in scenarios]),
        facts=facts_view(),
        validity=validity_view(),
        **_policy(results, scores),
    )
