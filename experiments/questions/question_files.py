"""Reads the questions of configs/question/ and the caller's own, as strictly as a study, each fault with file and line.

A file: title, question (both languages), kind, variants, the kind's own block under its name, and where wanted
reference, beside, evidence, levers and cannot. A planner's own question is a copy with another name.
"""

from __future__ import annotations

import re

import yaml

from experiments.questions.blocks import Block, refuse
from experiments.questions.kinds import KINDS, module_of
from experiments.questions.question import Evidence, Question, Variant
from experiments.scenario_files import display, options, scan
from experiments.study_values import StudyFaults
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, nearest, shown

GROUP = "question"
NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
VARIANT = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_VARIANTS, MOST_POINTS = 20, 24


def questions() -> dict[str, str]:
    """Names of all questions by what `ask` calls them: the number of a shipped one, the whole name of any."""
    found: dict[str, str] = {}
    for name in sorted(options(GROUP)):
        number = name.partition("_")[0]
        if number.isdigit():
            found.setdefault(number, name)
        found[name] = name
    return found


def named(asked: str) -> str:
    """The question that is meant by 07, 7 or a name. Raises ScenarioError."""
    known = questions()
    name = known.get(asked.zfill(2) if asked.isdigit() else asked)
    if name is None:
        numbers = ", ".join(key for key in known if key.isdigit())
        told = f"does not exist; there are: {numbers}, all, list.{nearest(asked, known)}"
        raise ScenarioError([f"override: question {shown(asked)} {told}"])
    return name


def read_question(name: str) -> Question:
    """The question of a file. Raises ScenarioError, one line per fault."""
    path = options(GROUP)[name]
    if NAME.fullmatch(name) is None:
        raise ScenarioError([f"{display(path)}: the name must be small letters, digits and _"])
    lines = {key[1:]: line for key, line in scan(path, GROUP).lines.items()}
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}  # plain data: scan refused tags, aliases and bombs
    faults = StudyFaults(path, lines)
    if not raw:
        raise ScenarioError([f"{display(path)}:1: the file is empty; copy one of the questions that are there"])
    top = Block(faults, (), raw)
    title, asked = top.pair("title"), top.pair("question")
    variants = _variants(top)
    kind = top.word("kind", KINDS)
    names = tuple(one.name for one in variants)
    reference = top.word("reference", names, names[0] if names else "")
    beside, evidence = top.outcomes("beside"), _evidence(top)
    levers = top.words("levers", catalogue().levers, ())
    limits = tuple(_limit(one) for one in top.blocks("cannot"))
    block = None
    if kind:
        inner = Block(faults, (kind,), top.take(kind))
        block = module_of(kind).read(inner, variants, reference)
        inner.close()
        _refuse_moved(top, block, variants, evidence)
        rows = len(getattr(getattr(block, "sweep", None), "axis", ())) or 1
        if len(variants) * rows > MOST_POINTS:
            top.fault("variants", f"come to {len(variants) * rows} points with the sweep, more than {MOST_POINTS}")
    top.close()
    refuse(faults)
    places = {key: f"{display(path)}:{line}" for key, line in lines.items()}
    return Question(
        name, title, asked, kind, variants, reference, block, beside, evidence, levers, limits, places
    )  # fmt: skip


def _variants(top: Block) -> tuple[Variant, ...]:
    """The named variants of the file, in its order."""
    raw = Block(top.faults, ("variants",), top.take("variants"))
    found = []
    for name in list(raw.raw)[: MOST_VARIANTS + 1]:
        if VARIANT.fullmatch(str(name)) is None:
            raw.fault(str(name), "must be 1 to 30 small letters, digits and _, a letter first")
        one = Block(top.faults, ("variants", str(name)), raw.raw[name])
        scenario = one.word("scenario", options("scenario"), "history")
        found.append(Variant(str(name), one.pair("title"), scenario, one.overrides("overrides")))
        one.close()
    if not 1 <= len(found) <= MOST_VARIANTS:
        top.fault("variants", f"must be 1 to {MOST_VARIANTS} named blocks")
    return tuple(found)


def _evidence(top: Block) -> tuple[Evidence, ...]:
    """Parameters that are tried at both ends of the range that the catalogue gives them."""
    found = []
    for one in top.blocks("evidence"):
        address = one.word("address", catalogue().parameters)
        row = catalogue().parameters.get(address)
        if row is not None and not row.low < row.high:
            one.fault("address", f"= {shown(address)} has no range in the catalogue")
        stronger = one.word("stronger", ("high", "low"))
        found.append(Evidence(address, stronger))
        one.close()
    return tuple(found)


def _refuse_moved(top: Block, block: object, variants: tuple[Variant, ...], evidence: tuple[Evidence, ...]) -> None:
    """Tell a parameter that is tried at its ends and moved by a variant as well: the ends would undo the variant."""
    moved = {key for one in variants for key in one.overrides} | set(getattr(getattr(block, "sweep", None), "keys", ()))
    for one in evidence:
        if f"mechanism.{one.address}" in moved:
            top.fault("evidence", f"names {shown(one.address)}, which a variant or the sweep sets")


def _limit(one: Block) -> tuple[str, str]:
    """What the model cannot answer, in both languages."""
    found = one.pair()
    one.close()
    return found
