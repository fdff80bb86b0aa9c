"""Tables of docs/validity.md: how the model fits, which facts and tests it passes, what it cannot tell.

They are made from the tables that ship (experiments/validity); one that was not made yet says with which command to
make it. Each names what made it, so that a reader sees when the model has changed since. Rows that fail are never left
out: every table has all rows, and the failing ones stand again with their reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from experiments.draws.variance_view import variance_view
from experiments.facts.view import verdicts
from experiments.markdown import table
from experiments.number_texts import percent
from experiments.tables import short
from experiments.validity.counts import (
    BAR,
    CLASSES,
    FAIL,
    INNER,
    PASS,
    RUN,
    Count,
    Row,
    bars_passed,
    breaks_noticed,
    fails_on_both,
    is_noticed,
    responses_passed,
)
from experiments.validity.summaries import FOLDER, Summary, shipped

MAKERS = {  # what makes each table; `breaks` has two makers
    "fit": ("validate",), "judgement": ("validate",), "facts": ("facts",), "responses": ("responses",),
    "breaks": ("facts breaks=yes", "responses breaks=yes"), "sensitivity": ("sensitivity",),
    "identifiability": ("identify",), "variance": ("variance",),
}  # fmt: skip
RESULTS = {PASS: "passes", FAIL: "**fails**", "void": "void", "not_possible": "not possible"}
YES_NO = {"yes": "yes", "no": "**no**", "": ""}
PASSED = {"yes": "passes", "no": "**fails**", "": ""}
OURS = ("conditional", "unconditional")  # forecasts of the model itself; the others are shown for all series together
ALL = "all"
STRONGEST = 5  # inputs shown of each outcome
UNKNOWN = "no reason is known"


def plain(text: str) -> str:
    """A text inside a Markdown page: one line, without markup of its own."""
    return " ".join(text.replace("<", "&lt;").replace("*", "\\*").replace("`", "'").split())


def code(text: str) -> str:
    """A text as code, where no markup counts but what would end a generated block."""
    one_line = " ".join(text.replace("`", "'").replace("<!--", "").split())
    return f"`{one_line}`"


def rounded(text: str) -> str:
    """A number of a table with three digits; nothing for nothing."""
    return short(float(text)) if text else ""


def spread(row: Row, middle: str) -> str:
    """A value with its band of the seeds or runs."""
    if not row[middle]:
        return ""
    return f"{rounded(row[middle])} ({rounded(row['p05'])} to {rounded(row['p95'])})"


def band(row: Row) -> str:
    """The published band, either end of which may be open."""
    low, high = row["low"], row["high"]
    if low and high:
        return f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}" if high else ""


def of(count: Count, what: str) -> str:
    """A line that counts."""
    return f"{count.held} of {count.of} {what}"


def not_made(name: str) -> str:
    """What stands in place of a table that was not made yet."""
    return f"Not made yet: {' and '.join(f'`innopolicy {maker} ship=yes`' for maker in MAKERS[name])}.\n"


def with_origin(made: Summary, *parts: str) -> str:
    """Parts of a block, and below them what made the table."""
    origin = f"Made by {code(made.command)}, model {code(made.version)}.\n"
    return "\n".join([*(part for part in parts if part), origin])


def reasons(heads: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> str:
    """A table of rows with the reason of each, empty where there are no rows."""
    told = [(*cells, plain(reason) or UNKNOWN) for cells, reason in rows]
    return table((*heads, "why"), told) if told else ""


def fit(folder: Path = FOLDER) -> str:
    """Each series of 2011-2017: points inside the band, its width, and the score beside that of a random walk."""
    made = shipped("fit", folder)
    if made is None:
        return not_made("fit")
    rows = [(plain(row["title_en"]), row["unit"], row["fitted"], f"{row['inside']} of {row['points']}", row["width"],
             row["crps_compared"], row["crps_walk"], YES_NO[row["better"]]) for row in made.rows]  # fmt: skip
    heads = ("series", "unit", "fitted to", "points inside", "p95/p05", "CRPS", "CRPS, walk", "better")
    return with_origin(made, table(heads, rows))


def bars(folder: Path = FOLDER) -> str:
    """The summary of the fit: every measure, with its bar where it has one."""
    made = shipped("judgement", folder)
    if made is None:
        return not_made("judgement")
    rows = [(plain(row["title_en"]), row["value"], row["bar"], PASSED[row["passed"]])
            for row in made.rows if row["part"] == BAR]  # fmt: skip
    count = of(bars_passed(made.rows), "bars are passed.\n")
    return with_origin(made, count, table(("measure", "value", "bar", "result"), rows))


def inner(folder: Path = FOLDER) -> str:
    """The inner test: the model series by series, naive forecasts over all series."""
    made = shipped("judgement", folder)
    if made is None:
        return not_made("judgement")
    rows = [(plain(row["title_en"]), plain(row["forecast_en"]), row["points"], row["coverage"], row["width"],
             row["crps"], row["skill_random_walk"], row["skill_trend"], row["skill_plan"])
            for row in made.rows
            if row["part"] == INNER and (row["item"] == ALL or row["forecast"] in OURS)]  # fmt: skip
    if not rows:
        return not_made("judgement")
    heads = ("series", "forecast", "points", "inside 90 % band", "p95/p05", "CRPS", "skill against random walk",
             "against trend", "against the plan's path")  # fmt: skip
    return with_origin(made, table(heads, rows))


def facts(folder: Path = FOLDER) -> str:
    """Every statistic of every fact, and why some lie outside their band."""
    made = shipped("facts", folder)
    if made is None:
        return not_made("facts")
    held = verdicts(made.rows)
    rows = [(row["number"], plain(row["title_en"]), plain(row["statistic_en"]), spread(row, "value"), band(row),
             YES_NO[row["inside"]], percent(float(row["seeds_inside"])) if row["seeds_inside"] else "")
            for row in made.rows]  # fmt: skip
    failing = [((row["number"], plain(row["statistic_en"])), row["reason_en"])
               for row in made.rows if row["inside"] == "no"]  # fmt: skip
    heads = ("", "fact", "statistic", "value (5-95 %)", "band", "inside", "seeds inside, %")
    count = of(Count(sum(held.values()), len(held)), "facts hold in all their statistics.\n")
    return with_origin(made, count, table(heads, rows), reasons(("", "outside its band"), failing))


def responses(folder: Path = FOLDER) -> str:
    """Every row of every policy-response test, why some fail, and why some are not tried."""
    made = shipped("responses", folder)
    if made is None:
        return not_made("responses")
    counts = [of(responses_passed(made.rows, name), f"{titles[0]} tests pass") for name, titles in CLASSES.items()]
    rows = [(row["row"], CLASSES[row["class"]][0], plain(row["title_en"]), plain(row["sign"]), band(row),
             plain(row["unit"]), spread(row, "median"), percent(float(row["agree"])) if row["agree"] else "",
             RESULTS[row["result"]])
            for row in made.rows]  # fmt: skip
    heads = ("row", "class", "what", "sign", "band", "unit", "value (5-95 %)", "seeds with the sign, %", "result")
    failing = [((row["row"], plain(row["title_en"]), _failed(row)), row["reason_en"])
               for row in made.rows if row["result"] == FAIL]  # fmt: skip
    untried = [((row["row"], plain(row["title_en"]), RESULTS[row["result"]]), row["reason_en"])
               for row in made.rows if row["result"] not in RUN]  # fmt: skip
    return with_origin(made, f"{'; '.join(counts)}.\n", table(heads, rows), reasons(("row", "fails", "in"), failing),
                       reasons(("row", "not tried", "as"), untried))  # fmt: skip


def _failed(row: Row) -> str:
    """What of a row fails: sign, magnitude, or that too few seeds gave a value."""
    parts = [part for part in ("sign", "magnitude") if row[f"{part}_result"] == FAIL]
    return " and ".join(parts) or "too few seeds tell"


def breaks(folder: Path = FOLDER) -> str:
    """What each test says of a model that is broken on purpose, and which tests no broken model was made for."""
    made, tried = shipped("breaks", folder), shipped("responses", folder)
    if made is None:
        return not_made("breaks")
    rows = [(row["kind"], plain(row["name"]), plain(row["title_en"]), plain(row["broken_en"]), rounded(row["whole"]),
             rounded(row["broken"]), _noticed(row), plain(row["runs"])) for row in made.rows]  # fmt: skip
    heads = ("", "row", "what", "how the model was broken", "whole", "broken", "noticed", "runs")
    count = of(breaks_noticed(made.rows), "broken models are noticed by what the whole model passes.\n")
    known = {row["name"].partition("_")[0] for row in made.rows}
    numbers = dict.fromkeys(row["test"] for row in tried.rows if row["result"] in RUN) if tried else {}
    without = [number for number in numbers if number not in known]
    rest = f"Tests without a broken model of their own: {', '.join(map(plain, without))}.\n" if without else ""
    return with_origin(made, count, table(heads, rows), rest)


def _noticed(row: Row) -> str:
    if is_noticed(row):
        return "yes"
    return "says nothing: fails on the whole model too" if fails_on_both(row) else "**no**"


def history(folder: Path = FOLDER) -> str:
    """How well each fitted parameter is found again in synthetic data, and what the real data say of it."""
    made = shipped("identifiability", folder)
    if made is None:
        return not_made("identifiability")
    silent = Count(sum(row["silent"] == "yes" for row in made.rows), len(made.rows))
    rows = [(code(row['address']), plain(row["title_en"]),
             f"{row['inside_90']} ({row['inside_90_low']} to {row['inside_90_high']})", row["rank_p"],
             row["contraction"], row["contraction_at_data"], "**nothing**" if row["silent"] == "yes" else "something")
            for row in made.rows]  # fmt: skip
    heads = ("parameter", "what", "truth inside the 90 % interval", "rank p", "sd/prior, synthetic",
             "sd/prior, observed", "history tells")  # fmt: skip
    told = "fitted parameters are ones of which history tells nothing (posterior nearly as wide as the prior).\n"
    return with_origin(made, of(silent, told), table(heads, rows))


def strongest(rows: Sequence[Row]) -> list[Row]:
    """The strongest inputs of an outcome: by their total share, those that have none after them by mu*."""
    return sorted(rows, key=lambda row: (-float(row["total"] or -1.0), -float(row["mu_star"])))[:STRONGEST]


def inputs(folder: Path = FOLDER) -> str:
    """The inputs that decide each outcome."""
    from sim.catalogue.loader import catalogue

    made = shipped("sensitivity", folder)
    if made is None:
        return not_made("sensitivity")
    known, by_outcome = catalogue().indicators, dict[str, list[Row]]()
    for row in made.rows:
        by_outcome.setdefault(row["outcome"], []).append(row)
    rows = []
    for name, all_rows in by_outcome.items():
        title = f"{known[name].title_en}, {known[name].unit}" if name in known else name
        for place, row in enumerate(strongest(all_rows)):
            shares = (f"{row[kind]} ± {row[f'{kind}_ci']}" if row[kind] else "" for kind in ("first", "total"))
            numbers = (rounded(row["mu_star"]), rounded(row["noise"]))
            rows.append((title if not place else "", plain(row["title_en"]), code(row["address"]), *shares, *numbers))
    heads = ("outcome", "input", "address", "share by itself", "share in all", "mu\\*", "mu\\* of chance alone")
    return with_origin(made, table(heads, rows))


def owed(folder: Path = FOLDER) -> str:
    """What the spread of each outcome is owed to: parameters, chance, drivers."""
    made = shipped("variance", folder)
    if made is None:
        return not_made("variance")
    scenarios = {name for row in made.rows for name in (row["scenario"], row["against"]) if name}
    view = variance_view(scenarios, folder) or {"rows": [], "titles": []}
    rows = []
    for row in view["rows"]:
        of_what = code(row["scenario"]) + (f" less {code(row['against'])}" if row["against"] else "")
        shares = ("-" if part["first"] is None else f"{percent(part['first'])} ({percent(part['total'])})"
                  for part in row["parts"])  # fmt: skip
        low, high = map(short, row["band"])
        title = f"{plain(row['title'][0])}, {row['unit']}"
        rows.append((title, row["year"], of_what, f"{low} to {high}", *shares))
    heads = ("outcome", "year", "scenario", "5-95 %", *(f"{titles[0].lower()}, %" for titles in view["titles"]))
    return with_origin(made, table(heads, rows))


def counts(folder: Path = FOLDER) -> str:
    """The lines that count, for the README."""
    judgement, found, tested, broken = (shipped(n, folder) for n in ("judgement", "facts", "responses", "breaks"))
    held = verdicts(found.rows) if found else {}
    lines = [
        of(bars_passed(judgement.rows), "bars of the fit are passed") if judgement else None,
        of(Count(sum(held.values()), len(held)), "stylised facts hold") if found else None,
        *(of(responses_passed(tested.rows, name), f"{titles[0]} policy-response tests pass") if tested else None
          for name, titles in CLASSES.items()),
        of(breaks_noticed(broken.rows), "models broken on purpose are noticed") if broken else None,
    ]  # fmt: skip
    told = [line for line in lines if line]
    made = {"judgement": judgement, "facts": found, "responses": tested, "breaks": broken}
    missing = [not_made(name).rstrip(".\n") for name, one in made.items() if one is None]
    return "".join(f"- {line}.\n" for line in [*told, *missing])


BLOCKS: dict[str, Callable[[], str]] = {
    "validity_counts": counts, "validity_bars": bars, "validity_fit": fit, "validity_inner": inner,
    "validity_facts": facts, "validity_responses": responses, "validity_breaks": breaks, "validity_history": history,
    "validity_inputs": inputs, "validity_spread": owed,
}  # fmt: skip
