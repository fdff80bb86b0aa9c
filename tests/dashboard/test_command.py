"""The keys of the verb, and what it refuses before anything is started or written."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import __main__ as command_line
from experiments.dashboard import serving
from experiments.dashboard.command import TOKEN, help_text, is_own, service_of
from experiments.dashboard.control import Desk
from experiments.dashboard.inner import options
from experiments.dashboard.page_state import PAGES
from experiments.dashboard.wording import WORDS
from sim.scenario_values import ScenarioError

SECRET = "a secret of 16 or more"
PUBLIC = ["host=0.0.0.0", "i_know_this_is_public=yes", "hosts=planning.example.cn"]


def test_usual_keys_serve_this_computer_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(TOKEN, raising=False)
    service = service_of([])
    assert (service.host, service.port, service.limits.users, service.runs) == ("127.0.0.1", 8501, 20, 2)
    assert service.gate.hosts == {"127.0.0.1:8501", "localhost:8501", "[::1]:8501"}
    assert service.gate.token == ""
    assert service_of(["workers=1", "runs=3"]).workers == 3
    assert "localhost:9000" in service_of(["hosts=localhost:9000"]).gate.hosts


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_own_addresses(host: str):
    assert is_own(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.cn", "localhost.evil"])
def test_an_address_that_others_reach_needs_consent_names_and_a_token(host: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(TOKEN, raising=False)
    further = ["i_know_this_is_public=yes", "hosts=planning.example.cn"]
    for given in ([], further[:1], further[1:], further):
        with pytest.raises(ScenarioError):
            service_of([f"host={host}", *given])
    monkeypatch.setenv(TOKEN, "too short")
    with pytest.raises(ScenarioError, match="16 or more"):
        service_of([f"host={host}", *further])
    monkeypatch.setenv(TOKEN, SECRET)
    service = service_of([f"host={host}", *further])
    assert service.gate.token == SECRET
    assert "planning.example.cn" in service.gate.hosts


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("port=80", "out of range 1024..65535"), ("users=0", "out of range 1..200"), ("runs=x", "out of range"),
        ("prot=1", "unknown key"), ("hosts=a b", "no name of a host"), ("hosts=a/../b", "no name of a host"),
        ("past=theirs", "must be one of own, all"), ("lever.rd_grant.rate=0.5", "unknown key"), ("port", "KEY=VALUE"),
        ("i_know_this_is_public=maybe", "must be one of"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_one_line_and_nothing_is_written(
    given: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "serve", lambda service: pytest.fail("it was started"))
    assert command_line.main(["dashboard", given]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: override: ") and told in line  # noqa: PT018
    assert not list(tmp_path.iterdir())


def test_a_public_address_is_refused_by_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.setattr(serving, "serve", lambda service: pytest.fail("it was started"))
    assert command_line.main(["dashboard", "host=0.0.0.0"]) == 2
    assert "i_know_this_is_public=yes" in capsys.readouterr().err


def test_help_names_every_key():
    assert all(key in help_text() for key in ("port", "host", "results", "users", "runs", "past", TOKEN))


def test_streamlit_tells_nobody_and_shows_no_fault():
    given = options(8501, frozenset({"127.0.0.1:8501", "localhost:8501", "[::1]:8501"}))
    assert given["browser_gatherUsageStats"] is False
    assert given["client_showErrorDetails"] == "none"
    assert given["server_fileWatcherType"] == "none"
    assert given["server_enableXsrfProtection"] is given["server_enableCORS"] is True
    assert given["server_allowedHosts"] == ["127.0.0.1", "::1", "localhost"]
    assert given["server_enableAgentApi"] is given["global_developmentMode"] is False


def test_every_part_of_the_page_has_its_words():
    assert all(part in WORDS for part in PAGES)


def test_the_desk_answers_what_it_is_asked_and_nothing_else():
    class Engine:
        def submit(self, requests, replicates):
            return {"requests": requests, "replicates": replicates}

        def state(self, number):
            return {"number": number}

    desk = Desk(Engine(), lambda: True)
    assert desk.answer({"do": "submit", "requests": [["a=b"]], "replicates": 4}) == {
        "requests": [["a=b"]],
        "replicates": 4,
    }
    assert desk.answer({"do": "state", "number": "x"}) == {"number": "x"}
    assert desk.answer({"do": "close"}) == desk.answer({}) == {"ready": True}
