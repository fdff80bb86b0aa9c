"""What the report shows of the catalogue: drivers, where numbers come from, totals of the start, and sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.outcomes import Results
from experiments.titles.parameters import title_of
from experiments.words import KINDS, PARTS, START_TOTALS, driver_rule, sentence, words
from sim.catalogue.loader import catalogue


def drivers_view() -> list[dict[str, Any]]:
    """How each driver goes on beyond its last observed year."""
    rows = catalogue().driver_rules
    titles = {name: (row.title_en, row.title_zh) for name, row in rows.items()}
    return [
        {"row": row, "rule": driver_rule(row.rule, titles), "kind": words(KINDS, row.kind)} for row in rows.values()
    ]


def parameters_view() -> dict[str, Any]:
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
            parts[row.address.partition(".")[0]].append({"row": row, "title": title_of(row.address)})
    return {
        "kinds": sentence((pair, kinds[kind]) for kind, pair in KINDS.items()),
        "grades": sentence(((grade, grade), count) for grade, count in sorted(grades.items())),
        "total": len(entries),
        "assumed": sum(map(len, parts.values())),
        "parts": [(words(PARTS, name), assumed) for name, assumed in parts.items()],
    }


def totals_view(results: Sequence[Results]) -> list[dict[str, Any]]:
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


def sources_view(totals: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The sources that the page names, in the catalogue's order."""
    cat = catalogue()
    named = {key for row in cat.levers.values() for key in row.evidence}
    named |= {row.source for row in cat.driver_rules.values()} | {row["source"] for row in totals}
    named |= {row.source for row in cat.parameters.values() if row.kind == "assumed"}
    keys = {key.strip() for text in named for key in text.split(";")}
    return [row for key, row in cat.sources.items() if key in keys]
