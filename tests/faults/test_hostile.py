"""Hostile configs and requests do nothing: payloads, bombs, names that climb, links, titles with scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.compose import compose_request, load_scenario
from experiments.study import run_study
from experiments.study_files import read_study
from experiments.sweep import sweep_of
from sim.scenario_values import ScenarioError
from tests.experiments import fake_model
from tests.faults.unarmed import HEAD, disarm, put, said


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with nothing at hand."""
    return disarm(tmp_path, monkeypatch)


FAKE = f"{fake_model.__name__}:run"
CALLS = (
    "os.system", "logging.os.system", "subprocess.run", "builtins.eval", "builtins.exec", "posix.system", "pty.spawn",
    "importlib.import_module", "pickle.loads", "shutil.rmtree", "pathlib.Path.unlink", "hydra.utils.instantiate",
    "hydra.utils.get_method", "ctypes.CDLL", "webbrowser.open", "socket.create_connection", "runpy.run_path",
)  # fmt: skip
PLACES = (
    "_target_: {call}\n", "lever: {{_target_: {call}}}\n", "lever:\n  rd_grant: {{_target_: {call}, _args_: [id]}}\n",
    "lever:\n  rd_grant:\n    rate: {{_target_: {call}}}\n", "notes: [{{_target_: {call}}}]\n",
    "driver: {{coal_price: {{_target_: {call}}}}}\n", "population: {{k: {{_target_: {call}, _partial_: true}}}}\n",
    "mechanism: {{grow_firms: {{_target_: {call}}}}}\n", "hydra: {{launcher: {{_target_: {call}}}}}\n",
    "title_en: !!python/object/apply:{call} [id]\n", "title_en: !!python/name:{call}\n",
    "? !!python/name:{call}\n: 1\n",
    "notes: ['${{oc.env:SECRET}}']\n", "lever: {{rd_grant: {{rate: '${{{call}:id}}'}}}}\n",
    "title_en: ${{oc.env:SECRET}}\n",
    "defaults:\n  - /hydra/launcher: {call}\n", "defaults:\n  - override hydra/sweeper: {call}\n",
    "defaults:\n  - ../../../etc/passwd\n", "defaults:\n  - override /lever: [../../etc/passwd]\n",
)  # fmt: skip
OVERRIDES = (
    "hydra.run.dir={call}", "hydra/launcher={call}", "+hydra.callbacks.x._target_={call}", "_target_={call}",
    "++lever.rd_grant._target_={call}", "lever.rd_grant.rate={{_target_:{call}}}",
    "lever.rd_grant.rate=${{oc.env:SECRET}}",
    "hydra.searchpath=[file:///tmp]", "--experimental-rerun={call}", "--config-dir={call}",
    "driver.coal_price=${{{call}:id}}",
    "scenario={call}", "population=${{oc.env:SECRET}}", "study=${{oc.env:SECRET}}", "hydra.job_logging._target_={call}",
    "hydra/job_logging=none", "lever.rd_grant.rate=${{eval:1}}", "end=${{oc.env:SECRET}}",
)  # fmt: skip
NAMES = (
    "../../x",
    "/etc/x",
    "a/b",
    "..\\x",
    "a\x00b",
    "CON",
    "x" * 300,
    "\u202ecod",
    "",
    ".",
    "..",
    "~",
    "$HOME",
    "a b",
    "💥",
)
BOMBS = {
    "aliases": HEAD + "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
    ),
    "itself": HEAD + "notes: &a [*a, *a]\n", "brackets": HEAD + "notes: " + "[" * 10_000 + "]" * 10_000 + "\n",
    "blocks": HEAD + "lever: " + "{a: " * 10_000 + "1" + "}" * 10_000 + "\n",
    "lines": HEAD + "lever:\n" + "".join(" " * i + "a:\n" for i in range(1, 600)),
    "keys": HEAD + "".join(f"k{i}: 1\n" for i in range(20_000)),
    "long": HEAD + "title_en: " + "x" * 10_000_000,
    "digits": HEAD + f"lever: {{rd_grant: {{rate: {'9' * 100_000}}}}}\n",
    "comments": HEAD + "#\n" * 900_000, "merge": HEAD + "lever: &a {<<: *a}\n",
}  # fmt: skip
DRIVER = """
import resource, sys, time
from experiments.compose import load_scenario
from sim.scenario_values import ScenarioError
from experiments.study_files import read_study
load_scenario("history")
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
before = peak()
for name in sys.argv[1:]:
    since = time.process_time()
    try:
        load_scenario(name)
        sys.exit(f"{name} was accepted")
    except ScenarioError as refused:
        took = time.process_time() - since
        assert len(refused.faults) == 1 and len(refused.faults[0]) < 500, refused.faults
        assert took < 1.0, f"{name} took {took} s"
assert peak() - before < 200, peak() - before
"""


@pytest.mark.parametrize("place", PLACES)
def test_a_payload_in_a_scenario_file_is_refused_and_inert(here: Path, place: str):
    for call in CALLS:
        put(here, HEAD + place.format(call=call))
        with pytest.raises(ScenarioError) as refused:
            load_scenario("mine")
        assert "do-not-tell" not in str(refused.value)
        assert all(fault.startswith("configs/scenario/mine.yaml:") for fault in refused.value.faults)


@pytest.mark.parametrize("place", PLACES)
def test_a_payload_in_a_study_file_is_refused_and_inert(here: Path, place: str):
    for call in CALLS[:4]:
        put(here, place.format(call=call), "study")
        with pytest.raises(ScenarioError, match=r"^configs/study/mine\.yaml:"):
            read_study("mine")
        put(
            here,
            "scenarios: [history]\nvariants:\n  x:\n    " + place.format(call=call).replace("\n", "\n    "),
            "study",
        )
        with pytest.raises(ScenarioError, match=r"^configs/study/mine\.yaml:"):
            read_study("mine")


@pytest.mark.parametrize("form", OVERRIDES)
def test_a_payload_in_an_override_is_refused_and_inert(here: Path, form: str):
    for call in CALLS:
        text = form.format(call=call)
        for ask in (compose_request, sweep_of):
            with pytest.raises(ScenarioError) as refused:
                ask([text])
            assert "do-not-tell" not in str(refused.value)
    assert list(here.iterdir()) == []


def test_bombs_are_refused_at_once_in_little_memory(tmp_path: Path, project_folder: Path):
    folder = tmp_path / "configs" / "scenario"
    folder.mkdir(parents=True)
    for name, text in BOMBS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", DRIVER, *BOMBS], cwd=tmp_path, capture_output=True, text=True,
        check=False,
                          env=os.environ | {"PYTHONPATH": str(project_folder)})  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_climbs_is_text_only(here: Path, name: str):
    for arguments in (["run", f"scenario={name}"], ["sweep", f"study={name}"], ["status", f"study={name}"],
                      ["export", f"study={name}"], ["reproduce", "deadbeef00", f"study={name}"],
                      ["run", f"machine={name}"], ["list", name]):  # fmt: skip
        code, err = said(*arguments)
        assert code in (2, 3), (arguments, err)
        assert err.replace("\n", "").isprintable()
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "/etc", "/nowhere", "pipe"])
def test_a_link_in_configs_to_what_is_no_file_is_refused_and_never_read(here: Path, target: str):
    os.mkfifo(here / "pipe")
    (here / "configs" / "scenario").mkdir(parents=True)
    (here / "configs" / "scenario" / "mine.yaml").symlink_to(here / target)
    with pytest.raises(ScenarioError, match=r"is no file|cannot be read"):
        load_scenario("mine")


class _Tags(HTMLParser):
    """Tags and handlers of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(name for name, _ in attrs)]


def test_titles_and_notes_of_a_file_are_text_in_the_report(here: Path):
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:x'>{{7*7}}"
    put(here, HEAD + "".join(f"{key}: {json.dumps(evil)}\n" for key in ("title_en",
        "title_zh")) + f"notes: [{json.dumps(evil)}]\n"
        f"assumptions: [{json.dumps(evil)}]\nend: 2012Q4\n")  # fmt: skip
    request = compose_request(["scenario=mine", "replicates=2", "workers=1", f"results={here / 'results'}"])
    with pytest.MonkeyPatch.context() as patch:
        patch.undo()
        assert run_study(request, FAKE) == 0
    page = _Tags()
    text = (here / "results" / "mine" / "report.html").read_text(encoding="utf-8")
    page.feed(text)
    assert "alert(1)" in text
    assert not {"script", "img", "onerror", "iframe"} & set(page.found)
    assert 'href="javascript' not in text
