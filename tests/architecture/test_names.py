"""Names: no file names a registry, a machine or a place outside the project, and no module is a drawer for anything."""

from __future__ import annotations

import re
import socket

import pytest

from tests.architecture.sources import FOLDERS, project_files, python_files, text_of

DRAWERS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
# Patterns and examples are put together from pieces, so that this file does not hold what it forbids.
PYPI, DEBIAN, HOSTED, SHARED = "py" + "pi.org", "deb." + "debian.org", "python" + "hosted", "../" + "shared"
HOSTS = [re.escape(host) for host in (PYPI, DEBIAN, HOSTED, "registry." + "npmjs", "conda." + "anaconda")]
OPTIONS = [rf"(?<!emit-){option}[ =]" for option in ("index" + "-url", "find" + "-links")]
TOPS = (
    "wo" + "rk",
    "fa" + "rm",
    "ro" + "ot",
    "ho" + "me/[a-z]+",
    "opt/" + "pypi",
    "tmp/" + "contract",
    "Us" + "ers/[a-z]+",
)
PLACES = [rf"(?<![\w.]){re.escape('/')}{top}/" for top in TOPS] + [re.escape(SHARED)]
FORBIDDEN = re.compile("|".join(HOSTS + OPTIONS + PLACES))
BINARY = {".otf", ".ttf", ".woff2", ".png", ".parquet", ".gz", ".zip", ".npz", ".npy"}


def text_files():
    return [path for path in project_files() if path.suffix not in BINARY]


def test_no_file_names_a_registry_or_a_place_on_a_machine():
    faults = [
        f"{path}:{number}: {found.group()}"
        for path in text_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if (found := FORBIDDEN.search(line))
    ]
    assert not faults, "\n".join(faults)


def test_no_file_names_this_machine():
    name = socket.gethostname()
    if len(name) < 8 or name.startswith("localhost"):  # an ordinary word would be found everywhere
        return
    assert not [str(path) for path in text_files() if name in text_of(path)]


@pytest.mark.parametrize(
    "line",
    [
        f"https://{PYPI}/simple",
        f"files.{HOSTED}.org",
        DEBIAN,
        f"see /{'wo'}rk/main/sim",
        f"from {SHARED}/data",
        f"/{'ho'}me/someone/model",
        f"--index{'-url'} https://example.org",
    ],
)
def test_the_pattern_sees_what_it_forbids(line: str):
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["a framework/model", "a net/work/hour", f"--no-emit-index{'-url'} ", "sim/work.py"])
def test_the_pattern_leaves_ordinary_text_alone(line: str):
    assert not FORBIDDEN.search(line)


def test_no_module_is_a_drawer():
    named = [str(path) for path in python_files(*FOLDERS) if DRAWERS & set(re.split(r"[_/.]", str(path).lower()))]
    assert not named, "name a module after what it holds"
