"""Invention patents: filed, granted, in force; and those of the demonstration zone."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount
from sim.indicators.sums import Sum


def patent_applications_invention(world: World) -> float:
    """Invention filings of the quarter, all owners."""
    return float(world.flows["filings"] * world.scale)


def patents_granted_invention(world: World) -> float:
    """Inventions granted in the quarter, all owners."""
    return float(world.flows["grants"] * world.scale)


def patents_valid_invention(world: World) -> Value:
    """Inventions in force of all owners."""
    return (
        amount(world, "inventions")
        + amount(world, "inventions_public")
        + float(world.indices["individuals_in_force"][0]) * world.scale
    )


def population(world: World) -> float:
    """Resident population, 10,000 persons (driver)."""
    return world.exogenous["population"]


zone_patent_applications = Sum(
    "Invention filings of high-tech firms in Taiyuan and Jinzhong in the quarter.", "zone_filings"
)
firm_patent_applications = Sum("Invention filings of firms in the quarter.", "filings")
firm_patents_granted = Sum("Inventions granted to firms in the quarter.", "grants")
firm_patents_valid = Sum("Inventions in force that firms own.", "inventions")
public_patent_applications = Sum("Invention filings of universities and institutes in the quarter.", "filings_public")
public_patents_granted = Sum("Inventions granted to universities and institutes in the quarter.", "grants_public")
public_patents_valid = Sum("Inventions in force that universities and institutes own.", "inventions_public")
