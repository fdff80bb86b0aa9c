"""Malformed requests and config files: exit code 2, one line a fault that says where and what, nothing written.

The short form tries 64 of them, the long form (`make test-faults`) 1,000, each made by its number alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.__main__ import main
from experiments.compose import addresses
from experiments.overrides import read_overrides, read_sweep
from experiments.scenario_files import scan
from sim.scenario_values import ScenarioError
from tests.faults import damaged_configs, damaged_requests
from tests.faults.damaged_requests import Case

LONG = os.environ.get("FAULTS") == "long"
CASES = 1000 if LONG else 64
MAKERS = damaged_requests.MAKERS + damaged_configs.MAKERS
LONGEST_LINE = 700
WHERE = re.compile(r"error: (override: |configs/[^ ]+\.(yaml|csv)(:\d+)?: |scenario [^ ]+: )")
REQUEST = re.compile(r"error: .*(verb|exclude each other|-m is for run|is no store|holds no|is no plan|usage)")


@dataclass
class Ended:
    """How a request ended; `code` is None when it was accepted and would have been carried out."""

    code: int | None
    out: str
    err: str


class AcceptedError(BaseException):
    """Raised in place of carrying out a request that was found to be valid."""


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch):
    """A valid request ends where it would begin to run."""

    def accepted(*_: object, **__: object) -> int:
        raise AcceptedError

    monkeypatch.setattr("experiments.store.Store.probe", accepted)  # the first write of every study
    monkeypatch.setattr("experiments.docs.ROOT", Path("nowhere"))


def asked(folder: Path, case: Case) -> Ended:
    """Lay down the files of a case and give its command line to the program."""
    for path, content in case.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(case.arguments)
        except AcceptedError:
            code = None
    return Ended(code, out.getvalue(), err.getvalue())


def faults_of(folder: Path, case: Case, ended: Ended) -> list[str]:
    """What is wrong with how a wrong request was answered."""
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - set(case.files)
    found = [f"wrote {sorted(written)}"] if written else []
    if ended.code is None:
        return found if case.may_be_valid else [*found, "was accepted"]
    if ended.code not in case.codes:
        found.append(f"exit code {ended.code}, expected {case.codes}")
    if ended.out:
        found.append(f"said on stdout: {ended.out[:80]!r}")
    lines = ended.err.splitlines()
    if not lines or not all(line.startswith("error: ") for line in lines):
        found.append("a line does not begin with 'error: '")
    for line in lines:
        if not line.isprintable() or len(line) > LONGEST_LINE or "Traceback" in line:
            found.append(f"a line is not printable or too long: {line[:200]!r}")
        if ended.code == 2 and not WHERE.match(line) and not REQUEST.match(line):
            found.append(f"does not say where: {line[:200]!r}")
    found += [f"does not say {text!r}" for text in case.says if text not in ended.err]
    return found


@pytest.mark.usefixtures("nothing_runs")
def test_malformed_requests_and_files_are_refused_in_one_line_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wrong, ends, labels = [], Counter(), Counter()
    for number in range(CASES):
        case = MAKERS[number % len(MAKERS)](random.Random(number))
        folder = tmp_path / f"{number:04}"
        folder.mkdir()
        ended = asked(folder, case)
        ends["accepted" if ended.code is None else ended.code] += 1
        labels[case.label] += 1
        found = faults_of(folder, case, ended)
        if found:
            files = {path: content[:300] for path, content in case.files.items()}
            wrong.append(
                f"{number} {case.label} {[a[:120] for a in case.arguments]} {files}: {found}\n  {ended.err[:400]}"
            )
    assert not wrong, f"{len(wrong)} of {CASES}:\n" + "\n".join(wrong)
    assert ends["accepted"] < CASES / 8, ends
    if LONG:
        with capsys.disabled():
            told = ", ".join(f"{count} {end}" for end, count in sorted(ends.items(), key=str))
            print(f"\n| malformed requests and files: {CASES} of {len(labels)} kinds | exit codes: {told}; wrong: 0 |")


@pytest.mark.parametrize("number", [*range(0, 96, 32), 9, 13])
def test_a_process_of_its_own_answers_in_the_same_way(number: int, tmp_path: Path, project_folder: Path):
    case = MAKERS[number % len(MAKERS)](random.Random(number))
    assert not any("\0" in text for text in case.arguments), "no process can be given a NUL: take another number"
    for path, content in case.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "experiments", *case.arguments], cwd=tmp_path, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": str(project_folder)},
    )  # fmt: skip
    assert not faults_of(tmp_path, case, Ended(done.returncode, done.stdout.decode(), done.stderr.decode()))


KEYS = st.one_of(st.sampled_from(addresses()), st.sampled_from(["seed", "end", "study", "scenario"]), st.text())
VALUES = st.one_of(st.text(), st.from_regex(r"[-+0-9._eE:{},\[\]$ ]{0,20}", fullmatch=True), st.floats().map(repr))


def faults_told(read: Callable[[], object]) -> tuple[str, ...]:
    """What a reading refused; nothing when it read."""
    try:
        read()
    except ScenarioError as refused:
        return refused.faults
    return ()


@settings(max_examples=2000 if LONG else 100)
@given(st.lists(st.one_of(st.tuples(KEYS, VALUES).map("=".join), st.text()), max_size=4))
def test_any_text_is_an_override_or_a_fault_in_one_line(texts: list[str]):
    for read in (read_overrides, read_sweep):
        faults = faults_told(lambda read=read: read(texts, addresses()))
        assert all(fault.startswith("override: ") and fault.isprintable() for fault in faults), faults


@settings(max_examples=2000 if LONG else 100)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode(errors="replace"))))
def test_any_bytes_are_a_file_or_a_fault_in_one_line(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_bytes(content)
    for group in ("scenario", "study", "machine"):
        faults = faults_told(lambda group=group: scan(path, group))
        assert all(fault.isprintable() for fault in faults), faults
