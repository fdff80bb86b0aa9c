"""Reads configs/machine/*.yaml: which kind of machine, and its settings, each checked against what it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from experiments.scenario_files import display, option, scan
from sim.scenario_values import ScenarioError, nearest, shown

WORD = re.compile(r"[A-Za-z0-9_.,-]{1,100}")
TIME = re.compile(r"([0-9]{1,3}-)?[0-9]{1,3}(:[0-9]{2}){1,2}")
MEMORY = re.compile(r"[1-9][0-9]{0,6}[KMGT]?")
ADDRESS = re.compile(r"(tcp|tls|ucx|inproc|ws|wss)://[A-Za-z0-9_.\[\]:/-]{1,200}")
Rule = re.Pattern[str] | tuple[float, float]  # a text's form, or a number's range
RULES: dict[str, dict[str, Rule]] = {
    "local": {},
    "slurm": {"partition": WORD, "account": WORD, "qos": WORD, "time": TIME, "memory": MEMORY, "cpus": (1, 1024),
              "minutes_a_task": (0.01, 10_000), "array_limit": (1, 1_000_000), "most_at_once": (1, 1_000_000),
              "rounds": (1, 1000), "poll_seconds": (0.1, 3600)},
    "dask": {"address": ADDRESS, "minutes_a_task": (0.01, 10_000), "rounds": (1, 1000), "connect_seconds": (1, 3600)},
}  # fmt: skip
OPTIONAL = ("partition", "account", "qos", "most_at_once", "address")


def read_machine(name: str) -> tuple[str, dict[str, Any]]:
    """Kind and settings of a machine file. Raises ScenarioError, one line per fault, with file and line."""
    path = option("machine", name)
    lines = {key[1:]: line for key, line in scan(path, "machine").lines.items()}
    raw: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in RULES:
        told = f"kind = {shown(kind)} must be one of {', '.join(RULES)}"
        raise ScenarioError([f"{display(path)}:{lines.get(('kind',), 1)}: {told}.{nearest(str(kind), RULES)}"])
    faults = []
    for key in (*raw, *(key for key in RULES[kind] if key not in raw)):
        wrong = _wrong(RULES[kind], str(key), raw.get(key)) if key != "kind" else ""
        if wrong:
            faults.append(f"{display(path)}:{lines.get((str(key),), 1)}: {shown(str(key))} {wrong}")
    if faults:
        raise ScenarioError(faults)
    return str(kind), {key: value for key, value in raw.items() if key != "kind"}


def _wrong(rules: Mapping[str, Rule], key: str, value: object) -> str:
    """What is wrong with a setting; nothing when it is right."""
    if key not in rules:
        return f"is an unknown key of this kind of machine.{nearest(key, rules)}"
    if value is None:
        return "" if key in OPTIONAL else "must be given"
    rule = rules[key]
    if isinstance(rule, tuple):
        low, high = rule
        fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"= {shown(value)} is out of range {low:g}..{high:g}"
    return (
        ""
        if isinstance(value, str | int) and rule.fullmatch(str(value))
        else f"= {shown(value)} is not of the form {rule.pattern}"
    )
