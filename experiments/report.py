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

from experiments.figures.fan import colour, fan_chart
from experiments.outcomes import Results
from experiments.scorecard import Score, observed_rows
from experiments.tables import BOOK_COLUMNS, OBSERVED_YEARS, REFERENCE, budget_rows, own_scenario, short
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
OTHER_LINES = {"public_research": ("Universities and institutes (no lever)", "高校和科研院所经费（非政策工具）")}
KINDS = (("measured", "实测"), ("evidence", "文献证据"), ("calibrated", "校准"), ("assumed", "假设"))


def percent(value: float | None) -> str:
    """A probability as whole percent."""
    return "" if value is None else f"{100 * value:.0f}"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("experiments"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"short": short, "percent": percent}
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
    return [
        {
            "row": row,
            "reference": by[reference, row.target_id],
            "own": by[own_scenario(row.plan, names), row.target_id],
            "chances": [by[name, row.target_id].probability for name in names],
        }
        for row in rows
    ]


def _figures(results: Sequence[Results]) -> list[dict[str, Any]]:
    """The headline fan charts; none for a run without a full year."""
    known = catalogue().indicators
    if not results[0].years:
        return []
    return [
        # The SVG is drawn by us from numbers; nothing that a user wrote stands in it.
        {"row": known[name], "svg": Markup(fan_chart(name, results))}
        for name in HEADLINE
        if name in known
    ]


def _budgets(results: Sequence[Results]) -> list[dict[str, Any]]:
    """Sums over all years by scenario and lever, in million yuan."""
    titles = {name: (row.title_en, row.title_zh) for name, row in catalogue().levers.items()} | OTHER_LINES
    found = []
    for one in results:
        sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(BOOK_COLUMNS, 0.0))
        for lever, _, amounts in budget_rows(one):
            for column in BOOK_COLUMNS:
                sums[lever][column] += amounts[column]
        lines = [
            {"en": titles.get(lever, (lever, lever))[0], "zh": titles.get(lever, (lever, lever))[1], "sums": amounts}
            for lever, amounts in sums.items()
            if any(amounts.values())
        ]
        found.append({"scenario": one.scenario, "lines": lines})
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


def _parameters() -> dict[str, Any]:
    """How many numbers of the catalogue are measured, from evidence, calibrated or assumed, and the assumed ones."""
    cat = catalogue()
    rows = list(cat.parameters.values())
    entries = [(row.kind, row.grade) for row in rows]
    entries += [(row.kind, row.grade) for table in cat.structure.values() for row in table]
    counts: Counter[str] = Counter(kind for kind, _ in entries)
    grades: Counter[str] = Counter(grade for _, grade in entries)
    return {
        "counts": [(en, zh, counts[en]) for en, zh in KINDS],
        "grades": sorted(grades.items()),
        "total": len(entries),
        "assumed": [row for row in rows if row.kind == "assumed"],
    }


def render(study: str, results: Sequence[Results], scores: Sequence[Score], manifest: Mapping[str, Any]) -> str:
    """The page as text."""
    cat = catalogue()
    environment = _environment()
    style = environment.get_template("report.css").render()
    return environment.get_template("report.html").render(
        study=study,
        style=Markup(style),  # our own file, without any value in it
        scenarios=_scenarios(results),
        reference=next((s for s in _scenarios(results) if s["name"] == REFERENCE), _scenarios(results)[0]),
        targets=_targets(results, scores),
        figures=_figures(results),
        observed=_observed(results),
        years=OBSERVED_YEARS,
        budgets=_budgets(results),
        book_columns=BOOK_COLUMNS,
        drivers=list(cat.driver_rules.values()),
        parameters=_parameters(),
        levers=list(cat.levers.values()),
        units=cat.units,
        indicators=cat.indicators,
        totals=results[0].books[0]["totals"],
        manifest=manifest,
    )
