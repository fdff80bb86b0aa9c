"""The race in which partners join an alliance: times of arrival, exponential with rate the weight of the partner.

v(d) = (d / d*) (2 - d / d*) is what a partner at cognitive distance d is worth: an inverted U with its peak at d*.
One draw serves all alliances of a quarter: it is turned on by the golden section for each. Source: E19.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.alliance import MEMBER_PLACES
from sim.core.arithmetic import log, power
from sim.core.kernels import inline, kernel

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
GOLDEN = 0.6180339887498949  # turns one draw a firm into draws for several alliances, each uniform


@inline
def fitness(distance: float, peak: float) -> float:
    """Worth of a partner at a cognitive distance: 0 at 0, 1 at the peak, 0 from twice the peak on."""
    x = distance / peak
    return max(0.0, x * (2.0 - x))


@inline
def turned(u: float, slot: int) -> float:
    """The draw for the alliance in place `slot` of the quarter, uniform in (0, 1)."""
    x = u + slot * GOLDEN
    x -= float(int(x))
    return x if x > 0.0 else 1e-12


@kernel
def race(
    ties: Codes, sector: Codes, position: Floats, known: Flags, u: Floats, lead_sector: int, lead: float, slot: int,
    is_paper: bool, peak: float, other_field: float, common_tie: float, attachment: float, brings: Floats, time: Floats,
) -> None:  # fmt: skip
    """Time of arrival of each firm that may join (infinite without any worth), exponential with rate its weight.

    brings : weight of what each firm has to bring, shape (n,); for the signature alone it does not matter.
    """
    attraction = np.empty(128)  # by number of ties, of which there are few
    for k in range(attraction.size):
        attraction[k] = power(1.0 + k, attachment)
    weight = np.empty(ties.size)
    for j in range(ties.size):  # loops of a few arrays each, without branches, are vectorised
        fit = 1.0 if is_paper else fitness(abs(position[j] - lead), peak)
        fit *= other_field if sector[j] != lead_sector else 1.0
        fit *= 1.0 if is_paper else brings[j]
        weight[j] = fit * (common_tie if known[j] != 0 else 1.0)
    for j in range(ties.size):
        weight[j] *= attraction[ties[j]]
    for j in range(ties.size):
        time[j] = -log(turned(u[j], slot)) / weight[j] if weight[j] > 0.0 else np.inf


@kernel
def race_of_bodies(
    alive: Flags, uids: Rows, field: Codes, position: Floats, quality: Floats, openness: Floats, u: Floats, sector: int,
    lead: float, slot: int, peak: float, other_field: float,
) -> int:  # fmt: skip
    """The first university or institute to arrive, ties by uid, times as for firms; -1 if none is of any worth."""
    first, best = -1, np.inf
    for b in range(alive.size):
        weight = quality[b] * openness[b] * fitness(abs(position[b] - lead), peak)
        if field[b] != sector:
            weight *= other_field
        if alive[b] != 0 and weight > 0.0:
            time = -log(turned(u[b], slot)) / weight
            if time < best or (time == best and first >= 0 and uids[b] < uids[first]):
                first, best = b, time
    return first


@kernel
def fastest(time: Floats, uids: Rows, number: int) -> Rows:
    """Positions of the first `number` to arrive, ties by uid; fewer if fewer arrive (in finite time) at all."""
    first = np.empty(number + 1, np.int64)  # kept in order; the last place is for who drops out
    held, last = 0, np.inf
    for j in range(time.size if number > 0 else 0):
        if time[j] > last or time[j] == np.inf:
            continue
        k = held
        while k > 0 and (time[j], uids[j]) < (time[first[k - 1]], uids[first[k - 1]]):
            first[k] = first[k - 1]
            k -= 1
        first[k] = j
        held = min(held + 1, number)
        last = time[first[held - 1]] if held == number else np.inf
    return first[:held]


@kernel
def worth(
    lead: float, partners: Floats, n_firms: int, peak: float, cost: float, exponent: float
) -> tuple[float, float]:
    """Mean distance of partners from the lead and value of the alliance, both 0 to 1; `partners` are positions."""
    if partners.size == 0:
        return 0.0, 0.0
    distance, fit = 0.0, 0.0
    for k in range(partners.size):
        distance += abs(partners[k] - lead)
        fit += fitness(abs(partners[k] - lead), peak)
    lost = cost * power(n_firms / MEMBER_PLACES, exponent)
    return distance / partners.size, fit / partners.size * max(0.0, 1.0 - lost)
