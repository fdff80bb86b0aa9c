"""Terms and states of the platform levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations

from sim.core.columns import Column

ZONE_CITIES = (0, 6)  # rows of cities.csv: Taiyuan and Jinzhong, where the Science-Innovation City lies


class PlatformTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""

    tech_sme_places_y = Column("f8", "firms a year", "technology firms to be certified by campaign", neutral=0.0)
    demonstration_places_y = Column(
        "f8", "firms a year", "demonstration firms beyond the pace of history, who show their practice", neutral=0.0
    )
    demonstration_nation_places_y = Column(
        "f8", "firms a year", "demonstration firms that are put up for national rank", neutral=0.0
    )
    smart_nation_places_y = Column(
        "f8", "firms a year", "smart-manufacturing pilots that are put up for national rank", neutral=0.0
    )
    demonstration_elimination = Column(
        "f8", "share a round", "part of evaluated demonstration firms that lose the title", neutral=0.0
    )
    demonstration_award = Column("f8", "million yuan", "award for a new demonstration firm or pilot", neutral=0.0)
    incubator_places_y = Column("f8", "firms a year", "places that incubators add", neutral=0.0)
    incubator_rent_cut = Column("f8", "share", "part of a tenant's rent that the province pays", neutral=0.0)


class PlatformState:
    """What stays with a firm."""

    incubator_quarters = Column("i2", "quarters", "time spent as a tenant of an incubator so far")
    graduate_quarters = Column("i2", "quarters", "time left in which the loss of the incubator's shelter is felt")
