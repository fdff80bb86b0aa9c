"""Universities and colleges, who decide on opening, licensing and whom to work with."""

from __future__ import annotations

from sim.agents.public_research import PublicResearcher


class University(PublicResearcher):
    """A university or college."""
