"""What a store's runs were made by: digests of the model, of the catalogue and of the scenarios, and library versions.

Kept in origin.json since the first run. Runs made by other code lie under other ids, so nothing wrong is ever reused;
but a study that goes on after a change would mix two models in one folder, so it is refused until somebody says which
of both is meant: --new-store puts the old folder aside, --accept-changed goes on and notes what changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sim
from experiments.durable import told as told_of
from experiments.plan import Plan
from experiments.sealed_json import is_text, read_sealed, sealed_text
from experiments.store import Store, StoreError, write_file

FILE = "origin.json"
DECIDING = ("mesa", "numba", "numpy")  # libraries that could change a number
SHOWN = 8
NOT_PART = ("replicates=", "workers=", "results=", "study=", "machine=", "time_limit=", "most_runs=")


@dataclass(frozen=True)
class Origin:
    """What decides the numbers of a study.

    Attributes
    ----------
    request : the overrides that ask for the points, without those that only say how many or where.
    points : scenario to a digest of its points; compared where the request is the same.
    files : model and catalogue files with their digests; libraries : name to version.
    accepted : changes that somebody accepted before, oldest first.
    """

    request: list[str]
    points: dict[str, str]
    files: dict[str, str]
    libraries: dict[str, str]
    accepted: list[list[str]] = field(default_factory=list)


def origin_of(plan: Plan, overrides: Sequence[str]) -> Origin:
    """The origin of a plan, as things stand now."""
    request = sorted(text for text in overrides if not text.startswith(NOT_PART))
    by_base: dict[str, list[str]] = {}
    for point in plan.points:
        by_base.setdefault(point.base, [plan.variation.digest(plan.seed)]).append(point.fingerprint)
    points = {base: hashlib.sha256("".join(prints).encode()).hexdigest()[:16] for base, prints in by_base.items()}
    return Origin(request, points, dict(model_files()), {name: _version(name) for name in DECIDING})


@lru_cache(maxsize=1)
def model_files() -> Mapping[str, str]:
    """Digests of all files of the model and its catalogue, by path inside the package."""
    folder = Path(sim.__file__).parent
    paths = [path for path in folder.rglob("*") if path.suffix in (".py", ".csv")]
    return {
        f"sim/{path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(paths)
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def changes(old: Origin, new: Origin) -> list[str]:
    """What changed, one line each."""
    told = [f"{name} {_how(old.files, new.files, name)}" for name in _different(old.files, new.files)]
    told += [
        f"{name} {old.libraries.get(name, 'none')} -> {new.libraries.get(name, 'none')}"
        for name in _different(old.libraries, new.libraries)
    ]
    if old.request == new.request and not told:  # a changed catalogue changes every scenario: said already
        told += [f"scenario {name} {_how(old.points, new.points, name)}" for name in _different(old.points, new.points)]
    return told


def _different(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _how(old: Mapping[str, str], new: Mapping[str, str], name: str) -> str:
    return "is new" if name not in old else "is gone" if name not in new else "changed"


def read_origin(store: Store) -> Origin | None:
    """The origin of a store; None when it has none. Raises StoreError when it cannot be read."""
    path = store.folder / FILE
    if not path.exists():
        return None
    try:
        return Origin(**read_sealed(path))
    except TypeError:
        raise StoreError(f"{path}: is damaged: its keys are not those of an origin") from None


def settle_origin(store: Store, new: Origin, flags: Collection[str]) -> None:
    """Refuse, renew or accept a store that was made by something else, and note the origin.

    flags : --new-store or --accept-changed, as given. Raises StoreError.
    """
    if "--new-store" in flags:
        _renew(store, new)
    old, told = _compared(store, new)
    if told and "--accept-changed" not in flags:
        listed = "; ".join(told[:SHOWN]) + (f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else "")
        raise StoreError(f"{store.folder}: its runs were made by something else: {listed}. --new-store (before the"
                         " verb) puts the folder aside and starts anew, --accept-changed goes on in it")  # fmt: skip
    accepted = [*(old.accepted if old else []), *([told] if told else [])]
    text = sealed_text(asdict(replace(new, accepted=accepted)))
    path = store.folder / FILE
    if not is_text(path, text):
        write_file(path, text)


def _compared(store: Store, new: Origin) -> tuple[Origin | None, list[str]]:
    """The origin of the store, and what changed since; a damaged one tells nothing, which is a change."""
    try:
        old = read_origin(store)
    except StoreError as damaged:
        return None, [str(damaged)] if store.sealed() else []
    return old, changes(old, new) if old and store.sealed() else []


def _renew(store: Store, new: Origin) -> None:
    """Put the folder's content aside where it was made by something else, or where nobody can tell."""
    try:
        old = read_origin(store)
    except StoreError:
        old = None
    if store.sealed() and (old is None or changes(old, new)):
        _put_aside(store)


def _put_aside(store: Store) -> Path:
    """Rename what a store holds to <study>.old-<n>, the first n that is free; the lock stays where it is."""
    number = 1
    while (aside := store.folder.with_name(f"{store.folder.name}.old-{number}")).exists():
        number += 1
    with told_of(aside, "the old store cannot be put aside"):
        aside.mkdir()
        for path in sorted(store.folder.iterdir()):
            if path.name != ".lock":
                path.replace(aside / path.name)
    return aside
