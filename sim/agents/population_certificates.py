"""Certificates at the end of 2010: who holds one, and the small firms on their way to one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED
from sim.agents.traits import Floats, Origin, Values
from sim.core.quotas import in_order


def ranked(score: Floats, count: int, uids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions of the `count` highest scores; ties by uid."""
    return in_order(-score, uids, count)


def threshold_of(origin: Origin, sales: Floats, year: int = 2010) -> Floats:
    """R&D ratio that a certificate needs, by sales band."""
    cat = origin.cat
    first, second = (cat.rule("hnte_sales_band_upper", year, c) for c in ("sales_below_50m", "sales_50m_to_200m"))
    low, middle, high = (cat.rule("hnte_rd_sales_threshold", year, c) for c in
                         ("sales_below_50m", "sales_50m_to_200m", "sales_above_200m"))  # fmt: skip
    return np.where(sales < first, low, np.where(sales <= second, middle, high))


def certify(
    origin: Origin, values: Values, rd: Floats, performer: npt.NDArray[np.bool_], count: int
) -> npt.NDArray[np.bool_]:
    """Give certificates to the performers closest to (or above) their threshold; raise their R&D to it."""
    uids, sales = values["uid"], values["sales_y"]
    threshold = threshold_of(origin, sales)
    field = values["is_high_tech_field"] == 1
    closeness = np.where(performer, np.minimum(rd / sales / threshold, 1.2), -1.0) + np.where(field, 0.5, 0.0)
    chosen = np.zeros(len(uids), bool)
    chosen[ranked(closeness, min(count, int(performer.sum())), uids)] = True
    meet_threshold(origin, values, rd, chosen)
    values["hnte_stage"] = np.where(chosen, CERTIFIED, 0).astype(np.int8)
    left = 1 + np.floor(12 * origin.uniform("traits.certificate", uids)).astype(np.int16)
    values["hnte_quarters_left"] = np.where(chosen, left, 0).astype(np.int16)
    return chosen


def meet_threshold(origin: Origin, values: Values, rd: Floats, chosen: npt.NDArray[np.bool_]) -> None:
    """Let the chosen be ready for a certificate: of a high-tech field, with R&D not below their threshold."""
    safety = 1.0 + origin.number("desire_rd.notch_safety")
    sales = values["sales_y"][chosen]
    rd[chosen] = np.maximum(rd[chosen], threshold_of(origin, sales) * safety * sales)
    values["is_high_tech_field"][chosen] = 1
    values["certificate_readiness"] = np.where(chosen, 0.0, values["certificate_readiness"])


def seek(
    origin: Origin, values: Values, rd: Floats, free: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Small performers on the way to a certificate: all of them, and those who began R&D only in 2010.

    The certificate asks for three years, so who gets it in 2011 and 2012 began in 2009 and 2010.
    """
    uids = values["uid"]
    a_year = origin.count("population.certificate_seekers")
    score = np.where(free, np.minimum(rd / values["sales_y"], 1.0), -1.0) + 0.5 * (values["is_high_tech_field"] == 1)
    order = ranked(score, min(2 * a_year, int(free.sum())), uids)
    seeking, late = np.zeros(len(uids), bool), np.zeros(len(uids), bool)
    seeking[order] = True
    late[order[1::2]] = True  # every other one, so that the two years are alike
    meet_threshold(origin, values, rd, seeking)
    return seeking, late
