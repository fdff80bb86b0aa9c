"""Research institutes, provincial and centrally run."""

from __future__ import annotations

from sim.agents.public_research import PublicResearcher
from sim.core.columns import Column


class ResearchInstitute(PublicResearcher):
    """A research institute."""

    is_central = Column("u1", "flag", "run by the centre, so provincial money is a smaller part of its funds")
