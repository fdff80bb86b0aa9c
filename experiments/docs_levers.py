"""Tables of what each lever did when it was tried alone, from results/frozen/lever_effects.csv (`make effects`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.costs import OUTCOMES
from experiments.effects import MILLION_IN_100M, read_effects
from experiments.markdown import table

FILE = Path(__file__).resolve().parent.parent / "results" / "frozen" / "lever_effects.csv"
LEAST_COST = 1.0  # million yuan; less is no cost, as in effects.py
LEAST_SHOWN = 5e-4
NONE = "-"
Row = Mapping[str, str]


def read(path: Path) -> dict[tuple[str, str], Row]:
    """Rows of a lever_effects.csv by lever and indicator."""
    return {(row["lever"], row["indicator"]): row for row in read_effects(path)}


def number(text: str) -> str:
    """Three digits; what is smaller than a thousandth is zero."""
    value = float(text)
    if abs(value) < LEAST_SHOWN:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:,.3g}"


def with_band(row: Row, name: str) -> str:
    """Mean and band of a column, or a dash where it is empty."""
    if not row[name]:
        return NONE
    mean, low, high = (number(row[key]) for key in (name, f"{name}_p05", f"{name}_p95"))
    return mean if mean == low == high else f"{mean} ({low} to {high})"


def cost(row: Row) -> str:
    """Public cost of the trial in 100 million yuan; a dash where the trial cost next to nothing."""
    million = float(row["cost"])
    return NONE if abs(million) < LEAST_COST else number(str(million / MILLION_IN_100M))


def lever_effects(path: Path = FILE) -> str:
    """Every lever: channel, terms, evidence, cost, and what 100 million yuan of it buy of the headline outcomes."""
    from sim.catalogue.loader import catalogue

    cat, found = catalogue(), read(path)
    heads = (f"{cat.indicators[name].title_en}, {cat.indicators[name].unit}" for name in OUTCOMES)
    rows = []
    for name, lever in cat.levers.items():
        mine = [found[name, outcome] for outcome in OUTCOMES]
        terms = ", ".join(f"`{term}`" for term in lever.acts_on)
        basis = f"{', '.join(lever.evidence)}: {lever.grade}"
        effects = (with_band(row, "per_100m") for row in mine)
        rows.append((f"`{name}`", lever.channel, terms, basis, cost(mine[0]), *effects))
    return table(("lever", "channel", "writes", "evidence: grade", "cost, 100m yuan", *heads), rows)


def lever_outcomes(path: Path = FILE) -> str:
    """The outcomes that each lever is expected to move: effect of its trial, band, seeds that agree on the sign."""
    from sim.catalogue.loader import catalogue

    cat, found = catalogue(), read(path)
    rows = []
    for name, trial in cat.trials.items():
        doses = ", ".join(text.replace("=", " ") for text in trial.doses)
        for outcome, sign in trial.outcomes:
            row, known = found[name, outcome], cat.indicators[outcome]
            head = (f"`{name}`", f"taken away: {doses}" if trial.is_national else doses)
            expected, agree = "+" if sign > 0 else "-", f"{float(row['same_sign']):.0%}"
            rows.append((*head, f"{known.title_en}, {known.unit}", expected, with_band(row, "effect"), agree))
    return table(("lever", "doses of the trial", "named outcome", "expected", "effect (5-95 %)", "seeds"), rows)
