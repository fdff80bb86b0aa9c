"""What the gate lets through: our own page on our own host, on paths of a list, and nothing else."""

from __future__ import annotations

import pytest

from experiments.dashboard import typeface
from experiments.dashboard.gate import STREAM, Gate, Head, RefusedRequestError, passed_on, read_head

HOST = "127.0.0.1:8501"
GATE = Gate(frozenset({HOST, "localhost:8501"}))
CLOSED = Gate(frozenset({HOST}), token="a token of some length")
SOCKET = {"Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Origin": f"http://{HOST}"}


def head(target: str = "/", method: str = "GET", host: str | None = HOST, **headers: str) -> Head:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    given = {} if host is None else {"Host": host}
    return Head(method, target, tuple((given | named).items()))


def status(gate: Gate, asked: Head) -> int:
    """The status of the refusal; 200 for what may pass."""
    try:
        gate.check(asked)
    except RefusedRequestError as refused:
        return refused.status
    return 200


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/?run=0123456789abcdef0123",
        "/static/js/index.Dorm-vYxC.js",
        "/media/ab12.zip?title=x",
        "/_stcore/health",
        typeface.PATH,
    ],
)
def test_the_page_and_its_files_pass(target: str):
    assert status(GATE, head(target)) == 200


@pytest.mark.parametrize(
    "target",
    [
        "/static/../../etc/passwd", "/static/..", "/static/./a", "/static/%2e%2e/a", "/static/%2E%2E/a",
        "/static%2fa", "/static/%5c..", "/static\\..\\a", "//proc/self/root", "/static//a", "/staticfoo",
        "/static_sibling/a", "/static", "/static/", "/media/", "/_stcore/metrics", "/_stcore/upload_file/a/b",
        "/_stcore/agent/mcp", "/_stcore/stream", "/component/a/b.js", "/etc/passwd", "/static/a%00",
        "/static/a#b", "http://127.0.0.1:8501/", "*", "/static/.hidden", "/" + "a" * 5000, "/..",
        "/favicon.png/", "/fonts/", "/fonts", "/fonts/OFL.txt", "/fonts/../fonts/OFL.txt", typeface.PATH + "/",
        typeface.PATH + "x", "/fonts//" + typeface.PATH.rpartition("/")[2], typeface.PATH.replace(".", "%2e"),
    ],
)  # fmt: skip
def test_no_other_path_passes(target: str):
    assert status(GATE, head(target)) == 404


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil",
        "evil:8501",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost.evil:8501",
        "127.0.0.1:8501.evil",
        "0.0.0.0:8501",
    ],
)
def test_a_foreign_host_is_refused(host: str | None):
    assert status(GATE, head(host=host)) == 403
    assert status(GATE, head(STREAM, host=host, **SOCKET)) == 403


@pytest.mark.parametrize(
    "origin", ["http://evil", "null", "", f"https://{HOST}", "http://127.0.0.1:9999", f"http://{HOST}.evil"]
)
def test_a_foreign_origin_is_refused(origin: str):
    assert status(GATE, head(Origin=origin)) == 403
    assert status(GATE, head(STREAM, **(SOCKET | {"Origin": origin}))) == 403


def test_an_origin_must_be_that_of_the_host_that_is_asked():
    assert status(GATE, head(Origin="http://localhost:8501")) == 403
    assert status(GATE, head(host="localhost:8501", Origin="http://localhost:8501")) == 200
    assert status(GATE, head(host="LOCALHOST:8501", Origin="http://LocalHost:8501")) == 200


def test_a_websocket_needs_an_origin_and_its_one_path():
    assert status(GATE, head(STREAM, **SOCKET)) == 200
    without = {name: value for name, value in SOCKET.items() if name != "Origin"}
    assert status(GATE, head(STREAM, **without)) == 403
    assert status(GATE, head("/", **SOCKET)) == 404
    assert status(GATE, head(STREAM, **(SOCKET | {"Upgrade": "h2c"}))) == 400
    assert status(GATE, head(STREAM, **(SOCKET | {"Connection": "close"}))) == 400
    assert status(GATE, head(STREAM, **(SOCKET | {"Upgrade": "websocket, h2c"}))) == 400


def test_a_foreign_page_may_open_ours_in_a_tab_and_no_more():
    assert status(GATE, head(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")) == 200
    assert status(GATE, head(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe")) == 403
    assert status(GATE, head(Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="image")) == 403
    assert status(GATE, head(Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors", Sec_Fetch_Dest="script")) == 200


def test_the_font_is_for_our_own_page_alone():
    assert status(GATE, head(typeface.PATH, Sec_Fetch_Site="same-origin", Sec_Fetch_Dest="font")) == 200
    assert status(GATE, head(typeface.PATH, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="font")) == 403
    assert status(GATE, head(typeface.PATH, Origin="http://evil")) == 403
    assert status(GATE, head(typeface.PATH, host="evil")) == 403
    assert status(GATE, head(typeface.PATH, method="POST")) == 405
    assert status(GATE, head(typeface.PATH, **SOCKET)) == 404
    assert status(CLOSED, head(typeface.PATH)) == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH"])
def test_nothing_is_sent_to_us_but_questions(method: str):
    assert status(GATE, head(method=method)) == 405


def test_no_body_is_taken():
    assert status(GATE, head(Content_Length="5")) == 400
    assert status(GATE, head(Transfer_Encoding="chunked")) == 400
    assert status(GATE, head(Expect="100-continue")) == 400
    assert status(GATE, head(Content_Length="0")) == 200


@pytest.mark.parametrize("name", ["Host", "Origin", "Content-Length"])
def test_a_header_that_stands_twice_is_refused(name: str):
    value = {"Host": HOST, "Origin": f"http://{HOST}", "Content-Length": "0"}[name]
    twice = Head("GET", "/", (("Host", HOST), (name, value), (name, value)))
    assert status(GATE, twice) == 400


def test_with_a_token_nothing_passes_without_its_cookie():
    assert status(CLOSED, head()) == 401
    assert status(CLOSED, head(Cookie=f"innopolicy_dashboard={CLOSED.token}")) == 401
    assert status(CLOSED, head(Cookie=f"a=b; innopolicy_dashboard={CLOSED.cookie}")) == 200
    assert status(CLOSED, head(STREAM, **SOCKET)) == 401
    assert status(CLOSED, head(STREAM, **SOCKET, Cookie=f"innopolicy_dashboard={CLOSED.cookie}")) == 200
    assert CLOSED.gives_token(head("/?token=a%20token%20of%20some%20length"))
    assert not CLOSED.gives_token(head("/?token=another"))
    assert not CLOSED.gives_token(head("/static/a?token=a%20token%20of%20some%20length"))
    assert not GATE.gives_token(head("/?token="))
    assert CLOSED.token not in CLOSED.cookie


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.0\r\nHost: a", b"GET  / HTTP/1.1\r\nHost: a", b"GET / HTTP/1.1\r\nHost: a\r\n folded",
        b"GET / HTTP/1.1\r\nHost a", b"GET / HTTP/1.1\r\nHost : a", b"GET / HTTP/1.1\nHost: a",
        b"GET / HTTP/1.1\r\nHost: a\x00b", b"", b"\x16\x03\x01", b"GET / HTTP/1.1" + b"\r\nA: b" * 200,
        b"get / HTTP/1.1\r\nHost: a", b"GET / a HTTP/1.1\r\nHost: a",
    ],
)  # fmt: skip
def test_what_is_no_plain_request_is_refused(data: bytes):
    with pytest.raises(RefusedRequestError):
        read_head(data + b"\r\n\r\n")


def test_what_is_passed_on_says_nothing_of_this_connection():
    given = head(
        "/", X_Forwarded_For="1.2.3.4", Forwarded="for=1", Keep_Alive="5", Accept="*/*", Connection="keep-alive"
    )
    told = passed_on(given).decode()
    assert "forwarded" not in told.lower()
    assert "keep-alive" not in told.lower()
    assert told.count("Connection: close\r\n") == 1
    assert "Accept: */*\r\n" in told
    assert read_head(passed_on(head(STREAM, **SOCKET))).one("connection") == "Upgrade"
