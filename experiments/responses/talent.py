"""Tests 23 and 46: what grants do to patents, products and sales, and talent and grants by themselves and together."""

from __future__ import annotations

import numpy as np

from experiments.responses.arms import FIRST, LONG, STEADY, T0, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, both, percent
from sim.catalogue.loader import catalogue

GRANT, TALENT = "rd_grant.budget_y", "talent_programme.budget_y"
NO_GRANTS = STEADY.since(T0, {GRANT: 0.0})
YEARS_ON = 3


def more_of(lever: str) -> float:
    """The budget at which a lever is tried alone (lever_trials.csv), on top of what it has."""
    trial = catalogue().trials[lever]
    doses = dict(pair.split("=", 1) for pair in trial.doses)
    return dose_of(STEADY, f"{lever}.budget_y") + float(doses["budget_y"])


MORE_TALENT = STEADY.since(T0, {TALENT: more_of("talent_programme")})
MORE_GRANTS = STEADY.since(T0, {GRANT: more_of("rd_grant")})
MORE_OF_BOTH = STEADY.since(T0, {TALENT: more_of("talent_programme"), GRANT: more_of("rd_grant")})


def grants_and_outcomes(lab: Lab) -> Measured:
    """Test 23: patents and products of the province, and sales of the recipients of the first year three years on."""
    without, granted = lab.pair(NO_GRANTS, STEADY)
    recipients = granted.firms(FIRST)["uid"][granted.firms(FIRST)["grant_award"] > 0.0]
    one, two = without.firms(FIRST + YEARS_ON), granted.firms(FIRST + YEARS_ON)
    i, j = both(one, two)
    rows = np.isin(one["uid"][i], recipients)
    sales = one["sales_year"][i][rows].sum(), two["sales_year"][j][rows].sum()
    sold = "ind_newproduct_sales"
    return {
        "23_patents": percent(*(trace.inventions(LONG, of_firms=True) for trace in (without, granted))),
        "23_products": percent(without.of(sold, LONG), granted.of(sold, LONG)),
        "23_sales": percent(*sales),
    }


def together(lab: Lab) -> Measured:
    """Test 46: R&D of firms at the prices of research, and inventions expected to be filed."""
    traces = [lab.trace(arm) for arm in (STEADY, MORE_TALENT, MORE_GRANTS, MORE_OF_BOTH)]
    found: dict[str, float] = {}
    real = np.array([trace.real("firm_rd_actual", LONG) for trace in traces])
    filed = np.array([trace.inventions(LONG) for trace in traces])
    for name, values in (("rd", real), ("patents", filed)):
        talent, grants, joint = values[1:] - values[0]
        found[f"46_{name}"] = joint / (talent + grants) if talent + grants > 0.0 else float("nan")
        found[f"46_{name}_alone"] = talent / joint if joint > 0.0 else float("nan")
    return found


EXPERIMENTS = (Experiment(23, grants_and_outcomes), Experiment(46, together))
