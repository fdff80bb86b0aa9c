"""What we ask of the world: scenarios, runs, stores, scorecards and reports. All input and output lives here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.compose import load_scenario

__all__ = ["load_scenario"]


def __getattr__(name: str) -> Any:
    """`from experiments import load_scenario`, without loading Hydra for those who do not need it."""
    if name == "load_scenario":
        from experiments.compose import load_scenario

        return load_scenario
    raise AttributeError(f"module 'experiments' has no attribute {name!r}")
