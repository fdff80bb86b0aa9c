"""The tables of a judgement: rows of texts for files, for the terminal and for the tables that ship."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from experiments.fitted import layout
from experiments.judgement.fit import Bar, Fit
from experiments.judgement.forecasts import NAIVE, OURS, PLAN, TITLES, Later, Row, Verdicts
from experiments.judgement.scores import Verdict, mean_crps, mean_width
from experiments.tables import csv_text, short

Texts = dict[str, str]
YES = {True: "yes", False: "no", None: ""}


def cell(value: float | None, digits: int = 4) -> str:
    """A number with so many significant digits; nothing for what is not a number."""
    return "" if value is None or not math.isfinite(value) else f"{value:.{digits}g}"


def csv_of(rows: Sequence[Texts]) -> str:
    """The CSV text of rows with the same columns."""
    return csv_text(list(rows[0]), [list(row.values()) for row in rows])


def fit_points(fits: Sequence[Fit]) -> list[Texts]:
    """A row for each observed point of the fit."""
    return [_fit_point(one, year) for one in fits for year in one.verdicts]


def _fit_point(one: Fit, year: int) -> Texts:
    told, plain, series = one.verdicts[year], one.plain[year], one.series
    return {
        "series": series.indicator, "title_en": series.title_en, "title_zh": series.title_zh, "unit": series.unit,
        "group": series.group, "fitted": YES[series.is_fitted], "year": str(year), "observed": cell(told.seen, 6),
        "log_error": cell(series.errors[year]), "median": cell(told.median), "p05": cell(told.low),
        "p95": cell(told.high), "inside": YES[told.is_inside], "width": cell(told.width), "crps": cell(told.crps),
        "p05_runs": cell(plain.low), "p95_runs": cell(plain.high), "inside_runs": YES[plain.is_inside],
        "width_runs": cell(plain.width), "crps_walk": cell(one.walk.get(year)),
        "crps_walk_with_band": cell(one.spread_walk.get(year)),
    }  # fmt: skip


def fit_rows(fits: Sequence[Fit]) -> list[Texts]:
    """A row for each series of the fit."""
    found = []
    for one in fits:
        told, plain, series = list(one.verdicts.values()), list(one.plain.values()), one.series
        compared = list(one.walk)
        found.append({
            "series": series.indicator, "title_en": series.title_en, "title_zh": series.title_zh, "unit": series.unit,
            "group": series.group, "fitted": YES[series.is_fitted], "points": str(len(told)),
            "inside": str(sum(v.is_inside for v in told)), "inside_runs": str(sum(v.is_inside for v in plain)),
            "width": cell(mean_width(told), 3), "width_runs": cell(mean_width(plain), 3),
            "crps": cell(mean_crps(told), 3), "crps_compared": cell(one.score(compared), 3),
            "crps_walk": cell(sum(one.walk.values()) / len(one.walk) if one.walk else None, 3),
            "better": YES[one.is_better(one.walk)], "better_with_band": YES[one.is_better(one.spread_walk)],
        })  # fmt: skip
    return found


def bar_rows(bars: Sequence[Bar]) -> list[Texts]:
    """A row for each line of the summary."""
    return [
        {"item": one.item, "title_en": one.title_en, "title_zh": one.title_zh, "value": cell(one.value, 3),
         "bar": "" if one.bar is None else f"{'at least' if one.is_least else 'below'} {one.bar:g}",
         "passed": YES[one.passed]}
        for one in bars
    ]  # fmt: skip


def forecast_rows(part: str, rows: Sequence[Row]) -> list[Texts]:
    """A row for each series and forecast; the plan's path has no band."""
    found = []
    for row in rows:
        has_band = row.forecast != PLAN
        found.append({
            "part": part, "series": row.indicator or "all", "title_en": row.title_en, "title_zh": row.title_zh,
            "forecast": row.forecast, "forecast_en": TITLES[row.forecast][0], "forecast_zh": TITLES[row.forecast][1],
            "points": str(row.points), "coverage": cell(row.coverage, 3) if has_band else "",
            "width": cell(row.width, 3) if has_band else "", "crps": cell(row.crps, 3),
            **{f"skill_{name}": cell(row.skills.get(name), 3) for name in NAIVE},
        })  # fmt: skip
    return found


def forecast_points(part: str, later: Sequence[Later], forecasts: Mapping[str, Verdicts]) -> list[Texts]:
    """A row for each forecast of each observed point."""
    return [
        _forecast_point(part, one, forecast, year, verdict)
        for one in later
        for forecast, verdicts in forecasts.items()
        for year, verdict in verdicts.get(one.series.indicator, {}).items()
    ]


def _forecast_point(part: str, one: Later, forecast: str, year: int, told: Verdict) -> Texts:
    has_band = forecast != PLAN
    return {
        "part": part, "series": one.series.indicator, "unit": one.series.unit, "forecast": forecast, "year": str(year),
        "observed": cell(told.seen, 6), "median": cell(told.median), "p05": cell(told.low) if has_band else "",
        "p95": cell(told.high) if has_band else "", "inside": YES[told.is_inside] if has_band else "",
        "crps": cell(told.crps),
    }  # fmt: skip


def shipped_rows(bars: Sequence[Bar], rows: Sequence[Row]) -> list[Texts]:
    """Summary and inner test as one table: `part` is bar or inner."""
    summary = [{"part": "bar", **row} for row in bar_rows(bars)]
    inner = [{**row, "item": row["series"]} for row in forecast_rows("inner", rows)]
    columns = list(dict.fromkeys([*summary[0], *(inner[0] if inner else ())]))
    return [{column: row.get(column, "") for column in columns if column != "series"} for row in [*summary, *inner]]


def _years(one: Fit) -> str:
    """Observed value, median and band of each year; a star marks what lies outside."""
    return "; ".join(
        f"{year}{'' if v.is_inside else '*'} {short(v.seen)} [{short(v.median)}, {short(v.low)}..{short(v.high)}]"
        for year, v in one.verdicts.items()
    )


def fit_text(fits: Sequence[Fit], columns: int | None) -> list[str]:
    """The fit for a terminal of so many columns (None: no limit): a line for each series."""
    table = [("series", "unit", "inside", "width", "CRPS", "walk", "by year")]
    for one in fits:
        told = list(one.verdicts.values())
        walk = sum(one.walk.values()) / len(one.walk) if one.walk else math.nan
        name = one.series.title_en + ("" if one.series.is_fitted else " (not fitted)")
        inside = f"{sum(v.is_inside for v in told)}/{len(told)}"
        numbers = (f"{mean_width(told):.2f}", f"{mean_crps(told):.3f}", f"{walk:.3f}" if one.walk else "")
        table.append((name, one.series.unit, inside, *numbers, _years(one)))
    return layout(table, columns)


def bars_text(bars: Sequence[Bar], columns: int | None) -> list[str]:
    """The summary for a terminal."""
    told = {"yes": "passes", "no": "FAILS", "": ""}
    rows = [(row["title_en"], row["value"], row["bar"], told[row["passed"]]) for row in bar_rows(bars)]
    return layout([("summary of the fit", "value", "bar", ""), *rows], columns)


def side_by_side(rows: Sequence[Row], columns: int | None) -> list[str]:
    """The conditional and the unconditional judgement beside each other, a line for each series."""
    by = {(row.indicator, row.forecast): row for row in rows}
    names = {row.indicator: row.title_en for row in rows}
    heads = ["in band", "CRPS", "skill walk/trend/plan"]
    table = [["series", "points", *(f"{word}: {head}" for word in OURS for head in heads), "walk/trend in band"]]
    for name, title in names.items():
        sides = [cell for forecast in OURS for cell in _side(by.get((name, forecast)))]
        points = max((row.points for (other, _), row in by.items() if other == name), default=0)
        naive = "/".join(_percent(by.get((name, forecast))) for forecast in NAIVE[:2])
        table.append([title, str(points), *sides, naive])
    return layout(table, columns)


def _percent(row: Row | None) -> str:
    return "-" if row is None else f"{row.coverage:.0%}"


def _side(row: Row | None) -> list[str]:
    """Coverage, score and skills of one forecast of one series."""
    if row is None:
        return ["-", "-", "-"]
    skills = "/".join(f"{row.skills[n]:+.2f}" if math.isfinite(row.skills.get(n, math.nan)) else "-" for n in NAIVE)
    return [f"{row.coverage:.0%}", f"{row.crps:.3f}", skills]
