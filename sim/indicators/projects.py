"""Projects of programmes: key technologies completed, benchmark renovations completed."""

from __future__ import annotations

from sim.indicators.sums import Count

COMPLETED = 2  # tier of a project


key_technologies_completed = Count("Projects on key technologies that succeeded.", ("key_technology", COMPLETED))
renovation_benchmarks_completed = Count(
    "Benchmark renovations that were completed.", ("renovation_benchmark", COMPLETED)
)
