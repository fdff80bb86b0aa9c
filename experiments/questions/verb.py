"""The verb `ask`: reads its keys, poses one question or all, carries them out and tells the sentence and the files."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from experiments.draws.variation import DRIVERS, PARAMETERS, Variation
from experiments.fitted import columns_of_terminal, layout
from experiments.overrides import WHOLE_KEYS
from experiments.plan import MODEL, Plan
from experiments.questions.answer import answer
from experiments.questions.answer_files import write_answer
from experiments.questions.carrying import VERB, Asked, Posed, carry_out, ends_of, pose
from experiments.questions.kinds import module_of
from experiments.questions.page import full_size, is_small_said, small
from experiments.questions.question import CENTRAL
from experiments.questions.question_files import named, questions, read_question
from experiments.scenario_files import options
from experiments.study import tell
from experiments.verb_keys import Key, key_lines, read_keys
from sim.scenario_values import ScenarioError

ALL, LIST = "all", "list"
LOW, HIGH = WHOLE_KEYS["seed"][:2]


def keys() -> dict[str, Key]:
    """The keys behind the question."""
    return {
        "population": Key("scaled", "full: every firm by itself", words=tuple(sorted(options("population")))),
        "replicates": Key(16, "paired runs of each variant", 2, 10_000),
        "seed": Key(1, "a whole number; the same for all variants", LOW, HIGH),
        "workers": Key(None, "processes; all cores when not given", 1, 1024),
        "parameters": Key("posterior", "replicate r takes row r of the fit's draws", words=PARAMETERS),
        "drivers": Key("uncertain", "replicate r takes path r after the last observed year", words=DRIVERS),
        "evidence": Key("yes", "no: leave out both ends of the evidence", words=("no", "yes")),
        "results": Key("results", "folder for all output"),
    }


def read(arguments: Sequence[str]) -> tuple[list[str], Asked]:
    """The names of the questions and how they are asked. Raises ScenarioError."""
    which = [text for text in arguments if "=" not in text]
    if len(which) != 1:
        raise ScenarioError(["override: ask takes one question: its number such as 07, its name, all, or list"])
    found: dict[str, Any] = read_keys([text for text in arguments if "=" in text], keys())
    variation = Variation(found["parameters"], found["drivers"])
    variation.check()
    asked = Asked(found["population"], found["replicates"], found["seed"], found["workers"],
                  Path(found["results"]).expanduser(), variation, found["evidence"] == "yes")  # fmt: skip
    names = sorted(set(questions().values())) if which[0] in (ALL, LIST) else [named(which[0])]
    return names, asked


def plan_again(arguments: Sequence[str], function: str = MODEL) -> Plan:
    """The plan of a stored question, from its own arguments. Raises ScenarioError."""
    names, asked = read(arguments)
    return pose(read_question(names[0]), asked, function).plan


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Ask one question or all; 1 when a run failed."""
    names, asked = read(arguments)
    if LIST in arguments:
        print(listed(names, asked))
        return 0
    found = [read_question(name) for name in names]  # all are checked before anything is written
    failed = 0
    for i, question in enumerate(found, 1):
        posed = pose(question, asked)
        told = f"{question.number} ({i} of {len(found)}): {len(posed.plan):,} runs"
        print(told, file=sys.stderr, flush=True)
        failed |= ask(posed, asked, flags)
    return failed


def ask(posed: Posed, asked: Asked, flags: Collection[str] = ()) -> int:
    """Carry out one question, write its files and tell the sentence in both languages; 1 when a run failed."""
    store, report, cases = carry_out(posed, asked, flags)
    tell(report, "--debug" in flags)
    if report.failures or CENTRAL not in cases:
        print(f"error: {posed.question.number}: not answered, because runs failed", file=sys.stderr)
        return 1
    found = answer(cases, asked.seed, asked.replicates)
    write_answer(store, posed, asked, cases, found)
    question, command = posed.question, " ".join(["innopolicy ask", *asked.arguments(posed.question.number)])
    lines = [f"{question.number} {question.title[1]} / {question.title[0]}"]
    for language in (1, 0):
        for one in found.finding.said:
            lines += [f"  {one.lead[language]}", *(f"    - {point[language]}" for point in one.points)]
        if is_small_said(found) and (said := small(found)):
            lines.append(f"  {said[language]} {full_size(command)}")
    print("\n".join([*lines, f"  {(store.folder / 'answer.html').as_posix()}", ""]), flush=True)
    return 0


def listed(names: Sequence[str], asked: Asked) -> str:
    """All questions with their kind and what they would take."""
    rows = [("number", "name", "kind", "runs", "title", "题目")]
    for name in names:
        one = read_question(name)
        runs = len(module_of(one.kind).points(one)) * len(ends_of(one, asked)) * asked.replicates
        rows.append((one.number, one.name, one.kind, f"{runs:,}", *one.title))
    return "\n".join([*layout(rows, columns_of_terminal()), f"({len(names)} questions)"])


def help_text() -> str:
    """The keys with unit, range and default."""
    told = [
        "Answers a planner's question: the sentence with its number and 5-95 % band, a figure, a table, public cost,",
        "what it rests on, and both ends of the evidence, in Chinese and English. A question is a file",
        "configs/question/NN_name.yaml; copy one to ask your own. Finished runs are kept: the same command goes on.",
        f"Output: RESULTS/{VERB}/NN/answer.html, .md, .json, table.csv, figure.svg.",
    ]
    return "\n".join(
        [f"usage: innopolicy {VERB} 01..25|NAME|all|list [KEY=VALUE ...]", "", *key_lines(keys()), "", *told]
    )
