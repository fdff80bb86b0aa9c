"""Certified high-tech firms, registered technology firms, and the weight of high-tech industry."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount

MILLION_IN_100M = 100.0


def hnte_stock(world: World) -> Value:
    """Valid high-tech certificates at the end of the quarter."""
    return amount(world, "certified")


def hnte_approvals_in_year(world: World) -> Value:
    """Certificates given in the quarter, renewals included."""
    return amount(world, "first_certificates") + amount(world, "renewed_certificates")


def hnte_new_certificates(world: World) -> Value:
    """First certificates given in the quarter."""
    return amount(world, "first_certificates")


def hnte_meeting_threshold(world: World) -> Value:
    """Holders of a certificate whose actual R&D of the quarter over sales meets the threshold of their size."""
    return amount(world, "certified_meeting")


def tech_sme_stock(world: World) -> Value:
    """Registered technology-based small and medium firms."""
    return amount(world, "tech_smes")


def hnte_sales(world: World) -> Value:
    """Sales of certified firms in the quarter, 100m yuan."""
    return amount(world, "certified_sales") / MILLION_IN_100M


def hightech_value_added(world: World) -> Value:
    """Value added of high-tech industry in the quarter, 100m yuan."""
    share = float(world.notes["number"]("certificates.value_added_share"))
    return amount(world, "high_tech_sales") / MILLION_IN_100M * share
