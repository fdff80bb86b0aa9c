"""Scenario, study and machine files and lists of points with one fault each, as people and editors make them."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.faults.damaged_requests import NO_NUMBER, Case
from tests.faults.damaged_scenarios import HEAD, MINE, one_value

SCENARIO = (
    HEAD
    + """title_en: Mine
title_zh: 我的
end: 2016Q4
defaults:
  - override /lever: [rd_grant, innovation_voucher]
lever:
  rd_grant: {budget_y: 120, rate: 0.4}
  innovation_voucher:
    budget_y: {2012: 20, 2014: 30}
mechanism:
  grow_firms:
    laplace_scale_y: 0.2
driver:
  coal_price: {2014: 300, 2015: 250}
population:
  k: 40
notes:
  - Nothing is known of this.
"""
)
STUDY = """title_en: Mine
scenarios: [history, no_policy]
overrides: {end: 2012Q4, population.k: 40}
variants:
  plain: {}
  cheap: {driver.coal_price: {2014: 300, 2015: 250}}
design:
  kind: grid
  keys:
    lever.innovation_voucher.budget_y: [0, 50]
replicates: 3
seed: 1
record: yearly
"""
LISTED = "scenarios: [history]\ndesign: {kind: listed, file: points.csv}\nreplicates: 2\n"
LIST = "lever.rd_grant.budget_y,lever.rd_grant.rate\n0,0.1\n100,0.2\n200,0.3\n"
SLURM = 'kind: slurm\ntime: "00:30:00"\nmemory: 2G\ncpus: 1\nminutes_a_task: 10\narray_limit: 1000\n'
SLURM += "rounds: 5\npoll_seconds: 5\n"
BOM = "\ufeff"
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "GB 18030": lambda text: text.decode().encode("gb18030") + "山西".encode("gb18030"),
    "NUL": lambda text: text.replace(b": ", b": \x00", 1),
    "half a character": lambda text: text + b"notes: ['\xe5\xb1"[:-1] + b"']\n",
    "control characters": lambda text: text.replace(b"e", b"\x07", 1),
    "a tab": lambda text: text.replace(b"\n  ", b"\n\t", 1),
    "too large": lambda text: text + b"# x\n" * 60_000,
    "not closed": lambda text: text + b"notes_zh: ['\n",
    "brackets": lambda text: text + b"notes_zh: " + b"[" * 10_000 + b"\n",
    "blocks": lambda text: text + b"notes_zh: " + b"{a: " * 5_000 + b"\n",
    "deep": lambda text: text + b"".join(b" " * i + b"a:\n" for i in range(400)),
    "a bomb": lambda text: text + b"notes_zh: &a [x, x]\nassumptions: [*a, *a, *a]\n",
    "itself": lambda text: text + b"notes_zh: &a [*a]\n",
    "merge": lambda text: text + b"<<: {a: 1}\n",
    "a tag": lambda text: text + b"notes_zh: !!python/object/apply:os.system [id]\n",
    "two documents": lambda text: text + b"---\n" + text,
    "a list": lambda text: text + b"- a\n",
    "a long key": lambda text: text + b"k" * 20_000 + b": 1\n",
    "an odd key": lambda text: text + "\u202e💥: 1\n".encode(),
    "a question key": lambda text: text + b"? [a, b]\n: 1\n",
    "a number as key": lambda text: text + b"1: 2\n",
    "nothing as key": lambda text: text + b"null: 2\n",
    "empty key": lambda text: text + b"'': 2\n",
    "twice": lambda text: text + text.partition(b"\n")[2],
    "resolver": lambda text: text.replace(b"Mine", b"${oc.env:HOME}", 1) + b"notes_zh: ['${now:%Y}']\n",
    "target": lambda text: text + b"_target_: os.system\n",
    "hydra": lambda text: text + b"hydra: {run: {dir: x}}\n",
    "package": lambda text: b"# @package hydra\n" + text,
}


def one_line(rng: random.Random) -> Case:
    """A study, machine file or list with one line that is wrong."""
    old, new = rng.choice([
        ("scenarios: [history, no_policy]", rng.choice(["scenarios: []", "scenarios: histroy", "scenarios: [histroy]",
         "scenarios: [history, history]", "scenarios: {a: b}", "scenarios: [1]", "scenarios: ['../x']",
         "scenarios: [[a]]"])),
        ("replicates: 3", f"replicates: {rng.choice(['0', '-1', '1.5', '3e0', 'x', '[3]', '100001', '{}', '1e3'])}"),
        ("seed: 1", f"seed: {rng.choice(['-1', '2147483648', '1.0', 'x', '[1]'])}"),
        ("record: yearly", f"record: {rng.choice(['ful', '1', '[full]', '{}', 'all'])}"),
        ("kind: grid",
        f"kind: {rng.choice(['gird', '5', '[grid]', '{}', 'os.system', 'listed', 'sobol', 'latin_hypercube'])}"),
        ("[0, 50]", rng.choice(["[]", "0", "[0, 1e400]", "[0, .5]", "{low: 0, high: 1}", "[[0]]", "[-1, 0]", "[0, x]",
         "[0, 1e9]", "['0,1']", "['${a}']", "['1 2']", "[null]"])),
        ("lever.innovation_voucher.budget_y", rng.choice(["lever.innovation_voucher.budgt_y", "seed", "scenario",
        "hydra.x",
         "machine", "workers", "_target_", "lever", "study", "results", "'lever.x y'"])),
        ("{end: 2012Q4, population.k: 40}", rng.choice(["5", "[a]", "{end: 2010Q4}", "{population.k: 0}", "{seed: 5}",
        "{x: 1}",
         "{population.k: {a: b}}", "{end: [2012Q4]}", "{lever: {rd_grant: {rate: 1}}}", "{population.k: '40 50'}"])),
        ("cheap: {driver.coal_price: {2014: 300, 2015: 250}}", rng.choice(["cheap: 5", "cheap: [a]", "plain: {}",
         "cheap: {driver.coal_price: {2014: 300, 2016: 1}}", "cheap: {driver.coal_prize: {2014: 300}}",
         "cheap: {results: x}"])),
        ("record: yearly",
        f"{rng.choice(['machine: local', 'workers: 2', 'scenario: history', '_target_: os.system', 'name: x'])}"),
        ("title_en: Mine", rng.choice(["title_en: [a]", "title_en: {a: b}", "title_en: 5"])),
        ("design:", rng.choice(["desing:", "design: 5\nx:", "design: [a]\ny:"])),
    ])  # fmt: skip
    assert old in STUDY
    return Case("study line", ["sweep", "study=mine"], {"configs/study/mine.yaml": STUDY.replace(old, new, 1).encode()},
                ("configs/study/mine.yaml",))  # fmt: skip


def drawn(rng: random.Random) -> Case:
    """A drawn design whose size or ranges are wrong."""
    kind = rng.choice(["sobol", "latin_hypercube"])
    size = rng.choice(
        ["0", "-1", "1.5", "x", "1e9", "2000000", "[]", "null"] + (["3", "100"] if kind == "sobol" else [])
    )
    span = rng.choice(["5", "[0, 1]", "{low: 1, high: 1}", "{low: 2, high: 1}", "{low: 0}", "{low: x, high: y}",
        "{low: -1, high: 5}",
                       "{low: 0, high: 1e9}", "{low: 0, high: 5, spread: log}", "{low: 1, high: 5, spread: odd}",
                       "{low: 0, high: 5, step: 1}", "{low: [0], high: 1}"])  # fmt: skip
    seed = rng.choice(["-1", "x", "1.5", "[1]", "{}", "1e40"])
    parts = rng.choice([(size, "{low: 0, high: 5}", "1"), ("8", span, "1"), ("8", "{low: 0, high: 5}", seed)])
    text = (f"scenarios: [history]\ndesign:\n  kind: {kind}\n  size: {parts[0]}\n  seed: {parts[2]}\n  keys:\n"
            f"    lever.innovation_voucher.budget_y: {parts[1]}\n")  # fmt: skip
    return Case(
        "drawn design",
        ["sweep", "study=mine"],
        {"configs/study/mine.yaml": text.encode()},
        ("configs/study/mine.yaml:",),
    )


def listed(rng: random.Random) -> Case:
    """A list of points that is no table of known keys and canonical values."""
    table = rng.choice([
        LIST.replace("0,0.1", f"{rng.choice([t for t in NO_NUMBER if not set(t) & set(',')])},0.1"), LIST + "300\n",
            LIST + "1,2,3\n",
        LIST.replace("rd_grant.rate", "rd_grant.rte"), LIST.replace("rate", "budget_y"), LIST.replace("0.3", "25"),
            LIST.replace("0.3", "-1"),
        "", "\n", "x\n", LIST.replace(",", ";"), LIST.replace(",", "\t"), '"' + LIST, LIST + '1,"0.1\n',
        LIST.replace("0.3", "=cmd|' /C calc'!A0"),
        LIST.replace("0.3", "@SUM(1)"), LIST.replace("0.3", "${oc.env:HOME}"), LIST.replace("0.2", " "),
            "seed," + LIST, "hydra.run.dir\nx\n",
        LIST.replace("0.1", "1" * 200_000), LIST.replace("0.2", "0,2"), "lever.rd_grant.rate\n", LIST.replace("0.3",
            "0.3\x00"),
    ])  # fmt: skip
    content = rng.choice([table.encode(), table.encode(), table.encode("utf-16"), table.encode() + b"\xff\xfe\n"])
    file = rng.choice(["points.csv"] * 8 + ["../points.csv", "/etc/passwd", "points.txt", "no.csv"])
    files = {
        "configs/study/mine.yaml": LISTED.replace("points.csv", file).encode(),
        "configs/study/points.csv": content,
    }
    return Case("list", ["sweep", "study=mine"], files, may_be_valid=table == LIST)


def machine(rng: random.Random) -> Case:
    """A machine file with a setting that is wrong."""
    old, new = rng.choice([
        ("kind: slurm", f"kind: {rng.choice(['slrum', '5', '[]', '{}', 'os.system', 'local', ''])}"),
        ("00:30:00", rng.choice(["x", "00:30:00; rm -rf ~", "$(id)", "1e3", "\\n--wrap=id", "-1", ""])),
        ("2G", rng.choice(["0", "2 G", "2G --wrap=id", "-2G", "lots", "[2]", "{}", "2g"])),
        ("cpus: 1", f"cpus: {rng.choice(['0', '-1', '1e9', 'x', '[1]', 'null', '{}'])}"),
        ("rounds: 5", f"rounds: {rng.choice(['0', 'x', '1001', 'null'])}"),
        ("poll_seconds: 5", f"poll_seconds: {rng.choice(['0', '-5', '1e9', 'x'])}"),
        ("array_limit: 1000", f"array_limit: {rng.choice(['0', '1e12', 'x'])}"),
        ("memory: 2G\n", ""), ("memory", "memroy"), ("kind: slurm", "kind: slurm\npartition: 'a b; id'"),
        ("kind: slurm", "kind: slurm\naccount: [a]"), ("kind: slurm", "kind: slurm\nwrap: id"),
        ("kind: slurm", "kind: slurm\n_target_: os.system"), ("minutes_a_task: 10", "minutes_a_task: 0"),
    ])  # fmt: skip
    arguments = rng.choice(
        [["sweep", "lever.rd_grant.budget_y=0,1"], ["run"], ["run", "-m", "lever.rd_grant.budget_y=0,1"]]
    )
    text = SLURM.replace(old, new, 1).encode()
    return Case(
        "machine", [*arguments, "machine=mine"], {"configs/machine/mine.yaml": text}, ("configs/machine/mine.yaml:",)
    )


PLACES = {
    "scenario": (SCENARIO, ["run", "scenario=mine"], MINE),
    "study": (STUDY, ["sweep", "study=mine"], "configs/study/mine.yaml"),
    "machine": (SLURM, ["run", "machine=mine"], "configs/machine/mine.yaml"),
}


def as_bytes(rng: random.Random) -> Case:
    """A file whose bytes, structure or encoding are wrong as a whole."""
    place, what = rng.choice(list(PLACES)), rng.choice(list(BYTES))
    text, arguments, path = PLACES[place]
    valid = {"a tab", "resolver", "package"} if place == "machine" else set()
    return Case(f"{place}: {what}", arguments, {path: BYTES[what](text.encode())}, (path,), may_be_valid=what in valid)


def scratched(rng: random.Random) -> Case:
    """A file with a few characters lost, changed, doubled or moved: often still valid."""
    text, arguments, path = PLACES[rng.choice(list(PLACES))]
    letters = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(letters))
        how = rng.randrange(4)
        if how == 0:
            del letters[at]
        elif how == 1:
            letters[at] = rng.choice(":-[]{}#&*!|>'\"%@`,?\t\n 0123456789.e_~\u202e\u00a0\u2028")
        elif how == 2:
            letters.insert(at, rng.choice(letters))
        else:
            at, other = sorted((at, rng.randrange(len(letters))))
            letters[at:other] = letters[at:other][::-1] if other - at < 40 else letters[at:other]
    return Case("scratched", arguments, {path: "".join(letters).encode()}, may_be_valid=True)


def odd_file(rng: random.Random) -> Case:
    """An empty file, a link, a folder in a file's place, a name that is taken, a file nobody may read."""
    place = rng.choice(list(PLACES))
    text, arguments, path = PLACES[place]
    taken = {"scenario": "history", "study": "mix", "machine": "local"}[place]
    return rng.choice([
        Case(f"empty {place}", arguments, {path: b""}),
        Case(f"{place} of a comment", arguments, {path: b"# nothing\n"}),
        Case(f"{place} with a taken name", ["run"] if place != "study" else ["sweep", "study=mix"],
             {path.replace("mine", taken): text.encode()}, (taken,)),
        Case(f"{place} that is a list", arguments, {path: b"[a, b]\n"}),
        Case(f"{place} that is a word", arguments, {path: b"word\n"}),
        Case(f"{place} that is a folder", arguments, {f"{path}/x": b""}),
        Case(f"{place} with a mark", arguments, {path: (BOM + text).encode()}, may_be_valid=True),
        Case(f"{place} with \\r\\n", arguments, {path: text.replace("\n", "\r\n").encode()}, may_be_valid=True),
    ])  # fmt: skip


MAKERS: tuple[Callable[[random.Random], Case], ...] = (
    one_value,
    one_line,
    drawn,
    listed,
    machine,
    as_bytes,
    scratched,
    odd_file,
)
