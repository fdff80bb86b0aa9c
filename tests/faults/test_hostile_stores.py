"""Hostile stores do nothing: links, foreign files, crafted plans and tables, exports over others, queries."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.index import read_index
from experiments.plan_files import OTHER_MODELS, plan_from
from experiments.query import connect
from experiments.store import Store, StoreError, shard_id
from experiments.study_files import read_study
from experiments.sweep import run_sweep, sweep_of
from sim.scenario_values import ScenarioError
from tests.experiments import fake_model
from tests.faults.unarmed import disarm, put, said


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with nothing at hand."""
    return disarm(tmp_path, monkeypatch)


FAKE = f"{fake_model.__name__}:run"
SMALL = ["lever.rd_grant.budget_y=0,200", "population.k=40", "end=2012Q4", "replicates=2", "study=small", "workers=1"]
CRAFTED = (b"", b"[]", b"5", b"null", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000, b"{" + b'"a":{' * 50_000,
    b'{"a":1}' * 2,
           b'{"request":5}', b'{"overrides":5,"scenarios":{}}', pickle.dumps({"a": 1}), b"1" * 5_000,
               b"NaN")  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a small finished sweep."""
    folder = tmp_path_factory.mktemp("finished") / "results"
    assert run_sweep(sweep_of([*SMALL, f"results={folder}"], FAKE)) == 0
    return folder


@pytest.fixture
def copied(finished: Path, here: Path) -> Path:
    """The folder of a copy of that study, to be hurt."""
    import shutil

    return Path(shutil.copytree(finished / "small", here / "results" / "small"))


def craft(path: Path, **changes: object) -> None:
    """Change what a JSON file says, as somebody does who knows how it is made."""
    told = json.loads(path.read_text(encoding="utf-8")) | changes
    try:
        from experiments.sealed_json import SEAL, sealed_text
    except ImportError:
        path.write_text(json.dumps(told), encoding="utf-8")
    else:
        told.pop(SEAL, None)
        path.write_text(sealed_text(told), encoding="utf-8")


def test_links_and_foreign_files_in_a_store_are_never_believed_nor_unpickled(copied: Path):
    store = Store(copied)
    held = read_index(store, verify=True).runs
    (true,) = store.sealed()
    outside = copied.parent.parent / "outside.parquet"
    true.rename(outside)
    true.symlink_to(outside)
    for name, content in (("x.pkl", pickle.dumps(Path)), ("y.npy", b"\x93NUMPY"), ("z.joblib", pickle.dumps(Path)),
                          (f"{'a' * 24}.{'b' * 24}.parquet", pickle.dumps(Path))):  # fmt: skip
        (true.parent / name).write_bytes(content)
        (copied / name).write_bytes(content)
    with pytest.raises(StoreError):
        store.read(true)
    found = read_index(store, verify=True)
    assert held
    assert not any(found.runs.values())
    assert true.name in found.quarantined
    assert outside.is_file()
    with pytest.raises(StoreError):
        store.read(outside)


@pytest.mark.parametrize(
    "changes",
    [{"function": "os:system"}, {"function": "builtins:eval"}, {"function": FAKE},
    {"function": "sim.model:run.__globals__"},
     {"function": 5}, {"function": None}, {"points": -1}, {"replicates": 10**12}, {"replicates": "2"}, {"runs": 10**18},
     {"fingerprints": 5}, {"fingerprints": ["x"] * 3}, {"texts": []}, {"texts": {"verb": "sweep", "arguments": "rm"}},
     {"texts": {"verb": "sweep", "arguments": ["hydra.run.dir=x"]}}, {"texts": {"verb": 5, "arguments": []}},
     {"texts": {"verb": "sweep", "arguments": [f"lever.rd_grant.budget_y={'1,' * 1500}2"]}}, {"seed": -1},
     {"seed": True},
     {"study": "../x", "function": "os:system"}, {"digest": 0}, {"record": ["full"]}, {"points": 1.5}, {"extra": 1}],
)  # fmt: skip
def test_a_crafted_plan_is_refused_in_one_line(copied: Path, changes: dict[str, object]):
    run = next(iter(read_index(Store(copied), verify=False).runs["yearly"]))
    craft(copied / "plan.json", **changes)
    for arguments in (
        ["work", f"plan={copied / 'plan.json'}", "chunks=0"],
        ["reproduce", run],
        ["status", "study=small"],
    ):
        code, err = said(*arguments)
        assert code in ((2, 3) if arguments[0] != "status" else (0, 3)), (arguments, err)
        assert err.count("\n") == (1 if code else 0), err


def test_a_plan_file_may_name_a_test_model_only_where_the_environment_says_so(
    copied: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(StoreError, match=r"a plan file may only name sim\.model:run"):
        plan_from(copied / "plan.json")
    monkeypatch.setenv(OTHER_MODELS, fake_model.__name__)
    assert plan_from(copied / "plan.json").function == FAKE


@pytest.mark.parametrize("file", ["plan.json", "origin.json", "manifest.json"])
@pytest.mark.parametrize("content", CRAFTED, ids=range(len(CRAFTED)))
def test_a_crafted_text_file_is_no_traceback_and_runs_nothing(copied: Path, file: str, content: bytes):
    (copied / file).write_bytes(content)
    for arguments in (
        ["status", "study=small"],
        ["report", "study=small"],
        ["reproduce", "deadbeef00"],
        ["export", "study=small"],
    ):
        code, err = said(*arguments)
        assert code in (0, 2, 3), (arguments, err)
        assert err.count("\n") == (1 if code else 0), err


def test_a_crafted_index_holds_nothing(copied: Path):
    store = Store(copied)
    true = read_index(store, verify=True).runs
    true_name, many = store.sealed()[0].name, [str(i) for i in range(10)]
    odd = (
        {"shard": [5], "record": [None], "run": [b"x"]},
        {"a": [1]},
        {"shard": ["x"], "record": [1.5], "run": [7]},
        {"shard": ["../../etc/passwd"] * 10, "record": ["yearly"] * 10, "run": many},
        {"shard": [true_name] * 10, "record": ["full"] * 10},
    )
    for columns in odd:
        pq.write_table(pa.table(columns), copied / "index.parquet")
        assert read_index(store, verify=True).runs == true
        assert said("status", "study=small") == (0, "")
    for content in (b"", b"PAR1", b"PAR1" * 1000, pickle.dumps(true)):
        (copied / "index.parquet").write_bytes(content)
        assert read_index(store, verify=True).runs == true


def test_no_cell_of_a_table_is_a_formula_and_no_variant_is_named_like_one(copied: Path, here: Path):
    assert said("export", "study=small", "to=runs.csv")[0] == 0
    for table in (here / "runs.csv", *copied.glob("*.csv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            for cell in line.split(","):
                assert not cell.strip('"').startswith(("=", "@", "+", "\t")), (table, line)
                assert not cell.startswith("-") or float(cell) <= 0, (table, line)
    for name in ("=cmd|' /C calc'!A0", "@SUM(1)", "+1", "a,b", "<script>"):
        put(here, f"scenarios: [history]\nvariants: {{{json.dumps(name)}: {{}}}}\n", "study")
        with pytest.raises(ScenarioError, match="must be 1 to 60 letters"):
            read_study("mine")


@pytest.mark.parametrize(
    "to", ["/etc/x.csv", "nowhere/x.csv", "x.txt", "other.csv", "link.csv", "folder.csv", "x\0.csv", "", "configs.yaml"]
)
def test_an_export_replaces_no_foreign_file(copied: Path, here: Path, to: str):
    (here / "other.csv").write_text("mine,not yours\n1,2\n")
    (here / "link.csv").symlink_to(here / "other.csv")
    (here / "folder.csv").mkdir()
    code, err = (
        said("export", "study=small", f"to={to}")
        if to != "/etc/x.csv"
        else said("export", "study=small", "to=/proc/x.csv")
    )
    assert code in (2, 3), err
    assert err.count("\n") == 1
    assert (here / "other.csv").read_text() == "mine,not yours\n1,2\n"
    assert not list(here.glob(".tmp*"))


def test_an_export_is_written_over_an_earlier_one(copied: Path, here: Path):
    for _ in range(2):
        assert said("export", "study=small", "to=runs.csv")[0] == 0


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM read_text('{f}')", "SELECT * FROM '{f}'", "COPY runs TO '{f}.out'", "ATTACH '{f}.db'",
    "INSTALL httpfs",
     "LOAD httpfs", "SELECT * FROM glob('/etc/*')", "SET enable_external_access = true", "SET allowed_paths = ['/']",
     "SELECT * FROM read_csv('https://127.0.0.1/x.csv')", "EXPORT DATABASE '{f}.d'", "SET home_directory = '/'"],
)  # fmt: skip
def test_a_query_reaches_no_other_file(copied: Path, here: Path, query: str):
    file = here / "other.csv"
    file.write_text("secret\n1\n")
    with connect(Store(copied)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchall()[0][0] > 0
        with pytest.raises(duckdb.Error):
            connection.execute(query.format(f=file)).fetchall()
    assert {path.name for path in here.iterdir()} == {"other.csv", "results"}


def test_a_shard_with_a_true_seal_and_foreign_columns_is_no_traceback(copied: Path):
    store = Store(copied)
    store.write_shard(
        shard_id("yearly", "x"), pa.table({"run": ["x"], "scenario": ["y"], "period": ["2011"], "group": [""]})
    )
    for arguments in (["status", "study=small"], ["export", "study=small"], ["compact", "study=small"]):
        code, err = said(*arguments)
        assert code in (0, 3), (arguments, err)


def test_a_study_is_named_and_never_climbed_to(copied: Path):
    for study in ("../results/small", "./small", "small/", str(copied), "small/../small"):
        for verb in ("status", "export", "compact", "report"):
            code, err = said(verb, f"study={study}")
            assert (code, err.count("\n")) == (2, 1), (verb, err)
        assert said("reproduce", "deadbeef00", f"study={study}")[0] == 2
