"""A scenario as somebody could have written it at the end of a year: what came later is not in it.

National law stays as it was, and levers that had not begun are left out: nobody knew of them. The drivers after that
year come from the ensemble of forecasts, one path a replicate (experiments.draws).
"""

from __future__ import annotations

from dataclasses import replace

from sim.core.calendar import QUARTERS_A_YEAR, quarter_number
from sim.scenario import Scenario
from sim.scenario_reading import LeverSetting, Phase


def as_known_in(scenario: Scenario, year: int) -> Scenario:
    """The scenario with the law and the levers of the end of a year."""
    unknown = (year + 1) * QUARTERS_A_YEAR  # the first quarter that nobody knew
    after = quarter_number(scenario.end) + 1
    phases = tuple(
        Phase(phase.first, {name: _as_known(one, unknown, after) for name, one in phase.lever.items()})
        for phase in scenario.phases
        if phase.first < unknown
    )
    return replace(scenario, phases=phases, known_to=year)


def _as_known(setting: LeverSetting, unknown: int, after: int) -> LeverSetting:
    """A lever without the entries of its schedules, or the whole of it, that begin later."""
    if setting.first >= unknown:
        return replace(setting, first=after, last=after)
    doses = {
        name: tuple(entry for entry in dose if entry[0] < unknown) if isinstance(dose, tuple) else dose
        for name, dose in setting.doses.items()
    }
    return replace(setting, doses=doses)
