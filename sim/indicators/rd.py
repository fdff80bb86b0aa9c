"""R&D money and staff: by performer and by who pays, reported and actual."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount
from sim.indicators.sums import Sum

MILLION_IN_100M = 100.0


def _number(world: World, address: str) -> float:
    return float(world.notes["number"](address))


def _public_rd(world: World) -> Value:
    return rd_performed_by_universities(world) + rd_performed_by_institutes(world)


rd_performed_by_firms = Sum("R&D reported by firms in the quarter, 100m yuan.", "rd_reported", MILLION_IN_100M)
rd_performed_by_universities = Sum("R&D of universities in the quarter, 100m yuan.", "rd_universities", MILLION_IN_100M)
rd_performed_by_institutes = Sum(
    "R&D of research institutes in the quarter, 100m yuan.", "rd_institutes", MILLION_IN_100M
)


def rd_expenditure(world: World) -> Value:
    """R&D of all performers in the quarter as reported, 100m yuan."""
    return rd_performed_by_firms(world) + rd_performed_by_universities(world) + rd_performed_by_institutes(world)


def rd_actual(world: World) -> Value:
    """R&D of all performers in the quarter as carried out, 100m yuan."""
    return (
        amount(world, "rd_actual") / MILLION_IN_100M
        + rd_performed_by_universities(world)
        + rd_performed_by_institutes(world)
    )


def rd_exp_gov_funds(world: World) -> Value:
    """R&D paid by government in the quarter: its share of public research, and support to firms, 100m yuan."""
    return (
        _number(world, "research_public.government_share") * _public_rd(world)
        + amount(world, "support") / MILLION_IN_100M
    )


def rd_exp_firm_funds(world: World) -> Value:
    """R&D paid by firms in the quarter: their own, and their share of public research, 100m yuan."""
    return (
        _number(world, "research_public.firm_share") * _public_rd(world)
        + rd_performed_by_firms(world)
        - amount(world, "support") / MILLION_IN_100M
    )


def rd_personnel_fte(world: World) -> Value:
    """R&D staff worked in the quarter, person-years."""
    return (amount(world, "rd_staff") + amount(world, "staff_public")) / 4.0


def gdp_published(world: World) -> float:
    """GDP of the quarter on the statistical basis of its day, 100m yuan (driver)."""
    return world.exogenous["gdp_published"] / 4.0


def gdp_revised(world: World) -> float:
    """GDP of the quarter after the 2018 census, 100m yuan (driver)."""
    return world.exogenous["gdp_revised"] / 4.0


firm_rd_actual = Sum("R&D that firms really carried out in the quarter, 100m yuan.", "rd_actual", MILLION_IN_100M)
firm_rd_personnel_fte = Sum("R&D staff of firms worked in the quarter, person-years.", "rd_staff", 4.0)
