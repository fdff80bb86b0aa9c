"""Three groups of firms whose sales and margins follow paths of their own: heavy industry, light industry, others."""

from __future__ import annotations

from sim.core.kernels import inline

HEAVY, LIGHT, OTHER = 0, 1, 2
LAST_HEAVY_SECTOR = 3  # sectors 0 to 3 are heavy (is_heavy in catalogue/sectors.csv; a test keeps them equal)


@inline
def industry_group(is_above_scale: int, sector: int) -> int:
    """0 heavy and 1 light industry above the line, 2 all other firms."""
    if is_above_scale == 0:
        return OTHER
    return HEAVY if sector <= LAST_HEAVY_SECTOR else LIGHT
