"""One frozen run: history, seed 1, replicate 0, one agent for 20, to the end of 2015; yearly values to 12 digits.

A change of the model may move these values only in a commit that says why, with a message `Regression: why`. Write
them anew with

    python -m tests.regression.test_frozen_run

in the project's folder, and put the table that it prints (indicator, year, before, after) into the commit's message.
"""

from __future__ import annotations

import json

import pytest

from tests.behaviour.runs import PROJECT, after_step, by_year, fresh, scenario

FROZEN = PROJECT / "results" / "frozen" / "history.json"
RUN = ("history", "population.k=20", "end=2015Q4")
FIRST_YEAR = 2011
INDICATORS = (
    *("rd_expenditure", "rd_actual", "rd_exp_gov_funds", "rd_personnel_fte", "ind_revenue_above_scale"),
    *("ind_firms_above_scale", "ind_firms_with_rd", "ind_newproduct_sales", "hnte_stock", "tech_sme_stock"),
    *("patent_applications_invention", "patents_valid_invention", "tech_contracts_total", "etc_three_tier"),
    *("platforms_provincial_plus", "innovation_alliances", "covered_firms"),
)


def measured() -> dict[str, dict[str, str]]:
    """Indicator -> year -> value as text with 12 significant digits."""
    found = fresh(scenario(*RUN))
    return {
        name: {str(FIRST_YEAR + year): f"{value:.12g}" for year, value in enumerate(by_year(found, name))}
        for name in INDICATORS
    }


def changes(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[str]:
    """A line for each value that differs: indicator, year, before, after."""
    return [
        f"{name} {year} {before.get(name, {}).get(year, '-')} {value}"
        for name, years in after.items()
        for year, value in years.items()
        if before.get(name, {}).get(year) != value
    ]


def frozen() -> dict[str, dict[str, str]]:
    """The values on record; none before the first freeze."""
    return json.loads(FROZEN.read_text(encoding="utf-8"))["values"] if FROZEN.exists() else {}


def freeze() -> None:
    """Write the values anew and print what changed."""
    now = measured()
    for line in changes(frozen(), now):
        print(line)
    content = {"run": list(RUN), "seed": 1, "replicate": 0, "values": now}
    FROZEN.parent.mkdir(parents=True, exist_ok=True)
    FROZEN.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def test_the_frozen_run_has_not_moved():
    on_record = frozen()
    assert set(on_record) == set(INDICATORS)
    found = changes(on_record, measured())
    assert not found, "\n".join(["moved (indicator, year, before, after); see this file's first lines:", *found])


@pytest.mark.parametrize("share", [1e-6])
def test_broken_model_moves_the_frozen_run(share, monkeypatch):
    """Vacuity guard: a millionth more sales from the first quarter on is seen."""

    def inflate(world):
        world.firms.sales_y *= 1.0 + share

    after_step(monkeypatch, "follow_revenue", inflate)
    assert changes(frozen(), measured())


if __name__ == "__main__":
    freeze()
