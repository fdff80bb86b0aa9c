"""Scenario files with one value that is wrong."""

from __future__ import annotations

import random

from sim.catalogue.loader import catalogue
from sim.scenario_values import decimal
from tests.faults.damaged_requests import NO_NUMBER, Case, beyond, doses, typo

HEAD = "# @package _global_\n"
YAML_NUMBERS = [
    text
    for text in NO_NUMBER
    if not set(text) & set("\x00\n\t[]{}()'\"!`=") and text not in ("-", "null null", "1e999999999")
]
MINE = "configs/scenario/mine.yaml"
NO_DEFAULTS = ("/hydra/launcher: joblib", "override hydra/sweeper: x", "/scenario: history", "x", "../x")


def one_value(rng: random.Random) -> Case:
    """A scenario file with one dose, parameter, series or setting that is wrong: file and line must be named."""
    row = rng.choice(doses())
    lever, dose = row.address.split(".")
    far = beyond(rng, row)
    bounds = f"{decimal(row.low)}..{decimal(row.high)}"
    wrong = rng.choice(YAML_NUMBERS)
    parameter = rng.choice(list(catalogue().parameters.values()))
    module, name = parameter.address.split(".")
    text, says = rng.choice([
        (f"lever:\n  {lever}:\n    {dose}: {far}\n", (f":4: lever.{row.address} = ", bounds, f"({row.unit})")),
        (f"lever:\n  {lever}: {{{dose}: {wrong}}}\n", (f"{MINE}:3", dose)),
        (f"lever:\n  {lever}:\n    {typo(rng, dose)}: {decimal(row.high)}\n", (":4: ", "unknown key")),
        (f"lever:\n  {typo(rng, lever)}:\n    {dose}: {decimal(row.high)}\n", (":3: ", "unknown key")),
        (f"lever:\n  {lever}:\n    {dose}: {{2014: {decimal(row.high)}, 2012: {decimal(row.high)}}}\n",
         (":4: ", "out of order")),
        (f"lever:\n  {lever}:\n    {dose}: {{2014: 1, 2014: 1}}\n", (":4: ", "twice")),
        (f"lever:\n  {lever}:\n    {dose}: {rng.choice(['[1]', '{}', '{2014: {2015: 1}}', '{x: 1}', '{1850: 1}'])}\n",
         (MINE, dose)),
        (f"lever:\n  {lever}: {rng.choice(['5', '[a]', 'x', '[{}]'])}\n", (MINE, lever)),
        (f"lever:\n  {lever}: {{start: 2016Q1, end: 2014Q1}}\n", (MINE, "before")),
        (f"mechanism:\n  {module}:\n    {name}: {beyond(rng, parameter)}\n", (":4: ", f"({parameter.unit})")),
        (f"mechanism:\n  {typo(rng, module)}:\n    {name}: 1\n", (":3: ", "unknown key")),
        ("driver:\n  coal_price: {2014: 300, 2016: 250}\n", (":3: ", "consecutive")),
        ("driver:\n  coal_price: {2014: 30000000, 2015: 250}\n", (MINE, "coal_price")),
        (f"driver:\n  {typo(rng, 'coal_price')}: catalogue\n", (":3: ", "unknown key")),
        (f"population: {{k: {rng.choice(['0', '-1', '1001', '1.5', 'x', '[]', '{}'])}}}\n", (MINE, "population.k")),
        (f"end: {rng.choice(['2010Q4', '2031Q1', '2014', '2014Q5', 'x', '[]', '{}', '1.5'])}\n", (f"{MINE}:2: end",)),
        *_of_the_whole(rng, lever),
    ])  # fmt: skip
    return Case("scenario value", ["run", "scenario=mine"], {MINE: (HEAD + text).encode()}, says)


def _of_the_whole(rng: random.Random, lever: str) -> list[tuple[str, tuple[str, ...]]]:
    """Scenario texts with a fault outside doses and parameters, and what must be said of each."""
    return [
        (f"start: {rng.choice(['2010Q1', '2012Q1', '2011', 'x'])}\n", (f"{MINE}:2: start",)),
        (f"notes: {rng.choice(['text', '{}', '[[a]]', '[1]', '5', f'[{chr(120) * 1001}]'])}\n", (f"{MINE}:2", "notes")),
        (f"title_en: {rng.choice(['[a]', '{a: b}', '5', 'x' * 1001])}\n", (f"{MINE}:2: title_en",)),
        (f"before: {rng.choice(['histroy', '[]', '5', '../x', '{}'])}\nfrom: 2014Q1\n", (MINE, "before")),
        (f"before: history\nfrom: {rng.choice(['2010Q1', '2030Q9', 'x', '5', '[]'])}\n", (MINE, "from")),
        (f"defaults:\n  - override /lever: [{typo(rng, lever)}]\n", (":3: ", "does not exist")),
        (f"defaults:\n  - {rng.choice(NO_DEFAULTS)}\n",
         (":3: ",)),
        (f"defaults: {rng.choice(['5', 'x', '{a: b}', '[[a]]', '[{a: {b: c}}]'])}\n", (f"{MINE}:2: ",)),
        (f"{typo(rng, 'title_en')}: x\n", (":2: ", "unknown key")),
        (f"{rng.choice(['lever', 'mechanism', 'driver', 'population'])}: {rng.choice(['5', 'x', '[a]', '[]'])}\n",
        (MINE,)),
    ]  # fmt: skip
