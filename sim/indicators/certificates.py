"""Certified high-tech firms, registered technology firms, and the weight of high-tech industry."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount
from sim.indicators.sums import Sum

MILLION_IN_100M = 100.0


hnte_stock = Sum("Valid high-tech certificates at the end of the quarter.", "certified")


def hnte_approvals_in_year(world: World) -> Value:
    """Certificates given in the quarter, renewals included."""
    return amount(world, "first_certificates") + amount(world, "renewed_certificates")


hnte_new_certificates = Sum("First certificates given in the quarter.", "first_certificates")
hnte_meeting_threshold = Sum(
    "Holders of a certificate whose actual R&D of the quarter over sales meets the threshold of their size.",
    "certified_meeting",
)
tech_sme_stock = Sum("Registered technology-based small and medium firms.", "tech_smes")
hnte_sales = Sum("Sales of certified firms in the quarter, 100m yuan.", "certified_sales", MILLION_IN_100M)


def hightech_value_added(world: World) -> Value:
    """Value added of high-tech industry in the quarter, 100m yuan."""
    share = float(world.notes["number"]("certificates.value_added_share"))
    return amount(world, "high_tech_sales") / MILLION_IN_100M * share
