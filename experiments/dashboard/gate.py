"""Decides about the head of one HTTP request before anything is passed on: its form, host, origin, path and token.

The page behind offers no hook for all of this. So a request that is not plainly one of a browser that has our own page
open goes no further: what is not on a list is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from experiments.dashboard import typeface

COOKIE = "innopolicy_dashboard"
STREAM = "/_stcore/stream"
FILES = frozenset(
    {"/", "/index.html", "/favicon.png", "/manifest.json", "/_stcore/health", "/_stcore/host-config", typeface.PATH}
)
FOLDERS = ("/static/", "/media/", "/app/static/", "/vendor/")
MOST_HEADERS = 100
LONGEST_TARGET = 4000
_REQUEST = re.compile(r"([A-Z]{1,20}) (\S+) HTTP/1\.1")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)")
_PATH = re.compile(r"/(?:[A-Za-z0-9_~+@,=-][A-Za-z0-9_.~+@,=-]*/?|%20)*")
_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "forwarded", "via"})


class RefusedRequestError(Exception):
    """A request that goes no further: the status, and why in a few words that say nothing about this machine."""

    def __init__(self, status: int, told: str) -> None:
        self.status, self.told = status, told
        super().__init__(f"{status} {told}")


@dataclass(frozen=True)
class Head:
    """The head of a request: method, target as it stands in the first line, and headers in their order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return self.target.partition("?")[2]

    def all(self, name: str) -> list[str]:
        """All values of a header, by its name in small letters."""
        return [value for key, value in self.headers if key.lower() == name]

    def one(self, name: str) -> str | None:
        """The value of a header that may stand once; None where it does not. Raises RefusedRequestError."""
        values = self.all(name)
        if len(values) > 1:
            raise RefusedRequestError(400, f"several {name} headers")
        return values[0] if values else None

    @property
    def is_upgrade(self) -> bool:
        """Whether the request asks for another protocol on this connection."""
        return bool(self.all("upgrade"))


@dataclass(frozen=True)
class Gate:
    """What is let through.

    Attributes
    ----------
    hosts : Host headers that are ours, in small letters, with the port where it is not that of the scheme.
    token : who does not know it gets nothing; empty: none is asked for.
    schemes : of our own pages' origins; https where a server in front adds it.
    """

    hosts: frozenset[str]
    token: str = ""
    schemes: tuple[str, ...] = ("http",)

    def check(self, head: Head) -> None:
        """Return for a request that may pass. Raises RefusedRequestError."""
        if head.method not in ("GET", "HEAD"):
            raise RefusedRequestError(405, "only GET and HEAD")
        if head.all("transfer-encoding") or head.one("content-length") not in (None, "0") or head.all("expect"):
            raise RefusedRequestError(400, "no body is taken")
        host = (head.one("host") or "").lower()
        if host not in self.hosts:
            raise RefusedRequestError(403, "unknown host")
        self._check_origin(head, host)
        check_path(head)
        if head.is_upgrade:
            _check_upgrade(head)
        elif head.path == STREAM:
            raise RefusedRequestError(404, "not found")
        if not self.knows(head):
            raise RefusedRequestError(401, "a token is needed")

    def _check_origin(self, head: Head, host: str) -> None:
        """A page of another origin may open us in a tab of its own, and do nothing else."""
        origin = head.one("origin")
        if origin is None and head.is_upgrade:
            raise RefusedRequestError(403, "no origin")
        if origin is not None and origin.lower() not in {f"{scheme}://{host}" for scheme in self.schemes}:
            raise RefusedRequestError(403, "foreign origin")
        is_tab = head.one("sec-fetch-mode") == "navigate" and head.one("sec-fetch-dest") == "document"
        if head.one("sec-fetch-site") in ("cross-site", "same-site") and not (is_tab and not head.is_upgrade):
            raise RefusedRequestError(403, "asked for by a foreign page")

    def knows(self, head: Head) -> bool:
        """Whether a request bears the cookie of somebody who gave the token, or none is asked for."""
        if not self.token:
            return True
        given = [part.strip().partition("=") for value in head.all("cookie") for part in value.split(";")]
        return any(name == COOKIE and _same(value, self.cookie) for name, _, value in given)

    def gives_token(self, head: Head) -> bool:
        """Whether a visit to the first page brings the token: /?token=..."""
        given = parse_qs(head.query, max_num_fields=20).get("token", [""])[0] if head.path == "/" else ""
        return bool(self.token) and _same(given, self.token)

    @property
    def cookie(self) -> str:
        """What the cookie holds: it follows from the token, and the token does not follow from it."""
        return hmac.new(self.token.encode(), b"cookie of the dashboard", hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _check_upgrade(head: Head) -> None:
    """Only to a WebSocket, and only where the page has its one."""
    asked = {part.strip().lower() for value in head.all("connection") for part in value.split(",")}
    is_socket = (head.one("upgrade") or "").lower() == "websocket" and "upgrade" in asked and head.method == "GET"
    if not is_socket or head.all("http2-settings"):
        raise RefusedRequestError(400, "no such protocol")
    if head.path != STREAM:
        raise RefusedRequestError(404, "not found")


def check_path(head: Head) -> None:
    """A path on the list, in its one plain form: no dots as a name, no doubled strokes, nothing encoded.

    Raises RefusedRequestError (404).
    """
    path = head.path
    is_plain = len(head.target) <= LONGEST_TARGET and _PATH.fullmatch(path) and "#" not in head.target
    is_listed = path in FILES or path == STREAM or (path.startswith(FOLDERS) and not path.endswith("/"))
    if not is_plain or not is_listed:
        raise RefusedRequestError(404, "not found")


def read_head(data: bytes) -> Head:
    """The head of a request from its bytes up to the empty line. Raises RefusedRequestError."""
    first, *lines = data.removesuffix(b"\r\n\r\n").decode("latin-1").split("\r\n")
    asked = _REQUEST.fullmatch(first)
    found = [_HEADER.fullmatch(line) for line in lines]
    if asked is None or len(found) > MOST_HEADERS or not all(found):
        raise RefusedRequestError(400, "no request of HTTP/1.1")
    return Head(asked[1], asked[2], tuple((one[1], one[2].strip()) for one in found if one is not None))


def passed_on(head: Head) -> bytes:
    """The head as the page's own server gets it: nothing that speaks about this connection or one before it."""
    kept = [
        (name, value)
        for name, value in head.headers
        if name.lower() not in _HOP and not name.lower().startswith(("x-forwarded", "x-real", "proxy-"))
    ]
    how = [("Connection", "Upgrade"), ("Upgrade", "websocket")] if head.is_upgrade else [("Connection", "close")]
    lines = [f"{head.method} {head.target} HTTP/1.1", *(f"{name}: {value}" for name, value in (*kept, *how))]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
