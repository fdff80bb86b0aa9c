"""`innopolicy dashboard`: a page for planners on this computer, by default for nobody else.

It prints the address and serves until it is interrupted. Runs go into results/dashboard/.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from experiments.dashboard.gate import Gate
from experiments.dashboard.places import Limits, limits_for
from experiments.verb_keys import Key, key_lines, read_keys
from sim.scenario_values import ScenarioError, shown

TOKEN = "INNOPOLICY_DASHBOARD_TOKEN"
SHORTEST_TOKEN = 16
CONSENT = "i_know_this_is_public"
PAST = ("own", "all")
KEYS = {
    "port": Key(8501, "port of the page", 1024, 65535),
    "host": Key("127.0.0.1", "address to listen on; any but this computer's own needs more, see below"),
    "hosts": Key(None, "further names by which the page is asked for, as NAME or NAME:PORT, with commas between"),
    "results": Key("results", "folder of all output; runs of the page lie in its folder dashboard"),
    "users": Key(20, "pages open at the same time", 1, 200),
    "runs": Key(2, "jobs at the same time; further ones wait", 1, 16),
    "workers": Key(None, "worker processes for all jobs; all cores when not given", 1, 1024),
    "time_limit": Key(600, "seconds that one run may take", 1, 100_000),
    "past": Key("own", "past runs that a user is shown: own with those of commands, or all", words=PAST),
    CONSENT: Key("no", "yes: listen on an address that others reach", words=("no", "yes")),
}
BELOW = (
    "",
    "The page can be seen from this computer only. For others: host=ADDRESS hosts=NAME",
    f"{CONSENT}=yes, a secret of {SHORTEST_TOKEN} or more characters in the environment variable",
    f"{TOKEN}, and a server with HTTPS in front. Users open",
    "the address with ?token=SECRET once. Without any of this: ssh -L 8501:127.0.0.1:8501 HOST.",
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?|\[[0-9a-f:.]+\](:[0-9]{1,5})?")


@dataclass(frozen=True)
class Service:
    """How the dashboard is served; checked."""

    host: str
    port: int
    gate: Gate
    limits: Limits
    results: Path
    runs: int
    workers: int
    time_limit: int
    past: str


def is_own(host: str) -> bool:
    """Whether an address is this computer's own, which nobody else reaches."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def service_of(arguments: Sequence[str]) -> Service:
    """The checked request of a command line. Raises ScenarioError, one line per fault."""
    given = read_keys(arguments, KEYS)
    host, port, token = given["host"].lower(), given["port"], os.environ.get(TOKEN, "")
    named = [name.strip().lower() for name in (given["hosts"] or "").split(",") if name.strip()]
    faults = [f"override: hosts = {shown(name)} is no name of a host" for name in named if not _HOST.fullmatch(name)]
    if not is_own(host):
        faults += _faults_of_public(given[CONSENT], host, named, token)
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        faults.append(f"environment: {TOKEN} must be {SHORTEST_TOKEN} or more plain characters")
    if faults:
        raise ScenarioError(faults)
    workers = given["workers"] or len(os.sched_getaffinity(0))
    own = (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}")
    return Service(
        host, port, Gate(frozenset([*own, *named]), token, ("http", "https") if named else ("http",)),
        limits_for(given["users"], not is_own(host)), Path(given["results"]).expanduser(), given["runs"],
        max(workers, given["runs"]), given["time_limit"], given["past"],
    )  # fmt: skip


def _faults_of_public(consent: str, host: str, named: Sequence[str], token: str) -> list[str]:
    """What is missing for an address that others reach."""
    if consent != "yes":
        told = f"can be reached by others; it needs {CONSENT}=yes, hosts=NAME and a token in {TOKEN}"
        return [f"override: host = {shown(host)} {told}"]
    faults = [] if named else ["override: hosts = nothing: name the hosts by which the page is asked for"]
    return faults if token else [*faults, f"environment: {TOKEN} is empty; a page for others needs a token"]


def refuse_missing() -> None:
    """Raise ScenarioError where the libraries of the page are not installed, or the system has no Unix sockets."""
    if find_spec("streamlit") is None:
        raise ScenarioError(["dashboard: streamlit is not installed; pip install 'innopolicy[dashboard]'"])
    if sys.platform == "win32":
        raise ScenarioError(["dashboard: this system has no Unix sockets, by which the page is reached"])


def help_text() -> str:
    """The keys with unit, range and default."""
    return "\n".join(["usage: innopolicy dashboard [KEY=VALUE ...]", "", *key_lines(KEYS), *BELOW])


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Serve until interrupted; 0 then, 1 when the page's own server ended by itself."""
    service = service_of(arguments)
    refuse_missing()
    from experiments.dashboard.serving import serve

    return serve(service)
