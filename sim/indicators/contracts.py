"""Technology contracts: sold, bought, traded inside the province and traded at all; patents used, results landed."""

from __future__ import annotations

from sim.agents.world import World
from sim.core.fixed_point import unfixed

MILLION_IN_100M = 100.0


def _traded(world: World, flow: str) -> float:
    return unfixed(world.flows[flow]) * world.scale / MILLION_IN_100M


def tech_contracts_output_value(world: World) -> float:
    """Contracts sold by sellers of the province in the quarter, 100m yuan."""
    return _traded(world, "contracts_output")


def tech_contracts_absorbed_value(world: World) -> float:
    """Contracts bought by buyers of the province in the quarter, 100m yuan."""
    return _traded(world, "contracts_absorbed")


def tech_contracts_inside_value(world: World) -> float:
    """Contracts traded inside the province in the quarter, 100m yuan."""
    return _traded(world, "contracts_inside")


def tech_contracts_total(world: World) -> float:
    """Total turnover: sold plus bought less traded inside, 100m yuan."""
    return (
        tech_contracts_output_value(world) + tech_contracts_absorbed_value(world) - tech_contracts_inside_value(world)
    )


def tech_contracts_traded_value(world: World) -> float:
    """Technology really traded in the quarter, registered or not, each contract once, 100m yuan."""
    return _traded(world, "contracts_traded")


def public_patents_used(world: World) -> float:
    """Patents of universities and institutes put to use in the quarter."""
    return unfixed(world.flows["public_patents_used"]) * world.scale


def major_results_landed(world: World) -> float:
    """Major results landed in the quarter: contracts bought above a size and converted."""
    return unfixed(world.flows["major_results_landed"]) * world.scale
