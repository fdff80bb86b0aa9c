"""Hydra's multirun as one study: a sweeper and a launcher that take all points of `run -m` at once.

Hydra's own sweeper composes every point before the first runs and its launcher runs them one by one, a tenth of a
second each. Ours hand the whole list to the sweep of this program: checked and counted whole, sealed, resumable.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import hydra
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from omegaconf import DictConfig

from experiments.compose import give_frame, search_path
from experiments.overrides import TEXT_KEYS, WHOLE_KEYS, WORD_KEYS
from experiments.scenario_files import shipped_folder
from experiments.sweep import Sweep, run_sweep, sweep_of

NAME = "innopolicy"
HOW = (*WHOLE_KEYS, *WORD_KEYS, *TEXT_KEYS)  # how the study is run: no part of a point, and unknown to Hydra
PACKAGE = "hydra_plugins.innopolicy"  # Hydra takes plugins from packages of this name only; ours needs no folder


@dataclass
class _Study:
    """What the command line asked for, checked before Hydra sees it, and what came of it."""

    sweep: Sweep
    flags: Collection[str]
    code: int | None = None
    failed: BaseException | None = None


_asked: list[_Study] = []


class PointsSweeper(Sweeper):
    """Expands the values of a command line as Hydra does, and gives all points to the launcher at once."""

    def __init__(self) -> None:
        self.launcher: Any = None

    def setup(self, *, hydra_context: Any, task_function: Any, config: DictConfig) -> None:
        """Make the launcher that is configured."""
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        """One batch of all points; nothing is composed and no folder is made."""
        parsed = OverridesParser.create().parse_overrides(overrides=arguments)
        jobs = [job for batch in BasicSweeper.split_arguments(parsed, None) for job in batch]
        return self.launcher.launch(jobs, 0)


class StudyLauncher(Launcher):
    """Runs all points as one study."""

    def setup(self, *, hydra_context: Any, task_function: Any, config: DictConfig) -> None:
        """Nothing: the study knows its points."""

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> list[JobReturn]:
        """Run the study that was asked for. Raises RuntimeError if Hydra made other points of it."""
        study = _asked[-1]
        points = study.sweep.plan.points
        if len(job_overrides) != len(points) + len(study.sweep.duplicates):
            raise RuntimeError(f"Hydra made {len(job_overrides)} points of a command line that says {len(points)}")
        try:
            study.code = run_sweep(study.sweep, study.flags)
        except BaseException as failed:  # Hydra would print it in its own way: it is told by our command line
            study.failed = failed
        return [JobReturn(overrides=list(job), status=JobStatus.COMPLETED) for job in job_overrides]


for plugin in (PointsSweeper, StudyLauncher):
    plugin.__module__ = PACKAGE


def register() -> None:
    """Make sweeper and launcher known to Hydra and choosable as hydra/sweeper and hydra/launcher.

    Hydra looks plugins up by name in the package hydra_plugins, so this module stands there under a second name.
    """
    if importlib.util.find_spec("hydra_plugins") is None:
        sys.modules["hydra_plugins"] = ModuleType("hydra_plugins")
        sys.modules["hydra_plugins"].__path__ = []
    sys.modules[PACKAGE] = sys.modules[__name__]
    for group, found in (("sweeper", PointsSweeper), ("launcher", StudyLauncher)):
        Plugins.instance().register(found)
        node = {"_target_": f"{PACKAGE}.{found.__name__}"}
        ConfigStore.instance().store(group=f"hydra/{group}", name=NAME, node=node, provider=NAME)


def multirun(arguments: Sequence[str], flags: Collection[str]) -> int:
    """Run `run -m KEY=A,B ...` through Hydra. Raises ScenarioError before anything is composed or written."""
    sweep = sweep_of(arguments)
    points = [text for text in arguments if text.split("=")[0] not in HOW]
    if not any("," in text for text in points):  # the grid stands in a file that names the study: nothing to expand
        return run_sweep(sweep, flags)
    give_frame()
    GlobalHydra.instance().clear()
    register()
    study = _Study(sweep, flags)
    _asked[:] = [study]
    # Both ways of saying multirun: Hydra reads the key only from a command line of single values (not scenario=a,b),
    # and warns where the flag says what the key does not.
    ours = ["--multirun", "hydra.mode=MULTIRUN", f"hydra/sweeper={NAME}", f"hydra/launcher={NAME}"]
    sys.argv = ["innopolicy run", *ours, *search_path(), *points]
    hydra.main(config_path=str(shipped_folder()), config_name="config", version_base="1.3")(lambda _: None)()
    if study.failed is not None:
        raise study.failed
    if study.code is None:
        raise RuntimeError("Hydra did not come to the points")
    return study.code
