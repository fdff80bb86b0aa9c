"""Terms and states of the network levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.core.columns import Column

NO_ADVISER, OFFICIAL, EXPERT_TEAM, MENTOR = 0, 1, 2, 3  # who helps a firm without R&D


class NetworkTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""

    broker_places_y = Column("f8", "firms a year", "new technology intermediaries supported a year", neutral=0.0)
    registration_push = Column("f8", "0 to 1", "pressure on sellers to register technology contracts", neutral=0.0)
    listing_years = Column("f8", "years", "idle time after which public patents must be listed; 0: none", neutral=0.0)
    contract_relief = Column("f8", "share", "part of a registered contract's value in tax relief", neutral=0.0)
    elite_projects_y = Column("f8", "projects a year", "new joint projects with outside elite bodies", neutral=0.0)
    elite_amount = Column("f8", "million yuan", "support of one joint project over its whole time", neutral=0.0)
    help_officials = Column("f8", "persons", "officials who look after firms without R&D", neutral=0.0)
    help_teams = Column("f8", "teams", "teams of experts who visit firms without R&D", neutral=0.0)
    help_mentors = Column("f8", "firms", "firms with R&D that teach others of their sector", neutral=0.0)
    training_places_y = Column("f8", "firms a year", "places in training on policy", neutral=0.0)
    instrument_coverage = Column("f8", "share", "part of large public instruments open to firms", neutral=0.0)


class NetworkState:
    """What stays with a firm."""

    elite_quarters = Column("i1", "quarters", "time left of a joint project with an outside elite body")
    elite_gain = Column("f8", "ratio to own R&D", "outside knowledge that this project offers")
    adviser = Column("i1", "code", "who helps it: 0 nobody, 1 official, 2 team of experts, 3 mentor firm")
    adviser_quarters = Column("i1", "quarters", "time left of this help")
    assistance_effect = Column("f8", "ratio", "practices of innovation that help has left, relative to the mean")
    trained = Column("f8", "0 to 1", "what is left of training on policy")


class BrokerState:
    """What stays with an intermediary."""

    support_quarters = Column("i2", "quarters", "start-up support left")
    was_supported = Column("u1", "flag", "founded with start-up support")


def payable(prices: npt.ArrayLike, means: int) -> int:
    """How many of the prices (whole yuan), taken in their order, the means pay for."""
    return int(np.searchsorted(np.cumsum(np.asarray(prices, np.int64)), means, side="right"))


def in_proportion(yuan: int, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Whole yuan split by weights; what rounding leaves goes to the first with a weight. Zeros without any weight."""
    whole = (np.maximum(weights, 0.0) * 1024.0).astype(np.int64)  # integers, so that no order of sums matters
    total = int(np.add.reduce(whole))
    if total == 0:
        return np.zeros(len(whole), np.int64)
    if yuan * int(whole.max()) < 1 << 63:
        parts = yuan * whole // total
    else:  # beyond 64 bits Python's integers are needed
        parts = np.array([yuan * int(weight) // total for weight in whole], np.int64)
    parts[int((whole > 0).argmax())] += yuan - int(np.add.reduce(parts))
    return parts
