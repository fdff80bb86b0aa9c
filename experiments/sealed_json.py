"""JSON files that tell when they were damaged: the last key is a digest of all others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.durable import StoreError
from sim.scenario_values import shown

SEAL = "seal"


def _seal(told: Mapping[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def sealed_text(told: Mapping[str, Any]) -> str:
    """A JSON object with its seal."""
    plain = json.loads(json.dumps(told, ensure_ascii=False))
    return json.dumps({**plain, SEAL: _seal(plain)}, indent=1, ensure_ascii=False) + "\n"


def read_sealed(path: Path) -> dict[str, Any]:
    """What a sealed JSON file says, without the seal. Raises StoreError when it is not there or was damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or told.pop(SEAL, None) != _seal(told):
            raise ValueError("its seal is not that of its content")
    except (OSError, ValueError, RecursionError) as wrong:
        raise StoreError(f"{path}: is damaged: {shown(str(wrong).splitlines()[0])}") from None
    return told


def is_text(path: Path, text: str) -> bool:
    """Whether a file holds this text already."""
    return is_bytes(path, text.encode())


def is_bytes(path: Path, content: bytes) -> bool:
    """Whether a file, and no link to one, holds these bytes already."""
    try:
        return path.read_bytes() == content and not path.is_symlink()
    except OSError:
        return False
