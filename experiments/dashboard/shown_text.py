"""Texts that came from elsewhere, made fit to be shown: no place on this computer, no markup."""

from __future__ import annotations

import re

LONGEST_NAME = 40
_PLACE = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[/\\][\w.@+~-]+){2,}[/\\]?")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:&])")


def without_places(text: str) -> str:
    """A message in which an absolute path is its last part only."""
    return _PLACE.sub(lambda found: re.split(r"[/\\]", found[0].rstrip("/\\"))[-1], text)


def plain(text: str) -> str:
    """A text for places that read Markdown: every mark stands for itself."""
    return _MARKS.sub(r"\\\1", text)


def name_of(text: str, instead: str) -> str:
    """A name that a user gave, printable and short; `instead` where nothing is left of it."""
    kept = "".join(c for c in text if c.isprintable()).strip()[:LONGEST_NAME].strip()
    return kept or instead
