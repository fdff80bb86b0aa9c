"""An empty folder with a secret beside it, where nothing can be started or unpickled without being seen."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from experiments.__main__ import main

HEAD = "# @package _global_\n"


def disarm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder, with a secret in the environment, where starting a program or unpickling fails the test."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SECRET", "do-not-tell")
    for name in ("os.system", "subprocess.Popen.__init__", "pickle.load", "pickle.loads"):
        monkeypatch.setattr(name, lambda *_, _name=name, **__: pytest.fail(f"{_name} was called"))
    return folder


def put(folder: Path, text: str, group: str = "scenario") -> None:
    (folder / "configs" / group).mkdir(parents=True, exist_ok=True)
    (folder / "configs" / group / "mine.yaml").write_text(text, encoding="utf-8")


def said(*arguments: str) -> tuple[int, str]:
    """Exit code and stderr of a command."""
    err = io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        return main(list(arguments)), err.getvalue()
