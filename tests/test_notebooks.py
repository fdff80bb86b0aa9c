"""The notebooks of docs/ run from the first cell to the last, in both languages, and are stored without outputs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

DOCS = Path(__file__).resolve().parent.parent / "docs"
PLANNER, RESEARCHER = "planner_first_hour", "researcher_first_hour"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST = 600  # seconds of one cell on a machine that has much else to do
FEWER = {PLANNER: ("replicates=5", "replicates=2"), RESEARCHER: ("replicates=3", "replicates=2")}  # else as it stands


def notebook(name: str) -> nbformat.NotebookNode:
    return nbformat.read(DOCS / f"{name}.ipynb", as_version=4)


def cells(name: str, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook(name).cells if cell.cell_type == kind]


@pytest.fixture
def project(tmp_path: Path, project_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that looks like the project's from a notebook: what a notebook writes stays in it."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(project_folder), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path


def ran(name: str, folder: Path) -> str:
    """Run a notebook in a folder with fewer runs; returns the text of all that its cells show.

    A cell that fails, fails the test.
    """
    read, (usual, fewer) = notebook(name), FEWER[name]
    assert any(usual in cell.source for cell in read.cells if cell.cell_type == "code")
    for cell in read.cells:
        cell.source = cell.source.replace(usual, fewer)
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(read, timeout=LONGEST, kernel_name="python3", resources=place).execute()
    outputs = [output for cell in read.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output["data"] for output in outputs if output.output_type == "execute_result"]
    return "\n".join(data.get("text/markdown", data["text/plain"]) for data in shown)


def test_the_planners_hour_runs_from_the_projects_folder(project: Path):
    shown = ran(PLANNER, project)
    for name in ("first_history/report.html", "first_moved/scorecard.csv", "attribute/plan_b_2014/answer.md"):
        assert (project / "results" / name).is_file()
    assert "规划B" in shown
    assert "innovation_voucher" in shown, "the money that was moved shows in the cost"
    assert not list((project / "docs").iterdir())


def test_the_researchers_hour_runs_from_docs(project: Path):
    shown = ran(RESEARCHER, project / "docs")
    assert (project / "results" / "first_sweep" / "points.csv").is_file()
    assert "desire_rd.elasticity_large" in shown
    assert not list((project / "docs").iterdir())


@pytest.mark.parametrize("name", [PLANNER, RESEARCHER])
def test_they_are_stored_without_outputs(name: str):
    nbformat.validate(notebook(name))
    assert not [cell for cell in cells(name, "code") if cell.outputs or cell.execution_count is not None]
    assert set(notebook(name).metadata) == {"kernelspec", "language_info"}
    assert set(notebook(name).metadata.kernelspec) == {"display_name", "language", "name"}


@pytest.mark.parametrize("name", [PLANNER, RESEARCHER])
def test_every_heading_is_in_both_languages(name: str):
    headings = re.findall(r"^#+ (.*)$", "\n".join(cell.source for cell in cells(name, "markdown")), re.M)
    assert len(headings) >= 6
    for heading in headings:
        chinese, _, english = heading.partition(" · ")
        assert CHINESE.search(chinese)
        assert re.search(r"[A-Za-z]{3}", english), heading
        assert not CHINESE.search(english)


def test_both_find_their_way_by_the_same_first_cell():
    assert cells(PLANNER, "code")[0].source == cells(RESEARCHER, "code")[0].source


@pytest.mark.parametrize("name", [PLANNER, RESEARCHER])
def test_every_link_leads_somewhere(name: str):
    for cell in cells(name, "markdown"):
        for target in re.findall(r"\]\(([^)#]+)\)", cell.source):
            assert (DOCS / target).is_file(), target
