"""Draws of a fit for tests: nothing that ships is asked for, and nothing is remembered from one test to the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from experiments.draws import variation


def _forget() -> None:
    variation._draws_of.cache_clear()
    variation._draw_id.cache_clear()


@pytest.fixture
def shipped_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stand-in's tables instead of those that ship."""
    monkeypatch.setattr(variation, "POSTERIOR", "tests.draws.shipped_draws")
    _forget()
    yield
    _forget()
