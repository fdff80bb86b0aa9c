"""What a scenario is by its content: its canonical form, and the digest by which its runs are known."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_text
from sim.scenario_reading import Dose, Phase
from sim.scenario_values import decimal

if TYPE_CHECKING:
    from sim.scenario import Scenario


def canonical(scenario: Scenario) -> dict[str, Any]:
    """All that decides a run's numbers, sorted, every number in its one decimal form. Names are not in it."""
    forecast = {} if scenario.known_to is None else {"known_to": str(scenario.known_to)}
    return forecast | {
        "start": scenario.start,
        "end": scenario.end,
        "k": decimal(scenario.k),
        "phases": [_canonical_phase(phase) for phase in scenario.phases],
        "mechanism": {address: decimal(value) for address, value in sorted(scenario.mechanism.items())},
        "driver": {
            name: {str(year): decimal(value) for year, value in sorted(years.items())}
            for name, years in sorted(scenario.driver.items())
        },
    }


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 (hex) of the canonical form, the model's version with its code, and the catalogue's digest."""
    content = [canonical(scenario), model_version(), catalogue().digest()]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def model_version() -> str:
    """Release and digest of the model's source, such as 0.1.0+3f9a...: results of other code are other results."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda p: p.relative_to(folder).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:16]}"


def _canonical_dose(value: Dose) -> Any:
    """A dose as text, or a schedule as text by quarter."""
    if isinstance(value, tuple):
        return {quarter_text(when): _canonical_dose(entry) for when, entry in value}
    return value if isinstance(value, str) else decimal(value)


def _canonical_phase(phase: Phase) -> dict[str, Any]:
    """A phase as nested texts, levers and doses in alphabetical order."""
    return {
        "from": quarter_text(phase.first),
        "lever": {
            name: {
                "start": quarter_text(setting.first),
                "end": quarter_text(setting.last),
                **{dose: _canonical_dose(value) for dose, value in sorted(setting.doses.items())},
            }
            for name, setting in sorted(phase.lever.items())
        },
    }
