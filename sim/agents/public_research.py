"""What universities and research institutes have in common."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.budget import BUDGET_LINES
from sim.agents.filing_ring import RingColumn
from sim.agents.firm import PIPELINE_QUARTERS
from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column, Columns
from sim.core.kernels import kernel
from sim.core.payments import PaymentColumn


class PublicResearcher(ColumnAgent):
    """A body that does research on public money and sells part of it. Money in million yuan."""

    city = Column("i1", "code", "row of catalogue/cities.csv")
    field = Column("i1", "code", "sector it knows best, row of catalogue/sectors.csv")
    quality = Column("f8", "ratio, mean 1", "research quality")
    openness = Column("f8", "0 to 1", "readiness to license and to work with firms")
    capacity_share = Column("f8", "share", "its part of the R&D of its kind")
    rd_q = Column("f8", "million yuan a quarter", "R&D carried out")
    own_rd_q = Column("f8", "million yuan a quarter", "R&D on its own base, without money for projects and programmes")
    rd_staff = Column("f8", "person-years a year", "R&D staff, full-time equivalent, at the yearly rate")
    talent = Column("f8", "persons", "talent hired through programmes")
    knowledge = Column("f8", "million yuan of 2010", "stock of R&D knowledge")
    inventions_pending = RingColumn("i2", "items", "inventions filed, by quarter of filing", width=PIPELINE_QUARTERS)
    inventions_in_force = Column("i4", "items", "invention patents in force")
    filings_q = Column("i4", "items a quarter", "invention filings of this quarter")
    grants_q = Column("i4", "items a quarter", "invention grants of this quarter")
    filings_year = Column("i4", "items", "invention filings of the calendar year so far")
    patent_propensity = Column("f8", "ratio, mean 1", "invention filings relative to bodies with the same knowledge")
    cognitive_position = Column("f8", "0 to 1", "place in the space of technologies")
    filing_factor = Column("f8", "ratio", "invention filings relative to those without help", neutral=1.0)
    openness_lift = Column("f8", "0 to 1", "added to its readiness to license and to work with firms", neutral=0.0)
    n_projects = Column("i4", "projects a quarter", "projects with firms this quarter")
    contract_income_q = Column("f8", "million yuan a quarter", "income from technology contracts")
    received_yuan = PaymentColumn(len(BUDGET_LINES), "payments of this quarter by budget line")


def within_reach(bodies: Columns, yuan: npt.NDArray[np.float64], share: float) -> npt.NDArray[np.int64]:
    """Whole yuan that bodies can put to research in a quarter: no more than a share of what they do on their own base.

    yuan : offered to each body, shape (n,). share : of own R&D. Staff and laboratories do not grow in a quarter.
    """
    return reach_of(bodies.alive, bodies.own_rd_q, yuan, share)


@kernel
def reach_of(
    alive: npt.NDArray[np.uint8], own: npt.NDArray[np.float64], yuan: npt.NDArray[np.float64], share: float
) -> npt.NDArray[np.int64]:
    """What `within_reach` says, from own R&D (million yuan a quarter); nothing for who is not there."""
    within = np.zeros(alive.size, np.int64)
    for j in range(alive.size):
        if alive[j] != 0:
            within[j] = int(np.floor(min(max(yuan[j], 0.0), share * own[j] * 1e6)))
    return within
