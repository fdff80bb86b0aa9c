"""What must hold for the map of the five plans: nothing is left out, and each place named there exists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from sim.catalogue.loader import Catalogue
from sim.catalogue.plan_rows import PlanMapRow

COUNTS = {"instruments.csv": 206, "rules.csv": 64, "actors.csv": 96}
RULES = tuple(f"R{number:02d}" for number in range(1, COUNTS["rules.csv"] + 1))
MONEY = ("fiscal", "tax", "finance")  # types of instrument that cannot do without a dose
LEAST_LEFT_OUT, MOST_LEFT_OUT = 25, 50  # instruments not modelled: fewer would be forced, more would be too easy
AGENTS = ("firm", "university", "institute", "centre", "alliance", "intermediary", "government")
TARGET = re.compile(r"\b[a-e]_[a-z0-9_]+")


def tables(cat: Catalogue) -> dict[str, Mapping[str, PlanMapRow]]:
    """The three tables by file name."""
    return {"instruments.csv": cat.instruments, "rules.csv": cat.rules_of_plans, "actors.csv": cat.actors}


def check_plans(cat: Catalogue) -> Iterator[str]:
    """One line for each broken promise of the map."""
    for name, rows in tables(cat).items():
        if len(rows) != COUNTS[name]:
            yield f"{name}: has {len(rows)} rows, the plans name {COUNTS[name]}"
        for row in rows.values():
            for line in (*_words(cat, row), *_place(cat, row)):
                yield f"{name}: {row.id_}: {line}"
    if tuple(cat.rules_of_plans) != RULES:
        yield f"rules.csv: ids must be {RULES[0]} to {RULES[-1]} in order"
    yield from _instruments(cat)


def _words(cat: Catalogue, row: PlanMapRow) -> Iterator[str]:
    """Titles, plans and reasons are there, and a target that a reason names exists."""
    if not (row.title_en and row.title_zh and row.plans and row.reason and row.reason_zh):
        yield "needs titles, plans and a reason in both languages"
    for text in (row.reason, row.reason_zh):
        for target in TARGET.findall(text):
            if target not in cat.targets:
                yield f"reason names {target!r}, which is not in targets.csv"


def _place(cat: Catalogue, row: PlanMapRow) -> Iterator[str]:
    """Lever and addresses exist and fit the status."""
    if row.lever and row.lever not in cat.levers:
        yield f"lever {row.lever!r} is not in levers.csv"
    if row.status == "agent":
        if len(row.parameter) != 1 or row.parameter[0] not in AGENTS:
            yield f"agent, so its parameter is one of {', '.join(AGENTS)}"
        return
    for address in row.parameter:
        if address not in cat.doses and address not in cat.parameters:
            yield f"address {address!r} is in neither doses.csv nor parameters.csv"
    own = [address for address in row.parameter if row.lever and address.startswith(f"{row.lever}.")]
    if row.status == "not_modelled" and (row.lever or row.parameter):
        yield "not_modelled, so it has neither lever nor parameter"
    if row.status in ("lever", "shared") and not row.parameter:
        yield f"{row.status}, so it names a dose or parameter"
    if (row.status == "lever" or row.lever) and not own:
        yield "names a lever, so it names a dose of that lever"


def _instruments(cat: Catalogue) -> Iterator[str]:
    """Money has a dose, a dose has one owner, every lever comes from the plans, and the part left out is honest."""
    rows = cat.instruments.values()
    for row in rows:
        if row.type_ in MONEY and (row.status not in ("lever", "shared") or not set(row.parameter) & set(cat.doses)):
            yield f"instruments.csv: {row.id_}: {row.type_}, so it is lever or shared and has a dose"
    owned = Counter(a for row in rows if row.status == "lever" for a in row.parameter if a.startswith(f"{row.lever}."))
    for address, owners in owned.items():
        if owners > 1:
            yield f"instruments.csv: {address}: is the own dose of {owners} instruments; all but one share it"
    for lever in cat.levers:
        if lever not in {row.lever for row in rows}:
            yield f"instruments.csv: {lever}: no instrument of the plans leads to this lever"
    left_out = sum(row.status == "not_modelled" for row in rows)
    if not LEAST_LEFT_OUT <= left_out <= MOST_LEFT_OUT:
        yield f"instruments.csv: {left_out} not modelled, expected {LEAST_LEFT_OUT} to {MOST_LEFT_OUT}"
