"""Firms at the end of 2010: sizes by quantile, performers, certificates and patents fitted to the known totals."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, MEDIUM, PIPELINE_QUARTERS, PRIVATE
from sim.agents.population_certificates import certify, ranked, seek, threshold_of
from sim.agents.traits import (
    Floats,
    Origin,
    Values,
    can_innovate_of,
    cash_of,
    lasting_traits,
    ownership_of,
    relabelled,
    size_class,
    user_cost,
)
from sim.core.arithmetic import exp, exp_of, log, log_of, normal_inverse, normal_of
from sim.core.kernels import kernel
from sim.core.quotas import in_order

FIRST_UID = 1


def above_scale_sales(origin: Origin, n: int) -> Floats:
    """Sales of n firms by quantile, largest first: lognormal body above the line, Pareto tail; shape (n,)."""
    number = origin.number
    n_tail = max(1, int(round(n * number("population.tail_share"))))
    line, median = number("population.above_scale_line"), number("population.body_median")
    sigma = number("population.body_sigma")
    low = _normal_share_below((log(line) - log(median)) / sigma)
    rank = (np.arange(n - n_tail) + 0.5) / (n - n_tail)
    body = exp_of(log(median) + sigma * normal_of(low + (1 - low) * rank * number("population.body_reach")))
    ranks = (np.arange(n_tail) + 0.5) / n_tail
    tail = body.max() * exp_of(-log_of(ranks) / number("population.tail_exponent"))
    sales: Floats = np.sort(np.concatenate([body, np.minimum(tail, number("population.tail_cap"))]))[::-1]
    return sales


def _normal_share_below(z: float) -> float:
    """Share of a standard normal below z, by bisection on the quantile, so that its bits are of our own maths."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if normal_inverse(middle) < z else (low, middle)
    return 0.5 * (low + high)


def _log_odds_noise(u: Floats) -> Floats:
    """Gumbel noise, so that taking the highest scores draws with the given log odds."""
    return -log_of(-log_of(u))


def above_scale_firms(origin: Origin) -> Values:
    """Identity, size, traits and R&D of above-scale firms in uid order (largest first)."""
    cat, number = origin.cat, origin.number
    n = origin.count("population.n_above_scale")
    uids = np.arange(FIRST_UID, FIRST_UID + n, dtype=np.int64)
    given = largest_firms(origin)
    named = min(len(given["sales"]), n)
    sales = above_scale_sales(origin, n)
    sales[:named] = given["sales"][:named]
    rest = cat.series("ind_revenue")[2010] * 100.0 / origin.scale - math.fsum(sales[:named].tolist())
    line = number("population.above_scale_line")
    above_line = sales[named:] - line
    sales[named:] = line + above_line * (rest - line * (n - named)) / math.fsum(above_line.tolist())
    top = np.arange(n) < number("population.tail_share") * n
    sector = np.where(top, origin.category("traits.sector", uids, "sector_share_large"),
                      origin.category("traits.sector", uids, "sector_share_other"))  # fmt: skip
    sector[:named] = given["sector"][:named].astype(int)
    share = np.where(top, number("population.state_share_large"), number("population.state_share_other"))
    ownership = ownership_of(origin, uids, share)
    ownership[:named] = given["ownership"][:named].astype(int)
    values: Values = {"uid": uids, "sales_y": sales, "sector": sector, "ownership": ownership}
    values |= lasting_traits(origin, uids, sector, ownership)
    values["is_industrial"] = np.ones(n, np.uint8)
    values["is_above_scale"] = np.ones(n, np.uint8)
    values["can_innovate"] = can_innovate_of(origin, uids, sales, values["is_above_scale"])
    _perform_above_scale(origin, values, given, named)
    return values


def largest_firms(origin: Origin) -> dict[str, Floats]:
    """The largest performers: sales, rd (million yuan a year), sector, city, ownership; largest sales first.

    In a run scaled by k, k of them (neighbours by sector and R&D) are one firm with the k-th part of their sum, in
    the place of the one with most R&D: numbers and sums both scale.
    """
    table = {name: origin.cat.table(f"largest_firms.{name}") for name in ("sales", "rd", "sector", "city", "ownership")}
    order = np.lexsort((-table["rd"], table["sector"]))
    groups = [order[i : i + origin.scale] for i in range(0, len(order), origin.scale)]
    leads = [group[int(np.argmax(table["rd"][group]))] for group in groups]
    found = {name: table[name][leads] for name in ("sector", "city", "ownership")}
    for name in ("sales", "rd"):
        found[name] = np.array([math.fsum(table[name][group]) / origin.scale for group in groups])
    place = np.lexsort((np.arange(len(groups)), -found["sales"]))
    return {name: values[place] for name, values in found.items()}


def _perform_above_scale(origin: Origin, values: Values, given: dict[str, Floats], named: int) -> None:
    """Choose the performers, their reported R&D of 2010 and their cities."""
    cat, number, uids, sales = origin.cat, origin.number, values["uid"], values["sales_y"]
    n = len(uids)
    base = cat.table("sector_intensity")[values["sector"]]
    score = (number("population.performer_size_slope") * log_of(sales)
             + number("population.performer_sector_slope") * log_of(base)
             + _log_odds_noise(origin.uniform("traits.performer", uids)))  # fmt: skip
    score[:named] = np.inf
    performer = np.zeros(n, bool)
    performer[ranked(score, max(named, origin.count("population.performers_above_scale")), uids)] = True
    slope, sigma = number("population.intensity_size_slope"), number("population.intensity_sigma")
    intensity = base * exp_of(
        sigma * origin.normal("traits.intensity", uids) + slope * log_of(sales / number("population.body_median"))
    )
    rd = np.where(performer, intensity * sales, 0.0)
    values["rd_intensity"] = np.minimum(intensity, number("population.largest_intensity"))
    rd[:named] = given["rd"][:named]
    values["is_high_tech_field"][:named] = rd[:named] >= threshold_of(origin, sales[:named]) * sales[:named]
    certified = certify(origin, values, rd, performer, origin.count("population.hnte_above_scale"))
    total = number("population.rd_above_scale") / origin.scale
    free = performer & ~certified & (np.arange(n) >= named)
    large = size_class(sales, number) >= MEDIUM
    known = cat.series("lm_ind_rd_expenditure")[2010] * 100.0 / origin.scale
    _scale_rest(rd, free & large, known, within=large)
    _scale_rest(rd, free & ~large, total - known, within=~large)
    firms = origin.category("traits.city", uids, "city_share_firms")
    city = np.where(performer, origin.category("traits.city", uids, "city_share_performers"), firms)
    city[:named] = given["city"][:named].astype(int)
    institution = origin.uniform("traits.institution", uids) < number("population.institution_share")
    institution[:named] = True
    values |= {"has_rd": performer.astype(np.uint8), "rd_reported_1y": rd, "rd_reported_2y": rd.copy(), "city": city,
               "induced_by_certificate": np.zeros(n, np.uint8),
               "has_rd_institution": (institution & performer).astype(np.uint8)}  # fmt: skip
    values["can_innovate"][performer] = 1


def _scale_rest(rd: Floats, free: npt.NDArray[np.bool_], total: float, within: npt.NDArray[np.bool_]) -> None:
    """Scale the free entries so that the group sums to the total (in place); at least a tenth of them stays."""
    fixed_part, free_part = math.fsum(rd[within & ~free].tolist()), math.fsum(rd[free].tolist())
    if free_part > 0.0:
        rd[free] *= max(total - fixed_part, 0.1 * free_part) / free_part


def small_firms(origin: Origin, first_uid: int) -> Values:
    """Identity, size, traits and R&D of small and technology firms in uid order."""
    number = origin.number
    n = origin.count("population.n_small_tech")
    uids = np.arange(first_uid, first_uid + n, dtype=np.int64)
    order = in_order(origin.uniform("traits.sales", uids), uids)
    sales = np.empty(n)
    quantile = (np.arange(n) + 0.5) / n
    sales[order] = exp_of(
        log(number("population.small_median")) + number("population.small_sigma") * normal_of(quantile)
    )
    sector = origin.category("traits.sector", uids, "sector_share_small")
    ownership = ownership_of(origin, uids, np.full(n, number("population.state_share_small")))
    values: Values = {"uid": uids, "sector": sector, "ownership": ownership}
    values |= lasting_traits(origin, uids, sector, ownership)
    keep = origin.uniform("traits.industrial", uids) < number("population.industrial_share_small")
    values["is_industrial"] = (values["is_industrial"].astype(bool) & keep).astype(np.uint8)
    values["is_above_scale"] = np.zeros(n, np.uint8)
    values["patent_propensity"] = values["patent_propensity"] * number("population.propensity_small")
    line = number("population.above_scale_line")
    sales = np.where((values["is_industrial"] == 1) & (sales >= line), line * 0.5 + 0.49 * line * quantile[::-1], sales)
    values["sales_y"] = sales
    values["can_innovate"] = can_innovate_of(origin, uids, sales, values["is_above_scale"])
    _perform_small(origin, values)
    can = values["can_innovate"] == 1
    values["city"] = np.where(can, origin.category("traits.city", uids, "city_share_small_can"),
                              origin.category("traits.city", uids, "city_share_firms"))  # fmt: skip
    values["can_innovate"][values["has_rd"] == 1] = 1
    return values


def _perform_small(origin: Origin, values: Values) -> None:
    """Choose the performers among small firms, their reported R&D of 2010 and their certificates."""
    cat, number, uids, sales = origin.cat, origin.number, values["uid"], values["sales_y"]
    n = len(uids)
    score = np.where(values["can_innovate"] == 1, 0.0, -50.0) + log_of(sales)
    score += _log_odds_noise(origin.uniform("traits.performer", uids))
    performer = np.zeros(n, bool)
    performer[ranked(score, origin.count("population.performers_small"), uids)] = True
    sigma = number("population.intensity_small_sigma")
    wanted = number("population.intensity_small") * exp_of(sigma * origin.normal("traits.intensity", uids))
    values["rd_intensity"] = np.minimum(wanted, number("population.largest_intensity_small"))
    rd = np.where(performer, wanted * sales, 0.0)
    total_certified = int(round(cat.series("hnte_stock")[2010] / origin.scale))
    certified = certify(origin, values, rd, performer, total_certified - origin.count("population.hnte_above_scale"))
    seeking, late = seek(origin, values, rd, performer & ~certified)
    total = number("population.rd_other_enterprises") / origin.scale
    _scale_rest(rd, performer & ~certified & ~seeking, total, within=performer)
    rd *= total / math.fsum(rd[performer].tolist())
    largest = rd / threshold_of(origin, sales) / 1.001
    values["sales_y"] = np.where(certified | seeking, np.minimum(sales, largest), sales)
    values |= {"has_rd": performer.astype(np.uint8), "rd_reported_1y": rd, "rd_reported_2y": np.where(late, 0.0, rd),
               "induced_by_certificate": seeking.astype(np.uint8),
               "has_rd_institution": np.zeros(n, np.uint8)}  # fmt: skip


def finish_firms(origin: Origin, values: Values) -> Values:
    """What follows from size and R&D: finances, actual R&D behind the reported, knowledge, rings of the year."""
    number = origin.number
    sales, reported, uids = values["sales_y"], values["rd_reported_1y"], values["uid"]
    certified = values["hnte_stage"] == CERTIFIED
    tax = number("desire_rd.profit_tax") - np.where(certified, number("desire_rd.certified_rate"), 0.0)
    deduction = origin.cat.rule("super_deduction_rate", 2010, "all")
    classes = size_class(sales, number)
    claims = (classes >= MEDIUM) | (values["claim_rank"] < number("desire_rd.take_up"))
    claimed = np.where(claims, deduction, 0.0)
    state = values["ownership"] != PRIVATE
    cost = user_cost(tax, claimed)
    of_private = np.where(classes >= MEDIUM, number("desire_rd.elasticity_large"), number("desire_rd.elasticity_small"))
    elasticity = np.where(state, number("desire_rd.elasticity_state"), of_private)
    paper = relabelled(claimed * tax, cost, elasticity, number("report_rd.relabel_curvature"))
    actual = reported / (1.0 + paper + np.where(state, number("report_rd.relabel_state"), 0.0))
    gap = np.where(values["is_above_scale"] == 1, exp(number("population.rd_gap")), 1.0)
    safe = np.maximum(sales, 1e-9)
    values |= {
        "size_class": classes,
        "sales_base": sales.copy(), "sales_1y": sales.copy(), "sales_2y": sales.copy(),
        "cash": cash_of(origin, uids, sales),
        "user_cost_base": cost, "tax_value_base": claimed * tax,
        "relabelled_share": np.where(values["has_rd"] == 1, paper, 0.0),
        "had_rd_last_year": values["has_rd"].copy(),
        "rd_intensity": np.where(values["has_rd"] == 1, actual * gap / safe, values["rd_intensity"]),
        "rd_intended_q": actual / 4.0, "rd_actual_q": actual / 4.0, "rd_reported_q": reported / 4.0,
        "knowledge": actual * number("population.knowledge_ratio"),
        "soft_ip": values["has_rd"].astype(np.int32),
        "covered": values["has_rd"].astype(np.uint8),
    }  # fmt: skip
    return values


def allot(weights: Floats, total: int, u: float) -> npt.NDArray[np.int64]:
    """Whole numbers that sum to `total`, in proportion to the weights, by systematic sampling from the offset u."""
    return marked(shares_up_to(weights), total, u)


def shares_up_to(weights: Floats) -> Floats:
    """Share of the weights before each one and of them all, shape (n + 1,); zeros when there is no weight."""
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    shares: Floats = edges / edges[-1] if edges[-1] > 0 else np.zeros(len(edges))
    return shares


@kernel
def marked(shares: Floats, total: int, u: float) -> npt.NDArray[np.int64]:
    """How many of `total` marks, evenly spaced from the offset u, fall between neighbouring shares, shape (n,)."""
    n = shares.size - 1
    found = np.zeros(n, np.int64)
    if n > 0 and shares[n] > 0.0 and total > 0:
        for j in range(n):
            found[j] = math.floor(shares[j + 1] * total + u) - math.floor(shares[j] * total + u)
        found[n - 1] = math.floor(shares[0] * total + u) + total - math.floor(shares[n - 1] * total + u)
    return found


def pipe_of_filings(origin: Origin) -> list[int]:
    """Invention filings of the province by quarter before 2011, oldest first; the last four sum to those of 2010."""
    filed = origin.cat.series("patent_applications_invention")[2010] / origin.scale
    first, last = origin.number("population.filings_pipe_first"), origin.number("population.filings_pipe_last")
    levels = np.interp(np.arange(PIPELINE_QUARTERS), [PIPELINE_QUARTERS - 10, PIPELINE_QUARTERS - 1], [first, last])
    levels[-4:] *= 4.0 / levels[-4:].sum()
    return [int(round(x)) for x in filed / 4.0 * levels]
