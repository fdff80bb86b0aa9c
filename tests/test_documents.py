"""The documents say what is true: generated tables are current, examples run, named files are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from experiments import docs

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (*docs.DOCUMENTS, "CONTRIBUTING.md", "CHANGELOG.md", "results/README.md", "benchmarks/results.md")


@pytest.mark.parametrize("name", docs.DOCUMENTS)
def test_generated_tables_are_those_of_the_code(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert docs.BLOCK.search(text)
    assert docs.rewritten(text, None) == text, f"{name} is out of date: run `make docs`"


def test_a_changed_table_is_noticed():
    text = (ROOT / "sim/ODD.md").read_text(encoding="utf-8").replace("`earn_profit`", "`earn_nothing`")
    assert docs.rewritten(text, None) != text


def test_result_tables_of_the_readme_are_filled():
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "sim/ODD.md"))
    blocks = {match["name"]: match["body"] for match in docs.BLOCK.finditer(text)}
    for name in docs.RESULT_BLOCKS:
        assert blocks[name].count("\n") > 6, f"{name}: run `make run docs`"


def test_the_python_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - our own document
    assert float(capsys.readouterr().out) > 0
    assert len(names["table"]) == 8  # type: ignore[arg-type]


def test_the_commands_of_the_readme_are_understood():
    from experiments.compose import compose_request
    from experiments.listing import list_rows
    from experiments.sweep import sweep_of

    readers = {"run": compose_request, "sweep": sweep_of, "list": list_rows}
    lines = re.findall(
        r"^ {4}innopolicy (run|sweep|list) (.*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    )
    assert {verb for verb, _ in lines} == set(readers)
    for verb, words in lines:
        assert readers[verb](shlex.split(words))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"
