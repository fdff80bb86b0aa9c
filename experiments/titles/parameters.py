"""Titles of the parameters in both languages; the Chinese ones stand in a table beside this file.

from experiments.titles.parameters import in_part, title_of
title_of("award_grants.noise")  # as the parameter is called
in_part("award_grants.noise")   # the Chinese with the part of the model before it

The catalogue's own table has the English. Its bytes decide the ids of all runs, which a better word must not change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from experiments.words import PARTS, Pair, words
from sim.catalogue.loader import catalogue
from sim.catalogue.tables import keyed, read_table
from sim.scenario_values import nearest

TABLE = Path(__file__).with_suffix(".csv")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[(),:;?]")


@dataclass(frozen=True)
class ParameterTitle:
    """One row of the table."""

    address: str
    title_zh: str


@cache
def chinese_titles(table: Path = TABLE) -> Mapping[str, str]:
    """Chinese titles by address. Raises CatalogueError for a broken table or an address that stands twice."""
    rows = keyed(table, read_table(table, ParameterTitle), "address")
    return {address: row.title_zh for address, row in rows.items()}


def title_of(address: str) -> Pair:
    """English and Chinese title of a parameter. Raises CatalogueError for an unknown address.

    English stands in where there is no Chinese title, which `check` tells.
    """
    english = catalogue().parameter(address).title
    return english, chinese_titles().get(address, english)


def in_part(address: str) -> Pair:
    """As `title_of`, the Chinese with the part of the model that owns the parameter before it."""
    english, chinese = title_of(address)
    return english, f"{words(PARTS, address.partition('.')[0])[1]}：{chinese}"


def check(known: Mapping[str, object], titles: Mapping[str, str]) -> list[str]:
    """One line for each address without a title, title without an address, and title that is not fit to be shown.

    known : the parameters by address; titles : Chinese titles by address.
    """
    missing = [f"{TABLE.name}: {address}: has no Chinese title" for address in known if address not in titles]
    unknown = [
        f"{TABLE.name}: {address}: is no row of the catalogue's parameters.csv.{nearest(address, known)}"
        for address in titles
        if address not in known
    ]
    return [*missing, *unknown, *_unfit(titles)]


def _unfit(titles: Mapping[str, str]) -> Iterator[str]:
    """Titles that are not Chinese, have half-width marks, or are those of two parameters of one mechanism."""
    owners: dict[tuple[str, str], str] = {}
    for address, title in titles.items():
        where = f"{TABLE.name}: {address}"
        if not CHINESE.search(title):
            yield f"{where}: {title!r} is not Chinese"
        if HALF_WIDTH.search(title):
            yield f"{where}: {title!r} has marks of half width; Chinese uses （），：；"
        owner = owners.setdefault((address.partition(".")[0], title), address)
        if owner != address:
            yield f"{where}: has the title of {owner}"
