"""Universities and research institutes at the end of 2010, with their share of R&D, knowledge and patents."""

from __future__ import annotations

import math

import numpy as np

from sim.agents.traits import Origin, Values
from sim.core.arithmetic import exp_of

FIRST_UNIVERSITY, FIRST_INSTITUTE = 1_500_000_001, 1_510_000_001
TAIYUAN = 0


def public_bodies(origin: Origin, institutes: bool) -> Values:
    """Values of all universities (or institutes) in uid order; sizes follow a lognormal with a few large ones."""
    number = origin.number
    name = "population.n_institutes" if institutes else "population.n_universities"
    n = max(4, origin.count(name))
    uids = np.arange(n, dtype=np.int64) + (FIRST_INSTITUTE if institutes else FIRST_UNIVERSITY)
    weight = exp_of(number("population.public_size_sigma") * origin.normal("traits.public_propensity", uids))
    in_capital = origin.uniform("traits.public_city", uids) < number("population.public_capital_share")
    elsewhere = 1 + (origin.uniform("traits.public_field", uids) * (len(origin.cat.cities) - 1)).astype(np.int64)
    weight = weight / math.fsum(weight.tolist())
    rd = _rd_2010(origin) * (1 - _university_share(origin) if institutes else _university_share(origin)) * weight
    values: Values = {
        "uid": uids,
        "city": np.where(in_capital, TAIYUAN, elsewhere),
        "field": origin.category("traits.public_field", uids, "sector_share_other"),
        "quality": exp_of(number("population.public_quality_sigma") * origin.normal("traits.public_quality", uids)),
        "openness": number("population.public_openness_least")
        + number("population.public_openness_spread") * origin.uniform("traits.public_openness", uids),
        "capacity_share": weight,
        "rd_q": rd / 4.0,
        "own_rd_q": rd / 4.0,
        "knowledge": rd * number("population.knowledge_ratio"),
        "patent_propensity": np.ones(n),
        "cognitive_position": origin.uniform("traits.public_cognitive", uids),
    }
    if institutes:
        central = origin.uniform("traits.public_central", uids) < number("population.central_institute_share")
        values["is_central"] = central.astype(np.uint8)
    return values


def _university_share(origin: Origin) -> float:
    return origin.number("research_public.universities_share")


def _rd_2010(origin: Origin) -> float:
    """R&D of universities and institutes in 2010, million yuan: their own base plus the provincial line."""
    fiscal = origin.cat.series("fiscal_st_expenditure")[2010] * 100.0
    line = origin.number("research_public.fiscal_share") * fiscal
    return (origin.number("research_public.own_base_y") + line) / origin.scale
