"""The door of the dashboard: takes every connection, asks the gate, and passes on what may pass, one request each.

A connection carries one request or one WebSocket, so that nothing slips through behind a request that was checked.
What stands behind is reached by a Unix socket in a folder of this user alone: no page can go around the door.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from typing import Any

from experiments.dashboard import typeface
from experiments.dashboard.gate import COOKIE, Gate, Head, RefusedRequestError, passed_on, read_head
from experiments.dashboard.places import Limits, Places

LONGEST_HEAD = 16_384
HEAD_SECONDS, ANSWER_SECONDS, SLOW_SECONDS = 10.0, 60.0, 30.0  # for a head, for an answer to begin, for a slow reader
CLOSE_SECONDS = 2.0
PIECE = 65_536
MOST_WAITING = 262_144  # bytes that wait for a slow reader
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
OURS = (
    ("Content-Security-Policy", POLICY),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Connection", "close"),
)
NOT_THEIRS = {name.lower() for name, _ in OURS} | {"access-control-allow-origin", "keep-alive", "server"}
REASONS = {200: "OK", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 431: "Too Large", 502: "Bad Gateway", 503: "Service Unavailable"}  # fmt: skip
FULL = ("All places are taken. Please try again in a few minutes.", "当前使用人数已满，请稍后再试。")
NOT_READY = ("The page is not ready yet. Please try again in a moment.", "页面尚未就绪，请稍后再试。")
ASKS_TOKEN = ("Please open the address with the token that you were given.", "请使用管理员提供的带口令的地址访问。")


def answer(status: int, text: str, *further: tuple[str, str]) -> bytes:
    """A whole answer of our own, in plain text."""
    body = f"{text}\n".encode()
    return _answer_head(status, "text/plain; charset=utf-8", len(body), "no-store", *further) + body


def _answer_head(status: int, kind: str, length: int, kept: str, *further: tuple[str, str]) -> bytes:
    """The head of an answer of our own. kept : how long it may be kept, as HTTP says it."""
    headers = [("Content-Type", kind), ("Content-Length", str(length)), ("Cache-Control", kept), *OURS, *further]
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Refused')}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def dressed(head: bytes, is_upgraded: bool) -> bytes:
    """The head of an answer with our own headers for pages; that of an upgrade as it stands."""
    if is_upgraded:
        return head
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower().decode("latin-1") not in NOT_THEIRS]
    ours = [f"{name}: {value}".encode() for name, value in OURS]
    return b"\r\n".join([first, *kept, *ours]) + b"\r\n\r\n"


class Proxy:
    """Listens, and passes on to the Unix socket `behind` what the gate lets through."""

    def __init__(self, gate: Gate, limits: Limits, behind: str) -> None:
        self.gate, self.behind = gate, behind
        self.sockets = Places(limits.sockets, limits.sockets_a_peer)
        self.users = Places(limits.users, limits.users_a_peer)

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Take connections from now on. Raises OSError where the port is taken."""
        return await asyncio.start_server(self.serve, host, port, limit=LONGEST_HEAD, backlog=128)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, from its first byte to its end."""
        writer.transport.set_write_buffer_limits(high=MOST_WAITING)
        peer = str((writer.get_extra_info("peername") or ("",))[0])
        try:
            with self.sockets.one(peer) as has_place:
                if has_place:
                    await self._request(reader, writer, peer)
                else:
                    await _say(writer, answer(503, "\n".join(FULL), ("Retry-After", "10")))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the other side went away, or was too slow
        except Exception as failed:  # one request must not end the server; its own text may hold what nobody may see
            print(f"error: dashboard: {type(failed).__name__} in a request", file=sys.stderr, flush=True)
        finally:
            await _end(writer)

    async def _request(self, reader: StreamReader, writer: StreamWriter, peer: str) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = read_head(await reader.readuntil(b"\r\n\r\n"))
            if self.gate.gives_token(head) and (head.one("host") or "").lower() in self.gate.hosts:
                await _say(writer, self._welcome())
                return
            self.gate.check(head)
        except asyncio.LimitOverrunError:
            await _say(writer, answer(431, "the head is too long"))
            return
        except RefusedRequestError as refused:
            told = "\n".join(ASKS_TOKEN) if refused.status == 401 else refused.told
            await _say(writer, answer(refused.status, told))
            return
        if head.path == typeface.PATH:
            await _give_font(writer, is_head=head.method == "HEAD")
            return
        await self._admit(head, reader, writer, peer)

    def _welcome(self) -> bytes:
        """The answer to who brings the token: a cookie, and the page without the token in its address."""
        cookie = f"{COOKIE}={self.gate.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400"
        return answer(303, "welcome", ("Location", "/"), ("Set-Cookie", cookie))

    async def _admit(self, head: Head, reader: StreamReader, writer: StreamWriter, peer: str) -> None:
        """Pass on a request; a WebSocket is a user and needs a place, and so does who opens the page."""
        if head.path == "/" and not self.users.are_free(peer):
            await _say(writer, answer(503, "\n".join(FULL), ("Retry-After", "30")))
            return
        if not head.is_upgrade:
            await self._pass(head, reader, writer)
            return
        with self.users.one(peer) as has_place:
            if has_place:
                await self._pass(head, reader, writer)
            else:
                await _say(writer, answer(503, "\n".join(FULL), ("Retry-After", "30")))

    async def _pass(self, head: Head, reader: StreamReader, writer: StreamWriter) -> None:
        """Hand the head on, and the answer back; after an upgrade, whatever either side says."""
        try:
            theirs, ours = await asyncio.open_unix_connection(self.behind, limit=4 * LONGEST_HEAD)
        except OSError:
            await _say(writer, answer(502, "\n".join(NOT_READY), ("Retry-After", "2")))
            return
        ours.transport.set_write_buffer_limits(high=MOST_WAITING)
        try:
            ours.write(passed_on(head))
            async with asyncio.timeout(ANSWER_SECONDS):
                told = await theirs.readuntil(b"\r\n\r\n")
            is_upgraded = head.is_upgrade and told.startswith(b"HTTP/1.1 101 ")
            await _say(writer, dressed(told, is_upgraded))
            if is_upgraded:
                await _both(_pump(reader, ours), _pump(theirs, writer))
            else:
                await _both(_pump(theirs, writer), _until_gone(reader))
        finally:
            await _end(ours)


async def _say(writer: StreamWriter, data: bytes) -> None:
    """Write, and wait until it is taken. Raises TimeoutError for a reader that takes nothing for long."""
    writer.write(data)
    async with asyncio.timeout(SLOW_SECONDS):
        await writer.drain()


async def _give_font(writer: StreamWriter, is_head: bool) -> None:
    """The font of the page, piece by piece, as a slow reader takes it; its head alone where no more is asked for."""
    data = typeface.data()
    await _say(writer, _answer_head(200, typeface.KIND, len(data), typeface.KEPT))
    for first in () if is_head else range(0, len(data), PIECE):
        await _say(writer, data[first : first + PIECE])


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    """Everything that one side says to the other, until it says no more."""
    while data := await reader.read(PIECE):
        await _say(writer, data)


async def _until_gone(reader: StreamReader) -> None:
    """Return when the other side goes away; what it says until then is not heard: a connection asks once."""
    while await reader.read(PIECE):
        pass


async def _both(*pumps: Coroutine[Any, Any, None]) -> None:
    """Run both directions until one of them ends."""
    tasks = [asyncio.create_task(pump) for pump in pumps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _end(writer: StreamWriter) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(OSError):
        writer.close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await writer.wait_closed()
        except TimeoutError:
            writer.transport.abort()  # it takes nothing: what waits for it is dropped
