"""Test 22: what grants do for patents as two designs would estimate it, matching and the cut-off of the score.

Both look at the same calls. Matching compares winners with performers that did not win and look alike (owner, size,
R&D, patents); the cut-off compares applicants just above with those just below, by a line on each side. The outcome is
what they are expected to file in the three years after the call: what they happen to file is mostly chance. At the
cut-off it is held against what the same firms file in the same years without grants, as the other tests pair their
runs: a few hundred applicants near it differ by more than any grant does. Matching sees the one world of a researcher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from experiments.responses.arms import STEADY, scenario_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Panel, Trace
from experiments.responses.watching import Uids, inventions_of, lab_beside, of_firms
from sim.agents.firm import PRIVATE
from sim.agents.world import World
from sim.core.row_lists import rows_with
from sim.mechanisms import award_grants

CALLS = range(2014, 2028)  # three more years are seen after the last
AFTER = (1, 2, 3)  # years in which filings are counted
BANDWIDTH = 1.5  # of the score, on each side: about its spread. From 1 to 3 the median is the same, the noise falls
MATCHES = 3
NEVER = STEADY.always({"rd_grant.budget_y": 0.0})


@dataclass(frozen=True)
class Call:
    """One call: uids and scores of the applicants, and whether each won; shape (n,) each."""

    uids: Uids
    scores: Array
    won: npt.NDArray[np.bool_]


@dataclass
class Referee:
    """Notes the applications of each call by the model's own law, and who was awarded."""

    params: award_grants.Params
    calls: dict[int, Call] = field(default_factory=dict)
    _open: tuple[Uids, Uids, Array] | None = None

    def before(self, world: World) -> None:
        """Before the call: who applies with which score."""
        self._open = None
        if not world.calendar.is_first_of_year or world.calendar.year not in CALLS:
            return
        firms, p, draws = world.firms, self.params, world.draws
        rows, scores, _ = award_grants.applications(
            rows_with(firms.alive, firms.can_innovate), firms.has_rd, firms.size_class, firms.ownership, firms.quality,
            firms.rd_intended_q, firms.rd_intensity, firms.sales_y, draws.uniform("grants.apply", firms),
            draws.uniform("grants.noise", firms), float(world.governments.grant_rate[0]), p.apply_small, p.apply_large,
            p.noise, p.state_advantage, p.largest_ask, p.smallest_ask, p.non_performer_apply,
        )  # fmt: skip
        active = firms.has_rd[rows] != 0
        self._open = (rows[active], firms.uid[rows[active]], scores[active])

    def after(self, world: World) -> None:
        """After it: who has a grant in force."""
        if self._open is not None:
            rows, uids, scores = self._open
            self.calls[world.calendar.year] = Call(uids, scores, world.firms.grant_quarters[rows] > 0)


def filed(trace: Trace, year: int, uids: Uids) -> Array:
    """Inventions that firms are expected to file in the years after a call, shape (n,)."""
    return inventions_of(trace, [year + later for later in AFTER], uids)


def looks(panel: Panel, uids: Uids) -> Array:
    """What a researcher sees of firms before the call: logs of sales, R&D, filings and stock; shape (n, 4)."""
    found = [np.log(of_firms(panel, "sales_y", uids) + 1e-3), np.log(of_firms(panel, "rd_reported_year", uids) + 1e-2)]
    found += [np.log1p(of_firms(panel, name, uids)) for name in ("filings_year", "inventions_in_force")]
    return np.stack(found, axis=1)


def cut_off(call: Call) -> float:
    """The score that best parts winners from losers."""
    order = np.argsort(call.scores)
    won = call.won[order]
    wrong = np.concatenate([[0], np.cumsum(won)]) + np.concatenate([np.cumsum((~won)[::-1])[::-1], [0]])
    place = int(np.argmin(wrong))
    scores = call.scores[order]
    return float(scores[min(place, len(scores) - 1)])


def jump(distance: Array, won: Array, gained: Array, usual: Array) -> float:
    """Effect of winning at the cut-off, in percent of what is usual there; shapes (n,).

    gained : outcome beyond what is usual for the firm. Gain, usual outcome and chance to win each have a line on either
    side; the effect is the ratio of the jumps of gain and chance.
    """
    near = np.abs(distance) < BANDWIDTH
    above = (distance >= 0.0).astype(np.float64)
    terms = np.column_stack([above, distance, distance * above, np.ones(len(above))])[near]
    solved = np.linalg.lstsq(terms, np.column_stack([gained, won])[near], rcond=None)[0]
    level = np.linalg.lstsq(terms[:, 1::2], usual[near], rcond=None)[0][1]  # one line: nobody has won anything there
    return float(100.0 * solved[0, 0] / solved[0, 1] / level)


def matched(seen: Array, won: npt.NDArray[np.bool_], cell: npt.NDArray[np.int64], outcome: Array) -> float:
    """Winners' outcome against that of the firms that look most like them, in percent."""
    scaled = seen / seen.std(axis=0)
    gained, alike = [], []
    for group in np.unique(cell):
        outside = np.flatnonzero((cell == group) & ~won)
        if not len(outside):
            continue
        for row in np.flatnonzero((cell == group) & won):
            apart = ((scaled[outside] - scaled[row]) ** 2).sum(axis=1)
            alike.append(outcome[outside[np.argsort(apart, kind="stable")[:MATCHES]]].mean())
            gained.append(outcome[row])
    return 100.0 * (float(np.mean(gained)) / float(np.mean(alike)) - 1.0)


def _by_cut_off(trace: Trace, without: Trace, calls: Sequence[tuple[int, Call]]) -> float:
    """The estimate at the cut-off, all calls together; `without` is the world that has no grants."""
    parts = []
    for year, call in calls:
        usual = filed(without, year, call.uids)
        distance, won = call.scores - cut_off(call), call.won.astype(np.float64)
        parts.append((distance, won, filed(trace, year, call.uids) - usual, usual))
    return jump(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _by_matching(trace: Trace, calls: Sequence[tuple[int, Call]]) -> float:
    """The estimate by matching, all calls together; firms outside did not apply, or applied and lost."""
    parts = []
    for year, call in calls:
        panel = trace.firms(year - 1)
        uids = panel["uid"][panel["has_rd"] != 0].astype(np.int64)
        won = np.isin(uids, call.uids[call.won])
        state = (of_firms(panel, "ownership", uids) < PRIVATE).astype(np.int64)
        cell = 100 * year + 10 * of_firms(panel, "size_class", uids).astype(np.int64) + state
        parts.append((looks(panel, uids), won, cell, filed(trace, year, uids)))
    return matched(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _two_designs(lab: Lab) -> Measured:
    """Test 22: both estimates, and by how much matching finds more."""
    referee = Referee(scenario_of(STEADY.where(lab.parameters), lab.k).params("award_grants", award_grants.Params))
    trace = lab_beside(lab, "award_grants", referee.before, referee.after).run(STEADY)
    calls = sorted(referee.calls.items())
    by_matching, at_cut_off = _by_matching(trace, calls), _by_cut_off(trace, lab.trace(NEVER), calls)
    return {
        "22": by_matching - at_cut_off,
        "22_matching": by_matching,
        "22_cut_off": at_cut_off,
        "applicants": float(sum(len(call.uids) for _, call in calls)),
        "winners": float(sum(call.won.sum() for _, call in calls)),
    }


EXPERIMENTS = (Experiment(22, _two_designs),)
