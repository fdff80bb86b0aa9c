"""Many users at once, through the door: no error, places that come free again, and answers in good time.

Twenty users for twenty seconds; LOAD_SECONDS=180 makes it three minutes. What took how long is printed (pytest -s),
the first fifteen seconds apart: then all users come at once, and what they ask for has not been run yet.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus, WebSocketException

from experiments.dashboard.wording import WORDS
from tests.browser.light_user import LightUser, Took, arrive
from tests.browser.served import Served, command_of, dashboard

USERS = 20
SECONDS = float(os.environ.get("LOAD_SECONDS", "20"))
CHINESE = 1
PAUSE = 1.0
PARTS = ("result", "past", "about", "compare", "design")
FIRST_SECONDS = 15.0
MIXES = 5  # different ones: users find each other's runs


def word(key: str) -> str:
    return WORDS[key][CHINESE]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with dashboard(tmp_path_factory.mktemp("load"), f"users={USERS}") as found:
        yield found


async def one_user(url: str, number: int, until: float) -> LightUser:
    """A user who goes round and round; what ends the visit before its time is noted as a fault."""
    user = await arrive(url)
    try:
        while time.monotonic() < until:
            await _round(user, number, until)
    except (OSError, TimeoutError, WebSocketException) as failed:
        user.faults.append(f"{type(failed).__name__}: {failed}")
    finally:
        await user.socket.close()
    if not user.results:
        user.faults.append("not one result was seen")
    return user


async def _round(user: LightUser, number: int, until: float) -> None:
    """Choose a seed, run, look at the result as it comes, and at the other parts."""
    seed = user.find("number_input", word("seed"))
    await user.turn(WidgetState(id=seed.id, int_value=number % MIXES + 1))
    button, began = user.find("button", word("run")), time.monotonic()
    await user.turn(WidgetState(id=button.id, trigger_value=True))
    await _look_until_there(user, until)
    user.results.append((began, time.monotonic() - began))
    for part in PARTS:
        await asyncio.sleep(PAUSE)
        await user.turn(WidgetState(id=user.find("radio", word("page")).id, string_value=word(part)))


async def _look_until_there(user: LightUser, until: float) -> None:
    """Look at the page now and then until the result stands on it."""
    while word("summary") not in user.texts():
        if time.monotonic() > until + 60.0:
            user.faults.append("no result")
            return
        await asyncio.sleep(PAUSE)
        await user.turn()


def memory(served: Served) -> float:
    """MB of all processes of the dashboard."""
    pages = 0
    for pid in served.processes():
        path = Path(f"/proc/{pid}/statm")
        pages += int(path.read_text().split()[1]) if path.exists() else 0
    return pages * resource.getpagesize() / 1e6


def line_of(name: str, took: list[Took]) -> str:
    """How many, and how long: the median, what 95 % stay below, the longest."""
    seconds = [one for _, one in took]
    if not seconds:
        return f"  {name:<38} none"
    half, most = np.quantile(seconds, (0.5, 0.95))
    return f"  {name:<38} {len(seconds):>6}   p50 {half:6.2f} s   p95 {most:6.2f} s   max {max(seconds):6.2f} s"


def print_figures(users: list[LightUser], faults: list[str], began: float, megabytes: float) -> None:
    """What took how long, those that began in the first seconds apart from the others; faults; memory."""
    print(f"\nload: {USERS} users for {SECONDS:.0f} s, {MIXES} different mixes, {len(os.sched_getaffinity(0))} cores")
    kinds = {"pass over the page": [one for user in users for one in user.passes],
             "button to first figures": [one for user in users for one in user.results]}  # fmt: skip
    for kind, took in kinds.items():
        print(line_of(f"{kind}, first {FIRST_SECONDS:.0f} s", [one for one in took if one[0] < began + FIRST_SECONDS]))
        print(line_of(f"{kind}, afterwards", [one for one in took if one[0] >= began + FIRST_SECONDS]))
    print(f"  {'errors':<38} {len(faults):>6}")
    print(f"  {'memory of all processes':<38} {megabytes:>6.0f} MB", flush=True)


def test_twenty_users_without_an_error(served: Served):
    async def all_of_them(began: float) -> list[LightUser | BaseException]:
        visits = (one_user(served.url, number, began + SECONDS) for number in range(USERS))
        return await asyncio.gather(*visits, return_exceptions=True)

    began = time.monotonic()
    visits = asyncio.run(all_of_them(began))
    users = [visit for visit in visits if isinstance(visit, LightUser)]
    faults = [fault for user in users for fault in user.faults] + [repr(v) for v in visits if isinstance(v, Exception)]
    print_figures(users, faults, began, memory(served))
    assert faults == []
    assert len(users) == USERS
    assert "error" not in served.log, served.log
    assert len(list(served.folder.glob("results/dashboard/*/manifest.json"))) >= min(MIXES, 2)


def test_no_more_users_than_places_and_they_come_free(served: Served):
    async def crowd() -> None:
        inside = [await arrive(served.url) for _ in range(USERS)]
        with pytest.raises(InvalidStatus) as refused:
            await arrive(served.url)
        assert refused.value.response.status_code == 503
        await inside[0].socket.close()
        await asyncio.sleep(1.0)
        again = await arrive(served.url)
        for user in (*inside[1:], again):
            await user.socket.close()

    asyncio.run(crowd())


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://evil.example", "127.0.0.1"), ("null", "127.0.0.1"), (None, "evil.example")],
    ids=["origin", "null", "host"],
)
def test_a_foreign_page_gets_no_socket(served: Served, origin: str | None, host: str):
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(arrive(served.url, origin, host))
    assert refused.value.response.status_code == 403


def test_nobody_else_on_this_computer_reaches_the_page_around_the_door(served: Served):
    """The server behind listens on no port: whatever listens is the door."""
    listening = set()
    sockets = {str(path.readlink()) for pid in served.processes() for path in Path(f"/proc/{pid}/fd").glob("*")
               if path.is_symlink()}  # fmt: skip
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in sockets:
                listening.add((parts[1].split(":")[0], int(parts[1].split(":")[1], 16)))
    assert listening == {("0100007F", served.port)}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_nothing_is_left_when_the_command_ends(tmp_path: Path, number: signal.Signals):
    with dashboard(tmp_path, is_warm=False) as served:
        time.sleep(3.0)  # workers start
        before = served.processes()
        assert any("dashboard.inner" in command for command in before.values())
        served.process.send_signal(number)
        served.process.wait(20)
        end = time.monotonic() + 20.0
        while left := {pid for pid, command in before.items() if command and command_of(pid) == command}:
            assert time.monotonic() < end, {pid: before[pid] for pid in left}
            time.sleep(0.2)
    assert "Traceback" not in served.log
