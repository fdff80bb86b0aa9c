"""How the page speaks with the program that started it: one line of JSON asks, one line answers, on a Unix socket.

The socket lies in a folder that only this user may enter. Nothing but texts and numbers passes through it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

LONGEST = 1_000_000
SECONDS = 20.0
Told = dict[str, Any]


class Runner(Protocol):
    """Who carries out jobs: the engine itself, or the way to it."""

    def submit(self, requests: Sequence[Sequence[str]], replicates: int) -> Told:
        """Take a job; tells its state."""

    def state(self, number: str) -> Told:
        """How far a job is."""


class Desk:
    """Hears questions on the socket and lets the engine answer."""

    def __init__(self, engine: Runner, is_ready: Callable[[], bool]) -> None:
        self.engine, self.is_ready = engine, is_ready

    async def listen(self, path: Path) -> asyncio.AbstractServer:
        """Take questions from now on."""
        return await asyncio.start_unix_server(self._serve, path, limit=LONGEST)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            async with asyncio.timeout(SECONDS):
                line = await reader.readline()
            writer.write(json.dumps(self.answer(json.loads(line))).encode() + b"\n")
            await writer.drain()
        writer.close()

    def answer(self, asked: Told) -> Told:
        """The answer to one question."""
        if asked.get("do") == "submit":
            return self.engine.submit(asked["requests"], asked["replicates"])
        if asked.get("do") == "state":
            return self.engine.state(str(asked["number"]))
        return {"ready": self.is_ready()}


class FarEngine:
    """The engine as the page reaches it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def submit(self, requests: Sequence[Sequence[str]], replicates: int) -> Told:
        """Take a job; tells its state. Raises OSError when nobody answers."""
        return self._ask({"do": "submit", "requests": [list(texts) for texts in requests], "replicates": replicates})

    def state(self, number: str) -> Told:
        """How far a job is. Raises OSError when nobody answers."""
        return self._ask({"do": "state", "number": number})

    def is_ready(self) -> bool:
        """Whether workers are warm. Raises OSError when nobody answers."""
        return bool(self._ask({"do": "ready"}).get("ready"))

    def _ask(self, asked: Told) -> Told:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(self.path)
            line.sendall(json.dumps(asked).encode() + b"\n")
            with line.makefile("rb") as answers:
                told: Told = json.loads(answers.readline(LONGEST) or b"{}")
                return told
