"""Above-scale industry: firms, R&D, revenue, new products, patents; state and large firms."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, amount
from sim.indicators.sums import Sum

MILLION_IN_100M = 100.0


ind_firms_above_scale = Sum("Above-scale industrial firms.", "above")
ind_firms_with_rd = Sum("Above-scale firms with R&D in the year.", "above_rd")
ind_firms_with_rd_institution = Sum("Above-scale firms with an R&D institution.", "above_institution")
ind_rd_expenditure = Sum("R&D reported by above-scale firms in the quarter, 100m yuan.", "ind_rd", MILLION_IN_100M)
ind_revenue_above_scale = Sum("Revenue of above-scale firms in the quarter, 100m yuan.", "ind_revenue", MILLION_IN_100M)


def ind_rd_projects(world: World) -> Value:
    """R&D projects of the quarter: R&D at constant price over the cost of a project."""
    return amount(world, "ind_rd_constant") / float(world.notes["number"]("industry.project_cost"))


ind_newproduct_sales = Sum(
    "Sales of new products by above-scale firms in the quarter, 100m yuan.", "ind_products", MILLION_IN_100M
)
ind_valid_invention_patents = Sum("Inventions in force of above-scale firms.", "above_inventions")
soe_key_firms = Sum("Provincial key state firms in above-scale industry.", "key")
soe_key_rd_expenditure = Sum("Their reported R&D in the quarter, 100m yuan.", "key_rd", MILLION_IN_100M)
soe_key_revenue = Sum("Their revenue in the quarter, 100m yuan.", "key_revenue", MILLION_IN_100M)
soe_key_firms_collaborating = Sum("Key state firms with an alliance or a partner university.", "key_collaborating")
soe_firms = Sum("State firms in above-scale industry.", "state")
soe_firms_with_rd = Sum("State firms with R&D in the year.", "state_rd")
soe_firms_with_rd_institution = Sum("State firms with an R&D institution.", "state_institution")
large_firms = Sum("Large above-scale firms.", "large")
large_firms_with_rd_institution = Sum("Large above-scale firms with an R&D institution.", "large_institution")
