"""Above-scale industry: firms, R&D, revenue, new products, patents; state and large firms."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount

MILLION_IN_100M = 100.0


def ind_firms_above_scale(world: World) -> Value:
    """Above-scale industrial firms."""
    return amount(world, "above")


def ind_firms_with_rd(world: World) -> Value:
    """Above-scale firms with R&D in the year."""
    return amount(world, "above_rd")


def ind_firms_with_rd_institution(world: World) -> Value:
    """Above-scale firms with an R&D institution."""
    return amount(world, "above_institution")


def ind_rd_expenditure(world: World) -> Value:
    """R&D reported by above-scale firms in the quarter, 100m yuan."""
    return amount(world, "ind_rd") / MILLION_IN_100M


def ind_revenue_above_scale(world: World) -> Value:
    """Revenue of above-scale firms in the quarter, 100m yuan."""
    return amount(world, "ind_revenue") / MILLION_IN_100M


def ind_rd_projects(world: World) -> Value:
    """R&D projects of the quarter: R&D at constant price over the cost of a project."""
    return amount(world, "ind_rd_constant") / float(world.notes["number"]("industry.project_cost"))


def ind_newproduct_sales(world: World) -> Value:
    """Sales of new products by above-scale firms in the quarter, 100m yuan."""
    return amount(world, "ind_products") / MILLION_IN_100M


def ind_valid_invention_patents(world: World) -> Value:
    """Inventions in force of above-scale firms."""
    return amount(world, "above_inventions")


def soe_key_firms(world: World) -> Value:
    """Provincial key state firms in above-scale industry."""
    return amount(world, "key")


def soe_key_rd_expenditure(world: World) -> Value:
    """Their reported R&D in the quarter, 100m yuan."""
    return amount(world, "key_rd") / MILLION_IN_100M


def soe_key_revenue(world: World) -> Value:
    """Their revenue in the quarter, 100m yuan."""
    return amount(world, "key_revenue") / MILLION_IN_100M


def soe_key_firms_collaborating(world: World) -> Value:
    """Key state firms with an alliance or a partner university."""
    return amount(world, "key_collaborating")


def soe_firms(world: World) -> Value:
    """State firms in above-scale industry."""
    return amount(world, "state")


def soe_firms_with_rd(world: World) -> Value:
    """State firms with R&D in the year."""
    return amount(world, "state_rd")


def soe_firms_with_rd_institution(world: World) -> Value:
    """State firms with an R&D institution."""
    return amount(world, "state_institution")


def large_firms(world: World) -> Value:
    """Large above-scale firms."""
    return amount(world, "large")


def large_firms_with_rd_institution(world: World) -> Value:
    """Large above-scale firms with an R&D institution."""
    return amount(world, "large_institution")
