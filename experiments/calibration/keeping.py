"""The folder of a fit: what decides its numbers is noted when it begins, and nothing else is mixed in later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path

from experiments.calibration.generations import DATABASE
from experiments.calibration.priors import Prior
from experiments.calibration.priors import digest as digest_of_priors
from experiments.calibration.request import CalibrateRequest
from experiments.calibration.targets import Target
from experiments.calibration.targets import digest as digest_of_targets
from experiments.durable import StoreError, told, write_file
from experiments.origin import model_files
from experiments.sealed_json import read_sealed, sealed_text
from sim.scenario_values import ScenarioError

FILE = "origin.json"
LIBRARIES = ("numba", "numpy", "pyabc")
SHOWN = 6  # differences that a message names


def origin_of(
    request: CalibrateRequest, targets: tuple[Target, ...], priors: tuple[Prior, ...]
) -> dict[str, str]:  # fmt: skip
    """All that decides the numbers of a fit, by name. How far it goes and where it runs is not in it."""
    settings = {
        "targets": digest_of_targets(targets),
        "priors": digest_of_priors(priors),
        "until": str(request.until),
        "population.k": str(request.k),
        "population_size": str(request.population_size),
        "seed": str(request.seed),
    }
    return {**settings, **{name: version(name) for name in LIBRARIES}, **model_files()}


def settle(folder: Path, origin: Mapping[str, str], flags: Collection[str]) -> None:
    """Note what makes the fit, or refuse to go on with one that something else made.

    flags : --new-store puts such a fit aside. Raises StoreError; ScenarioError for --accept-changed, since a fit to two
    models fits neither.
    """
    if "--accept-changed" in flags:
        raise ScenarioError(["calibrate: --accept-changed has no meaning: a fit to two models fits neither"])
    with told(folder, "cannot be made"):
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    different = _different(path, origin) if (folder / DATABASE).exists() else []
    if different and "--new-store" not in flags:
        listed = "; ".join(different[:SHOWN]) + (f"; and {len(different) - SHOWN} more" if different[SHOWN:] else "")
        raise StoreError(f"{folder}: its fit was made by something else: {listed}. --new-store (before the verb) puts"
                         " the folder aside and starts anew")  # fmt: skip
    if different:
        put_aside(folder)
    write_file(path, sealed_text(dict(origin)))


def _different(path: Path, origin: Mapping[str, str]) -> list[str]:
    """What is not as it was, one text each."""
    try:
        before = read_sealed(path)
    except StoreError as damaged:
        return [str(damaged)]
    return [
        f"{name} {before.get(name, 'none')} -> {origin.get(name, 'none')}"
        for name in dict.fromkeys((*origin, *before))
        if before.get(name) != origin.get(name)
    ]


def put_aside(folder: Path) -> Path:
    """Rename what a folder holds to <folder>.old-<n>, the first n that is free; the lock stays where it is."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.old-{number}")).exists():
        number += 1
    with told(aside, "the old fit cannot be put aside"):
        aside.mkdir()
        for path in sorted(folder.iterdir()):
            if path.name != ".lock":
                path.replace(aside / path.name)
    return aside
