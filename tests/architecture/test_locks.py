"""The locks: every requirement is pinned with hashes, none names a host, and both Mesas are there."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT

LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[0-9][^\s;\\]*)(?: ; (?P<marker>[^\\]+))?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries(lock: str) -> list[tuple[str, list[str]]]:
    """Each requirement with its options, comments left out and continued lines joined."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = [re.split(r"\s*\\\n\s*", entry.strip()) for entry in re.split(r"(?<!\\)\n", text) if entry.strip()]
    return [(parts[0].strip(), parts[1:]) for parts in joined]


def versions(lock: str) -> dict[tuple[str, str], str]:
    """Version by name and marker."""
    pins = [PIN.match(requirement) for requirement, _ in entries(lock)]
    return {(pin["name"], (pin["marker"] or "").strip()): pin["version"] for pin in pins if pin}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_has_hashes(lock: str):
    assert entries(lock)
    for requirement, options in entries(lock):
        assert PIN.match(requirement), requirement
        assert options, f"{requirement} has no hash"
        assert all(HASH.match(option) for option in options), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_line_names_a_host_or_a_file(lock: str):
    for number, line in enumerate((ROOT / lock).read_text(encoding="utf-8").splitlines(), start=1):
        assert not re.search(r"://|\bfile:| @ |^\s*-(?!-hash=)|[a-z0-9-]+\.(org|com|net|io|cn)\b|/\w+/", line), (
            f"{lock}:{number}: {line}"
        )


def test_mesa_is_locked_once_for_each_side_of_python_3_12():
    mesa = {marker: version for (name, marker), version in versions("requirements.lock").items() if name == "mesa"}
    assert set(mesa) == {"python_full_version < '3.12'", "python_full_version >= '3.12'"}
    assert mesa["python_full_version < '3.12'"].startswith("3.3.")
    assert mesa["python_full_version >= '3.12'"].startswith("3.5.")


def test_the_locks_agree():
    run, dev, build = (
        versions("requirements.lock"),
        versions("requirements-dev.lock"),
        versions("requirements-build.lock"),
    )
    assert run.items() <= dev.items(), "tests must run with what users run with"
    for (name, marker), version in build.items():
        assert {found for (other, _), found in dev.items() if other == name} <= {version}, (name, marker)


def test_the_tools_that_build_a_source_package_are_locked():
    assert {"setuptools", "wheel"} <= {name for name, _ in versions("requirements-build.lock")}
