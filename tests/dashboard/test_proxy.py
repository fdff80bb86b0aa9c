"""The door on real sockets, with a stand-in behind it that counts what reaches it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from experiments.dashboard import proxy as proxy_module
from experiments.dashboard import typeface
from experiments.dashboard.gate import Gate
from experiments.dashboard.places import Limits, Places, limits_for
from experiments.dashboard.proxy import Proxy

ROOMY = Limits(users=2, users_a_peer=2, sockets=10, sockets_a_peer=10)
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: theirs\r\nAccess-Control-Allow-Origin: *\r\n\r\nok"


class Behind:
    """A server on a Unix socket: answers every head with the same bytes, echoes what comes after an upgrade."""

    def __init__(self, answer: bytes = PLAIN, listens: bool = False) -> None:
        self.answer, self.heads, self.further = answer, list[bytes](), b""
        self.listens = listens or answer is UPGRADED

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        await writer.drain()
        while self.listens and (data := await reader.read(1000)):
            self.further += data
            writer.write(data)


class Door:
    """A proxy that listens, and how a client speaks to it."""

    def __init__(self, proxy: Proxy, port: int) -> None:
        self.proxy, self.port, self.writers = proxy, port, list[asyncio.StreamWriter]()

    async def open(self, text: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(text.replace("\n", "\r\n").encode())
        await writer.drain()
        return reader, writer

    async def ask(self, target: str = "/", further: str = "", host: str | None = None, method: str = "GET") -> bytes:
        """All that comes back for one request."""
        reader, _ = await self.open(f"{method} {target} HTTP/1.1\nHost: {host or self.host}\n{further}\n")
        return await reader.read()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def upgrade(self, origin: str | None = None) -> str:
        return (f"GET /_stcore/stream HTTP/1.1\nHost: {self.host}\nUpgrade: websocket\nConnection: Upgrade\n"
                f"Origin: {origin or 'http://' + self.host}\n\n")  # fmt: skip


def with_door(
    use: Callable[[Door], Awaitable[None]], behind: Behind, limits: Limits = ROOMY, token: str = ""
) -> None:  # fmt: skip
    """Run a test against a door on a free port."""

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "s"
            server = await asyncio.start_unix_server(behind.serve, path)
            proxy = Proxy(Gate(frozenset()), limits, str(path))
            door = await proxy.listen("127.0.0.1", 0)
            port = door.sockets[0].getsockname()[1]
            proxy.gate = Gate(frozenset({f"127.0.0.1:{port}"}), token)
            client = Door(proxy, port)
            try:
                async with asyncio.timeout(20):
                    await use(client)
            finally:
                for writer in client.writers:
                    writer.close()
                door.close()
                server.close()
                others = asyncio.all_tasks() - {asyncio.current_task()}
                if others:  # every side hears that it is over
                    await asyncio.wait(others, timeout=5)
                await asyncio.sleep(0.02)

    asyncio.run(run())


def test_the_page_passes_with_our_headers():
    behind = Behind()

    async def use(door: Door) -> None:
        told = await door.ask("/", "Accept: */*\n")
        assert told.startswith(b"HTTP/1.1 200 OK\r\n")
        assert told.endswith(b"\r\n\r\nok")
        assert b"frame-ancestors 'none'" in told
        assert b"X-Frame-Options: DENY" in told
        assert b"Access-Control-Allow-Origin" not in told
        assert b"theirs" not in told
        assert behind.heads[0].startswith(b"GET / HTTP/1.1\r\n")
        assert b"Connection: close" in behind.heads[0]

    with_door(use, behind)


def test_what_is_refused_never_reaches_the_page():
    behind = Behind(UPGRADED)

    async def use(door: Door) -> None:
        for target, further, host, status in (
            ("/", "", "evil", 403), ("/", "Origin: http://evil\n", None, 403), ("/", "Origin: null\n", None, 403),
            ("/static/../../etc/passwd", "", None, 404), ("//proc/self/root", "", None, 404),
            ("/", "Content-Length: 3\n", None, 400),
        ):  # fmt: skip
            told = await door.ask(target, further, host)
            assert told.startswith(f"HTTP/1.1 {status} ".encode()), (target, further, host, told[:60])
        for origin in ("http://evil", "null", "http://localhost"):
            reader, _ = await door.open(door.upgrade(origin))
            assert (await reader.read()).startswith(b"HTTP/1.1 403 ")
        assert behind.heads == []

    with_door(use, behind)


def test_the_font_comes_from_the_door_itself():
    behind = Behind()

    async def use(door: Door) -> None:
        told, _, body = (await door.ask(typeface.PATH)).partition(b"\r\n\r\n")
        assert told.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: font/otf\r\n")
        assert b"\r\nCache-Control: private, max-age=86400\r\n" in told
        assert b"\r\nX-Content-Type-Options: nosniff\r\n" in told
        assert f"\r\nContent-Length: {len(body)}\r\n".encode() in told
        assert body == typeface.FONT.read_bytes()
        assert await door.ask(typeface.PATH, method="HEAD") == told + b"\r\n\r\n"
        assert (await door.ask(typeface.PATH, method="POST")).startswith(b"HTTP/1.1 405 ")
        assert behind.heads == []

    with_door(use, behind)


def test_the_font_asks_for_the_token_too():
    async def use(door: Door) -> None:
        assert (await door.ask(typeface.PATH)).startswith(b"HTTP/1.1 401 ")
        cookie = f"Cookie: innopolicy_dashboard={door.proxy.gate.cookie}\n"
        assert (await door.ask(typeface.PATH, cookie)).startswith(b"HTTP/1.1 200 ")

    with_door(use, Behind(), token="sixteen-or-more-characters")


def test_a_second_request_behind_the_first_goes_nowhere():
    behind = Behind()

    async def use(door: Door) -> None:
        evil = "GET /_stcore/metrics HTTP/1.1\nHost: evil\n\n"
        reader, writer = await door.open(f"GET / HTTP/1.1\nHost: {door.host}\n\n{evil}")
        told = await reader.read()
        writer.close()
        assert told.count(b"HTTP/1.1 ") == 1
        assert len(behind.heads) == 1

    with_door(use, behind)


def test_a_websocket_goes_both_ways_and_leaves_its_place():
    behind = Behind(UPGRADED)

    async def use(door: Door) -> None:
        reader, writer = await door.open(door.upgrade())
        assert (await reader.readuntil(b"\r\n\r\n")) == UPGRADED
        writer.write(b"hello")
        assert await reader.readexactly(5) == b"hello"
        assert door.proxy.users.taken == 1
        writer.close()
        for _ in range(100):
            if not door.proxy.users.taken and not door.proxy.sockets.taken:
                break
            await asyncio.sleep(0.02)
        assert not door.proxy.users.taken
        assert not door.proxy.sockets.taken
        assert not door.proxy.users.by_peer

    with_door(use, behind)


def test_after_an_upgrade_that_was_not_granted_nothing_more_is_passed_on():
    behind = Behind(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", listens=True)

    async def use(door: Door) -> None:
        reader, writer = await door.open(door.upgrade() + "GET /_stcore/metrics HTTP/1.1\nHost: evil\n\n")
        told = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.close()
        assert told.startswith(b"HTTP/1.1 403 ")
        assert len(behind.heads) == 1
        assert behind.further == b""

    with_door(use, behind)


def test_no_more_users_than_places():
    behind = Behind(UPGRADED)

    async def use(door: Door) -> None:
        inside = [await door.open(door.upgrade()) for _ in range(2)]
        for reader, _ in inside:
            await reader.readuntil(b"\r\n\r\n")
        reader, writer = await door.open(door.upgrade())
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")
        page = await door.ask("/")
        assert page.startswith(b"HTTP/1.1 503 ")
        assert "当前使用人数已满".encode() in page
        writer.close()
        for _, other in inside:
            other.close()

    with_door(use, behind)


def test_no_more_sockets_than_places_and_slow_ones_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proxy_module, "HEAD_SECONDS", 0.4)

    async def use(door: Door) -> None:
        silent = [await door.open("") for _ in range(10)]
        await asyncio.sleep(0.05)
        reader, _ = await door.open("")  # nothing is read of it: it is told and closed at once
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")
        for reader, _ in silent:
            assert await reader.read() == b""  # ended: no head came in time
        assert (await door.ask("/")).startswith(b"HTTP/1.1 200 ")

    with_door(use, Behind(), Limits(users=2, users_a_peer=2, sockets=99, sockets_a_peer=10))


def test_a_head_without_end_is_refused():
    async def use(door: Door) -> None:
        reader, writer = await door.open("GET / HTTP/1.1\nA: " + "a" * 40_000)
        assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
        writer.close()

    with_door(use, Behind())


def test_a_page_that_is_not_there_is_told_without_a_path():
    async def use(door: Door) -> None:
        door.proxy.behind = "/nowhere/at/all.sock"
        told = await door.ask("/")
        assert told.startswith(b"HTTP/1.1 502 ")
        assert b"nowhere" not in told

    with_door(use, Behind())


def test_the_token_opens_the_door_once_and_leaves_the_address():
    behind = Behind()

    async def use(door: Door) -> None:
        assert (await door.ask("/")).startswith(b"HTTP/1.1 401 ")
        told = await door.ask("/?token=sixteen-or-more-characters")
        assert told.startswith(b"HTTP/1.1 303 ")
        assert b"Location: /\r\n" in told
        assert b"HttpOnly; SameSite=Strict" in told
        cookie = told.decode().split("Set-Cookie: ")[1].split(";")[0]
        assert (await door.ask("/", f"Cookie: {cookie}\n")).startswith(b"HTTP/1.1 200 ")
        assert (await door.ask("/?token=sixteen-or-more-characters", host="evil")).startswith(b"HTTP/1.1 403 ")
        assert len(behind.heads) == 1

    with_door(use, behind, token="sixteen-or-more-characters")


def test_places_are_counted_by_peer():
    places = Places(most=3, most_a_peer=2)
    with places.one("a") as first, places.one("a") as second, places.one("a") as third, places.one("b") as other:
        assert (first, second, third, other) == (True, True, False, True)
        assert not places.are_free("c")
    assert places.taken == 0
    assert not places.by_peer


def test_in_public_one_address_takes_no_more_than_its_part():
    assert limits_for(20, is_public=False).users_a_peer == 20
    public = limits_for(20, is_public=True)
    assert public.users == 20
    assert public.users_a_peer == 5
    assert public.sockets_a_peer < public.sockets
