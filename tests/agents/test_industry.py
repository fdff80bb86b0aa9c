"""The three groups of firms, and that heavy industry is what the catalogue says."""

from __future__ import annotations

from sim.agents.industry import HEAVY, LAST_HEAVY_SECTOR, LIGHT, OTHER, industry_group
from sim.catalogue.loader import catalogue


def test_heavy_sectors_are_those_of_the_catalogue():
    heavy = [code for code, row in enumerate(catalogue().sectors) if row.is_heavy]
    assert heavy == list(range(LAST_HEAVY_SECTOR + 1))


def test_the_group_of_a_firm():
    assert industry_group(1, LAST_HEAVY_SECTOR) == HEAVY
    assert industry_group(1, LAST_HEAVY_SECTOR + 1) == LIGHT
    assert industry_group(0, 0) == OTHER
