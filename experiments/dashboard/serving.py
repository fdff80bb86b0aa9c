"""Puts the parts together: the door, the page's own server behind it, the engine, its warm workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

from experiments.dashboard.command import TOKEN, Service
from experiments.dashboard.control import Desk
from experiments.dashboard.crew import Crew
from experiments.dashboard.engine import Engine
from experiments.dashboard.proxy import Proxy
from experiments.dashboard.selection import Selection
from experiments.dashboard.surroundings import ENVIRONMENT
from experiments.store import Store, StoreError

LONGEST_SOCKET = 100  # bytes that a system takes for the path of a Unix socket
START_SECONDS, END_SECONDS = 90.0, 5.0
WAITING_A_USER = 2


@dataclass(frozen=True)
class Doors:
    """Paths of the two sockets."""

    page: Path
    desk: Path


def serve(service: Service) -> int:
    """Serve until interrupted. 0 then, 1 when the page's own server ended; raises StoreError for what cannot be had."""
    Store(service.results / "dashboard").probe()
    with tempfile.TemporaryDirectory(prefix="innopolicy-") as folder:
        doors = Doors(Path(folder) / "page.sock", Path(folder) / "desk.sock")
        if len(os.fsencode(doors.desk)) > LONGEST_SOCKET:
            raise StoreError("the folder for temporary files has too long a path for a Unix socket; set TMPDIR")
        return asyncio.run(_serve(service, doors))


async def _serve(service: Service, doors: Doors) -> int:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    crew = Crew(service.workers, max(1, service.workers // service.runs))
    waiting = WAITING_A_USER * service.limits.users
    engine = Engine(service.results, crew, service.runs, waiting, time_limit=float(service.time_limit))
    desk = await Desk(engine, crew.is_ready.is_set).listen(doors.desk)
    proxy = Proxy(service.gate, service.limits, str(doors.page))
    try:
        try:
            door = await proxy.listen(service.host, service.port)
        except OSError as taken:
            told = taken.strerror or str(taken)
            raise StoreError(f"host={service.host} port={service.port} cannot be listened on: {told}") from None
        page = await _start_page(service, doors)
        threading.Thread(target=_warm, args=(crew, engine), daemon=True).start()
        try:
            return await _until_the_end(service, page, stop)
        finally:
            door.close()
            await _end_page(page)
    finally:
        desk.close()
        engine.close()
        crew.close()


def _warm(crew: Crew, engine: Engine) -> None:
    """Compile, warm the workers, then run the reference as it is usually asked for."""
    try:
        crew.start()
    except Exception as failed:
        print(f"error: dashboard: {type(failed).__name__}: {failed}", file=sys.stderr, flush=True)
        return
    usual = Selection()
    with contextlib.suppress(RuntimeError):  # the end came first: nothing more is taken
        engine.submit([usual.texts()], usual.replicates)


async def _start_page(service: Service, doors: Doors) -> Process:
    told = {"desk": str(doors.desk), "results": str(service.results.absolute()), "past": service.past}
    environment = {key: value for key, value in os.environ.items() if key != TOKEN and not key.startswith("STREAMLIT_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "experiments.dashboard.inner", str(doors.page), str(service.port),
        *sorted(service.gate.hosts),
        stdin=PIPE, stdout=DEVNULL, env=environment | {ENVIRONMENT: json.dumps(told)}, start_new_session=True,
    )  # fmt: skip


async def _until_the_end(service: Service, page: Process, stop: asyncio.Event) -> int:
    """Say where the page is once it answers; wait for an interrupt, or for its server to end."""
    ended, stopped = asyncio.create_task(page.wait()), asyncio.create_task(stop.wait())
    said = asyncio.create_task(_say_where(service))
    await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
    said.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await said
    if ended.done() and not stopped.done():
        print("error: dashboard: the page's server ended by itself", file=sys.stderr, flush=True)
        stopped.cancel()
        return 1
    return 0


async def _say_where(service: Service) -> None:
    """Print the address as soon as the page answers through the door."""
    name = next(iter(sorted(service.gate.hosts, key=lambda host: not host.startswith("127."))))
    for _ in range(int(START_SECONDS / 0.25)):
        if await _answers(service, name):
            asks = "  (with ?token=... once)" if service.gate.token else ""
            print(f"dashboard: http://{name}/{asks}   Ctrl-C ends it", flush=True)
            return
        await asyncio.sleep(0.25)
    print("error: dashboard: the page does not answer yet", file=sys.stderr, flush=True)


async def _answers(service: Service, name: str) -> bool:
    """Whether the page behind the door is well."""
    host = "127.0.0.1" if service.host in ("0.0.0.0", "localhost") else service.host
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection(host, service.port)
        cookie = f"Cookie: innopolicy_dashboard={service.gate.cookie}\r\n" if service.gate.token else ""
        writer.write(f"GET /_stcore/health HTTP/1.1\r\nHost: {name}\r\n{cookie}\r\n".encode())
        first = await reader.readline()
        writer.close()
        return b" 200 " in first
    return False


async def _end_page(page: Process) -> None:
    """End the page's server, and everything that it started."""
    if page.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            page.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await page.wait()
    if page.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            page.kill()
        await page.wait()
