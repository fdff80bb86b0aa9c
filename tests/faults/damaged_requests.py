"""Command lines that are wrong in the ways in which people, shells and other programs get them wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sim.catalogue.loader import catalogue
from sim.scenario_values import decimal

RANGE = r"\d\.\.\d?"
NO_NUMBER = (
    "nan", ".nan", "NaN", "-nan", "inf", "-inf", ".inf", "-.inf", "Infinity", "1e400", "-1e400", "012", "00", "1:30",
    "yes", "no", "on", "off", "true", "False", "1_000", "0x1f", "0o17", "0b1", "1e", "--1", "+5", "1.", ".5", "5%",
    "1 000", "1'000", "½", "５", "٣", "−1", "1e5.5", "[1]", "(1)", "'1", '"1"', "$1", "${oc.env:HOME}", "${seed}", "!1",
    "1;ls", "`id`", "$(id)", "a b", "💥", "\u202e1", "1\x00", "1\n2", "\t", "null null", "{", "}", "{1", "1}", "{}{}",
    "None", "range(1,5)", "choice(1,2)", "interval(0,1)", "glob(*)", "1e999999999", "9" * 400, "-", "_", "=", "==1",
)  # fmt: skip
NO_SETTING = {
    "seed": ("-1", "1.5", "1e3", "2147483648", "01", "", "x", "None", "true", "1_0", "9" * 500, "１"),
    "replicates": ("0", "-1", "1.5", "1e2", "100001", "", "many", "0x10", "1,2"),
    "workers": ("0", "-2", "1025", "all", "1.0", ""),
    "time_limit": ("0", "-1", "1000001", "1h", "nan", "inf"),
    "study": ("../x", "", ".", "..", "a/b", "CON", "nul", "x" * 61, "Ä", "a b", "-x", "a\x00b", "\u202ex", "a\nb"),
    "results": ("", "a\x00b"),
    "population": ("", "huge", "../tiny", "tiny.yaml", "{k:8}", "8", "\u202e"),
    "machine": ("", "../local", "slurm,dask", "pbs", "/etc/passwd", "local "" x", "LOCAL"),
    "scenario": ("", "../../x", "/etc/passwd", "a/b", "..\\x", "CON", "histroy", "history.yaml", "x" * 300, "h\x00"),
    "end": ("2010Q4", "2031Q1", "2014", "2014Q5", "2014Q0", "Q1", "2014-Q1", "2014q1", "2014.5", "", "now", "1e3"),
}  # fmt: skip
NO_KEY = (
    "hydra.run.dir", "hydra/launcher", "hydra.callbacks", "+x", "++budgt", "~lever", "~lever.rd_grant", "lever", "",
    "lever.rd_grant", "lever.rd_grant.", ".rate", "lever..rate", "LEVER.RD_GRANT.RATE", "_target_",
    "lever.rd_grant._target_",
    "title_en", "before", "from", "start", "name", "k", "--config-dir", "--experimental-rerun", "-x",
    "lever.rd_grant.rate.x",
    "lever[0]", "lever.rd_grant@x", "lever/rd_grant", "💥", "\u202etar", "a\x00b", "k" * 10_000, "lever." * 500, "a\nb",
)  # fmt: skip
HYDRA = (
    ["hydra.mode=MULTIRUN"], ["--config-path", "/etc"], ["--config-name=x"], ["hydra.launcher._target_=os.system"],
    ["--experimental-rerun=x.pkl"], ["--package", "x"], ["-cd", "/tmp"],
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One wrong request: files to lay down first, the command line, what the message must hold, and the exit codes.

    Attributes
    ----------
    files : path below the folder in which the program is started -> content.
    says : each must stand in the message; may_be_valid : the damage may have left something valid.
    """

    label: str
    arguments: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    codes: tuple[int, ...] = (2,)
    may_be_valid: bool = False


def doses() -> list:
    """The doses of all levers."""
    return list(catalogue().doses.values())


def typo(rng: random.Random, word: str) -> str:
    """A word with a letter lost, doubled, swapped, changed or added."""
    at = rng.randrange(1, len(word) - 1)
    return rng.choice([
        word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + rng.choice("xqzj") + word[at + 1 :], word + rng.choice("sx"), word.replace("_", "-", 1) + "_",
    ])  # fmt: skip


def beyond(rng: random.Random, row: object) -> str:
    """A number outside the range of a dose or parameter."""
    low, high = float(row.low), float(row.high)  # type: ignore[attr-defined]
    width = max(high - low, 1.0)
    return decimal(
        rng.choice([low - width, high + width, high * 1000 + 1, low - 1e9, round(high + 1e-3 * width + 1, 6)])
    )


def bad_schedule(rng: random.Random, value: str) -> str:
    """A schedule that is out of order, has a year twice or outside the run, is empty, nested, or not closed."""
    return rng.choice([
        f"{{2016:{value},2014:{value}}}", f"{{2014:{value},2014:{value}}}", f"{{2014:{value},2014Q1:{value}}}",
        f"{{1850:{value}}}", f"{{2014Q5:{value}}}", "{}", f"{{2014:{{2015:{value}}}}}", "{2014:}", f"{{:{value}}}",
        f"{{2014:{value}", f"2014:{value}}}", f"{{2014={value}}}", f"{{2014:{value},}}extra", f"{{20144:{value}}}",
        f"{{x:{value}}}", f"{{2014:nan,2015:{value}}}", f"{{2014:{value}2015:{value}}}", f"{{14:{value}}}",
    ])  # fmt: skip


def wrong_key(rng: random.Random) -> Case:
    """A key that does not exist."""
    if rng.random() < 0.4:
        return Case("no key", ["run", f"{rng.choice(NO_KEY)}=1"])
    row = rng.choice(doses())
    key = typo(rng, f"lever.{row.address}")
    return Case("typo", ["run", f"{key}={decimal(row.high)}"], says=("unknown key", "Did you mean"))


def wrong_value(rng: random.Random) -> Case:
    """A value that is no number, or another number than it seems."""
    row, text = rng.choice(doses()), rng.choice(NO_NUMBER)
    return Case("no number", ["run", f"lever.{row.address}={text}"], says=(row.address,))


def out_of_range(rng: random.Random) -> Case:
    """A number outside the range of its dose or parameter."""
    tree, rows = rng.choice([("lever", doses()), ("mechanism", list(catalogue().parameters.values()))])
    row = rng.choice(rows)
    key, value = f"{tree}.{row.address}", beyond(rng, row)
    says = (f"{key} = ", f"{decimal(row.low)}..{decimal(row.high)}", f"({row.unit})")
    return Case("out of range", ["run", f"{key}={value}"], says=says)


def wrong_schedule(rng: random.Random) -> Case:
    """A schedule of a dose, or a series by year, that is damaged."""
    if rng.random() < 0.6:
        row = rng.choice(doses())
        return Case(
            "schedule", ["run", f"lever.{row.address}={bad_schedule(rng, decimal(row.high))}"], says=(row.dose,)
        )
    series = rng.choice(["coal_price", "gdp"] if "gdp" in catalogue().observed else ["coal_price"])
    years = rng.choice(
        ["2011:400,2013:400", "2012:400,2011:400", "1900:400", "2011:-1", "2011:4e9", "2011Q1:400", "x:1"]
    )
    return Case("series", ["run", f"driver.{series}={{{years}}}"], says=(series,))


def wrong_setting(rng: random.Random) -> Case:
    """A setting of the run outside its range, or a choice that does not exist."""
    key = rng.choice(list(NO_SETTING))
    verb = rng.choice(["run", "sweep"]) if key != "results" else "run"
    extra = ["lever.rd_grant.budget_y=0,1"] if verb == "sweep" else []
    return Case("setting", [verb, f"{key}={rng.choice(NO_SETTING[key])}", *extra], says=(key,))


def wrong_command(rng: random.Random) -> Case:
    """A verb, flag or form that does not exist."""
    row = rng.choice(doses())
    pair = f"lever.{row.address}={decimal(row.low)}"
    return rng.choice([
        Case("twice", ["run", pair, pair], says=("twice",)),
        Case("verb", [rng.choice(["rnu", "", "RUN", "./run", "run ", "💥", "\u202enur", "\x00", "x" * 5000])]),
        Case("no value", ["run", pair.partition("=")[0]], says=("KEY=VALUE",)),
        Case("hydra", ["run", *rng.choice(HYDRA)]),
        Case("flags", ["--new-store", "--accept-changed", "run"], says=("exclude each other",)),
        Case("flag late", ["run", pair, "--debg"], says=("unknown flag",)),
        Case("-m", [rng.choice(["main", "status", "sweep", "export"]), "-m", pair], says=("-m",)),
        Case("long", ["run", f"lever.{row.address}=" + "1" * 5000], says=("longer than",)),
        Case("sweep keys in run", ["run", rng.choice(["record=full", "most_runs=5"])], says=("sweep",)),
    ])  # fmt: skip


def wrong_sweep(rng: random.Random) -> Case:
    """A sweep with one wrong value among right ones, of too many runs, or of a study that is not there."""
    row, verb = rng.choice(doses()), rng.choice([["sweep"], ["run", "-m"]])
    key = f"lever.{row.address}"
    fine = [decimal(row.low), decimal(row.high)]
    wrong = rng.choice([beyond(rng, row), rng.choice([t for t in NO_NUMBER if "," not in t])])
    many = [f"lever.{one.address}=" + ",".join(f"{one.low + (one.high - one.low) * i / 999:.6f}" for i in range(300))
            for one in rng.sample(doses(), 4)]  # fmt: skip
    return rng.choice([
        Case("one wrong value", [*verb, f"{key}={','.join(rng.sample([*fine, wrong], 3))}"], says=(row.address,)),
        Case("product", [*verb, *many], says=("most_runs", "runs")),
        Case("hydra range", [*verb, f"{key}=range(1,1e7)"], says=(key,)),
        Case("no study", [*verb, "study=" + rng.choice(["voucher_dos", "nothing", "m1x"])], says=("study",)),
        Case("study and grid", [*verb, "study=mix", f"{key}={','.join(fine)}"], says=("mix",)),
        Case("swept twice", [*verb, f"{key}={','.join(fine)}", f"{key}={fine[0]}"], says=("twice",)),
        Case("swept setting", [*verb, f"{key}={','.join(fine)}", "seed=1,2"], says=("seed",)),
        Case("record", [*verb, f"{key}={','.join(fine)}", f"record={rng.choice(['ful', '', 'all', 'full,yearly'])}"],
             says=("record", "yearly")),
        Case("empty value", [*verb, f"{key}={fine[0]},,{fine[1]}"], says=(key,)),
    ])  # fmt: skip


def wrong_reader(rng: random.Random) -> Case:
    """A verb that reads, asked for what is not there."""
    junk = rng.choice(["x", "study=", "study=../x", "study=nothing", "study=a,b", "results=x", "stdy=main",
        "study=\x00", "=",
                       "💥=1", "study=/etc", "study=..", "to=/etc/x"])  # fmt: skip
    return rng.choice([
        Case("status", ["status", junk], codes=(2, 3)),
        Case("status twice", ["status", "study=a", "study=b"]),
        Case("export", ["export", junk]),
        Case("compact", ["compact", junk]),
        Case("report", ["report", junk]),
        Case("reproduce", ["reproduce", rng.choice(["", "xyz", "0" * 7, "0" * 65, "deadbeef=1", "../../../x",
            "\x00" * 9])]),
        Case("reproduce absent", ["reproduce", "deadbeef00"], codes=(3,)),
        Case("reproduce twice", ["reproduce", "deadbeef00", "deadbeef11"]),
        Case("work", ["work", junk]),
        Case("work chunks", ["work", "plan=plan.json", rng.choice(["chunks=x", "chunks=", "chunks=1e3", "chunk=1",
            "chunks=1;2"])]),
        Case("work absent", ["work", "plan=plan.json", "chunks=1"], codes=(3,)),
        Case("work list", ["work", "plan=plan.json", "list=absent", rng.choice(["element=1", "element=x",
            "element=-99"])]),
        Case("work workers", ["work", "plan=x", "chunks=1", rng.choice(["workers=0", "workers=x", "time_limit=nan",
            "time_limit=-1"])]),
        Case("list", ["list", rng.choice(["", "lever", "everything", "\x00", "../x", "💥"])], says=("there are",)),
        Case("list filter", ["list", "levers", rng.choice(["x=1", "adress=1", "=", "x", "💥=1"])], says=("column",)),
        Case("timeline", ["list", "timeline", rng.choice(["scenario=nothing", "x=1", "lever.rd_grant.rate=25",
            "seed=1"])]),
        Case("effects", ["effects", rng.choice(["lever.rd_grant.rate=25", "x=1", "replicates=0",
            "scenario=plan_a_2014"])]),
        Case("docs", ["docs", rng.choice(["x", "x=1"])]),
    ])  # fmt: skip


MAKERS: tuple[Callable[[random.Random], Case], ...] = (
    wrong_key, wrong_value, out_of_range, wrong_schedule, wrong_setting, wrong_command, wrong_sweep, wrong_reader,
)  # fmt: skip
