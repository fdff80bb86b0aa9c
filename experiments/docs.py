"""Writes the generated tables of the documents again; hand-written text around them is left alone.

A generated block stands between `<!-- generated: NAME -->` and `<!-- end -->`. Tables of the model come from the
schedule, the agents and the catalogue, those of the levers' trials from results/frozen/lever_effects.csv; the README's
results come from the files of a finished study (results/main), those of validity from what ships in
experiments/validity.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.docs_levers import lever_effects, lever_outcomes
from experiments.docs_validity import BLOCKS as VALIDITY_BLOCKS
from experiments.markdown import shown, table
from sim.scenario_values import ScenarioError

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("sim/ODD.md", "README.md", "docs/validity.md")  # with generated tables
BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z_]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
COMPARED = ("rd_expenditure", "rd_gdp_ratio", "ind_rd_expenditure", "ind_firms_with_rd", "hnte_stock",
            "patents_valid_invention", "patent_applications_invention", "patents_granted_invention",
            "rd_personnel_fte", "rd_exp_gov_funds", "ind_newproduct_sales", "ind_valid_invention_patents",
            "tech_contracts_total", "tech_contracts_output_value", "etc_provincial", "etc_national")  # fmt: skip
YEARS = (2012, 2014, 2015, 2016, 2017)
HEADLINES = ("a_rd_gdp", "a_patents", "c_patents", "c_hnte", "d_hnte", "a_tech_contract", "c_fte", "b_newprod_sales",
             "b_rd_intensity", "d_active_share_x2", "b_tc_total", "d_tc_total")  # fmt: skip


def kinds() -> str:
    """Every kind of agent with its state, and with what is neutral at the start of a quarter: terms and effects."""
    from sim.catalogue.loader import catalogue
    from sim.model import KINDS

    written = {address for lever in catalogue().levers.values() for address in lever.acts_on}
    rows = []
    for kind, agent in KINDS.items():
        columns = agent.declared()
        neutral = [name for name, column in columns.items() if column.neutral is not None]
        terms = [name for name in neutral if f"{kind}.{name}" in written]
        effects = [name for name in neutral if name not in terms]
        doc = (agent.__doc__ or "").strip().split("\n")[0]
        cells = (", ".join(f"`{name}`" for name in names) or "none" for names in (terms, effects))
        rows.append((f"`{kind}`", doc, len(columns) - len(neutral), *cells))
    return table(("kind", "what it is", "state columns", "policy terms", "effects"), rows)


def processes() -> str:
    """The quarter in order."""
    from sim.schedule import SCHEDULE

    rows = [(i + 1, f"`{step.name}`", step.sentence, ", ".join(f"`{w}`" for w in step.writes))
            for i, step in enumerate(SCHEDULE)]  # fmt: skip
    return table(("step", "mechanism", "what happens", "writes"), rows)


def levers() -> str:
    """The levers and their doses."""
    from sim.catalogue.loader import catalogue

    cat = catalogue()
    rows = []
    for name, row in cat.levers.items():
        doses = [d for d in cat.doses.values() if d.lever == name]
        ranges = "; ".join(f"`{d.dose}` {d.low:g} to {d.high:g} {d.unit}" for d in doses)
        rows.append((f"`{name}`", row.title_en, ranges))
    return table(("lever", "title", "doses and ranges"), rows)


def parameters() -> str:
    """How many numbers each mechanism has, and what they rest on."""
    from sim.catalogue.loader import catalogue

    groups: dict[str, Counter[str]] = {}
    for address, row in catalogue().parameters.items():
        groups.setdefault(address.split(".")[0], Counter())[row.kind] += 1
    kinds_ = ("measured", "evidence", "calibrated", "assumed")
    rows: list[tuple[object, ...]] = [(f"`{g}`", *(c[k] or "" for k in kinds_)) for g, c in sorted(groups.items())]
    total: Counter[str] = sum(groups.values(), Counter())
    rows.append(("all", *(total[k] for k in kinds_)))
    return table(("mechanism", *kinds_), rows)


def drivers() -> str:
    """How each driver goes on beyond its last observed year."""
    from sim.catalogue.loader import catalogue

    cat = catalogue()
    rows = []
    for name, rule in cat.driver_rules.items():
        years = cat.series(name)
        band = f"{rule.low:g} to {rule.high:g} {rule.unit}" if rule.low is not None else ""
        rows.append((f"`{name}`", f"{min(years)}-{max(years)}", rule.rule, band, rule.note))
    return table(("driver", "observed", "then", "band", "note"), rows)


def start_totals() -> str:
    """Known totals of the end of 2010 and the synthetic population."""
    from experiments import load_scenario
    from sim.model import InnovationModel

    totals = InnovationModel(load_scenario("history"), seed=1).world.notes["totals"]
    rows = [(t["title"], t["unit"], f"{t['known']:,.2f}", f"{t['simulated']:,.2f}", f"{t['deviation']:+.2%}")
            for t in totals]  # fmt: skip
    return table(("total", "unit", "known", "population", "deviation"), rows)


def targets() -> str:
    """Rows of the plans by status."""
    from sim.catalogue.loader import catalogue

    counts: dict[str, Counter[str]] = {}
    for row in catalogue().targets.values():
        counts.setdefault(row.plan, Counter())[row.status] += 1
    status = ("simulated", "exogenous", "rule", "not_simulated")
    return table(("plan", *status), [(p, *(c[s] for s in status)) for p, c in sorted(counts.items())])


def plan_map() -> str:
    """Instruments of the plans by type, rules and actors, by their place in the model."""
    from sim.catalogue.loader import catalogue

    cat = catalogue()
    groups: dict[str, Counter[str]] = {}
    for instrument in cat.instruments.values():
        groups.setdefault(f"instruments: {instrument.type_}", Counter())[instrument.status] += 1
    groups["all instruments"] = sum(groups.values(), Counter())
    groups["rules"] = Counter(row.status for row in cat.rules_of_plans.values())
    groups["actors"] = Counter(row.status for row in cat.actors.values())
    status = ("lever", "shared", "rule", "agent", "not_modelled")
    rows = [(name, counts.total(), *(counts[s] or "" for s in status)) for name, counts in groups.items()]
    return table(("of the five plans", "rows", *status), rows)


def _rows(study: Path, name: str) -> list[dict[str, str]]:
    with (study / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def history_fit(study: Path) -> str:
    """Simulated against observed, history scenario: mean of the replicates and the deviation."""
    from sim.catalogue.loader import catalogue

    cat = catalogue()
    means = {(r["indicator"], r["period"]): float(r["mean"]) for r in _rows(study, "indicators.csv")
             if r["scenario"] == "history" and not r["group"]}  # fmt: skip
    rows = []
    for name in COMPARED:
        row = cat.indicators[name]
        observed = cat.series(row.observed)
        cells = []
        for year in YEARS:
            value = means[name, str(year)]
            known = observed.get(year)
            cells.append(
                shown(value) if known is None else f"{shown(value)} / {shown(known)} ({value / known - 1:+.0%})"
            )
        rows.append((f"{row.title_en}, {row.unit}", *cells))
    return table(("model / observed", *map(str, YEARS)), rows)


def first_result(study: Path) -> str:
    """Headline targets under history and the plan that sets them."""
    from sim.catalogue.loader import catalogue

    cat = catalogue()
    by_plan = {"A": "plan_a_2014", "B": "plan_b_2014", "C": "plan_c_13fyp", "D": "plan_d_2019", "E": "plan_e_changzhi"}
    found = {(r["scenario"], r["target_id"]): r for r in _rows(study, "scorecard.csv")}
    rows = []
    for target in HEADLINES:
        scenario = by_plan[target[0].upper()]
        own, base = found[scenario, target], found["history", target]
        median, low, high = (shown(float(own[key])) for key in ("p50", "p05", "p95"))
        band = f"{median} ({low} to {high})"
        target_value, title = f"{float(own['target']):,g}", f"{cat.targets[target].title_en}, {own['unit']}"
        chances = (f"{float(row['probability']):.0%}" for row in (own, base))
        rows.append((title, own["plan"], own["target_year"], target_value, band, *chances))
    return table(("target", "plan", "year", "target value", "median (5-95 %)", "chance, plan", "chance, history"), rows)


SCALED = (("scaled", 8), ("tiny", 40))
SCALED_REPLICATES = 16
SCALED_SHOWN = ("rd_expenditure", "ind_firms_with_rd", "hnte_stock", "patents_valid_invention", "tech_contracts_total",
                "etc_three_tier")  # fmt: skip


def scaling(study: Path) -> str:
    """History in 2017 at k = 8 and k = 40 against k = 1: means of the replicates and the deviation."""
    from experiments import load_scenario
    from experiments.outcomes import yearly_values
    from sim.catalogue.loader import catalogue
    from sim.model import run

    cat = catalogue()
    full = {r["indicator"]: float(r["mean"]) for r in _rows(study, "indicators.csv")
            if r["scenario"] == "history" and r["period"] == "2017" and not r["group"]}  # fmt: skip
    position = {name: i for i, name in enumerate(cat.indicators)}
    columns = []
    for population, _ in SCALED:
        scenario = load_scenario("history", [f"population={population}", "end=2017Q4"])
        runs = [yearly_values(run(scenario, 1, r).quarterly) for r in range(SCALED_REPLICATES)]
        last = sum(one[-1] for one in runs) / len(runs)
        columns.append({name: float(last[position[name]]) for name in SCALED_SHOWN})
    rows = []
    for name in SCALED_SHOWN:
        cells = [f"{shown(c[name])} ({c[name] / full[name] - 1:+.0%})" for c in columns]
        rows.append((f"{cat.indicators[name].title_en}, {cat.indicators[name].unit}", shown(full[name]), *cells))
    return table(("2017", "k = 1", *(f"k = {k} ({name})" for name, k in SCALED)), rows)


MODEL_BLOCKS: dict[str, Callable[[], str]] = {
    "kinds": kinds, "processes": processes, "levers": levers, "parameters": parameters, "drivers": drivers,
    "start_totals": start_totals, "targets": targets, "plan_map": plan_map, "lever_effects": lever_effects,
    "lever_outcomes": lever_outcomes, **VALIDITY_BLOCKS,
}  # fmt: skip
RESULT_BLOCKS: dict[str, Callable[[Path], str]] = {
    "history_fit": history_fit, "first_result": first_result, "scaling": scaling,
}  # fmt: skip


def rewritten(text: str, study: Path | None) -> str:
    """The text with its generated blocks made anew; blocks of results are kept when there is no study."""

    def fresh(match: re.Match[str]) -> str:
        name = match["name"]
        if name in MODEL_BLOCKS:
            return f"{match[1]}{MODEL_BLOCKS[name]()}{match[4]}"
        return match[0] if study is None else f"{match[1]}{RESULT_BLOCKS[name](study)}{match[4]}"

    return BLOCK.sub(fresh, text)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the documents; `results=DIR` names the folder of studies (default results/)."""
    given = dict(argument.partition("=")[::2] for argument in arguments)
    if set(given) - {"results"}:
        raise ScenarioError(["override: docs takes results=DIR only"])
    study = Path(given.get("results", "results")) / "main"
    has_study = (study / "scorecard.csv").is_file()
    for name in DOCUMENTS:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        path.write_text(rewritten(text, study if has_study else None), encoding="utf-8")
    if has_study:
        from experiments.figures.first_result import draw

        draw(study, ROOT / "docs" / "first_result.svg")
    print(f"documents written{'' if has_study else ' (no results/main: result tables kept)'}")
    return 0
