"""The command line: `innopolicy VERB KEY=VALUE ...`, or `python -m experiments VERB KEY=VALUE ...`.

Exit codes: 0 done, 1 a run failed, 2 the request is refused (nothing was written), 3 the store is busy or unusable,
130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from experiments.interruption import INTERRUPTED, interruptible

MAIN_STUDY = "main"
MAIN_SCENARIOS = ("history", "plan_a_2014", "plan_b_2014", "plan_c_13fyp", "plan_d_2019", "plan_e_changzhi")
HELP_FLAGS = ("--help", "-h", "help")
HYDRA_FLAGS = (
    "--cfg",
    "-c",
    "--info",
    "-i",
    "--hydra-help",
    "--shell-completion",
    "-sc",
    "--resolve",
    "--package",
    "-p",
)
SWEEP_FLAGS = ("-m", "--multirun")
FLAGS = ("--debug", "--new-store", "--accept-changed")
Flags = frozenset[str]
Verb = Callable[[Sequence[str], Flags], int]
DONE, FAILED, REFUSED, UNUSABLE = 0, 1, 2, 3
USAGE = """usage: innopolicy [FLAG ...] VERB [KEY=VALUE ...]
       (or: python -m experiments VERB ...)

  main      history and the five plans, 32 paired replicates each, into
            results/main/ (what `make run` does)
  run       one scenario:
            run scenario=plan_a_2014 lever.innovation_voucher.budget_y=50
  sweep     many points, each several times; goes on where it was stopped:
            sweep study=NAME (configs/study/NAME.yaml), or
            sweep lever.rd_grant.budget_y=0,200,400 population=scaled
  effects   each lever tried alone under paired seeds: what it moves, and what
            100 million yuan of it buy (what `make effects` does)
  status    how far a study is, without its runs being read: status study=sweep
  export    runs of a study as a CSV table: export study=sweep to=runs.csv
  compact   all runs of a study in one Parquet file, as a cache for queries
  reproduce runs one stored run again and compares every number:
            reproduce RUN_ID
  report    files of a finished study again: report study=main
  list      levers | scenarios | targets | parameters | indicators |
            instruments | rules | actors  [COLUMN=VALUE ...]
            timeline scenario=plan_b_2014 (which levers are in force when, and
            at what dose)
  calibrate the free parameters fitted to 2011-2017
  identify  which parameters can be told from data like those of 2011-2017
  validate  the model against what was observed: fit, inner test, and later
            observations of your own: validate observations=FILE.csv
  facts     stylised facts of innovation on many seeds, against published
            bands: facts seeds=20
  responses published effects of policies tried inside the model, by sign and
            size: responses only=1,2,9 seeds=30
  sensitivity
            which parameters and doses decide the outcomes (Morris, Sobol)
  variance  what the spread of outcomes is owed to: parameters, chance, drivers
  dashboard a page in the browser, in Chinese and English: dashboard port=8501
  attribute what each group of levers did, at what cost, and with which others:
            attribute scenario=plan_a_2014 groups=families
  optimise  the cheapest mix that reaches chosen targets under a budget:
            optimise targets=a_hnte levers=lever.hnte_pool.places_y budget=200
  discover  where mixes hold and fail over what is not known, and which number
            to measure first: discover mixes=history,plan_c_13fyp targets=a_hnte
  ask       a planner's question answered in Chinese and English, with band,
            cost and assumptions: ask 01 ... ask 25, ask all, ask list
  docs      the generated tables of the documents again

VERB --help lists its keys with unit, range and default. --cfg job after `run`
prints the composed configuration (Hydra). Flags, before the verb or right
after it:
  --debug           show tracebacks
  --new-store       if the study's runs were made by other code, data or
                    configs: put them aside and start anew
  --accept-changed  go on in spite of that; the changes are noted"""


class RefusedError(Exception):
    """A request that cannot be understood; the message is one line."""


def _main(arguments: Sequence[str], flags: Flags) -> int:
    from experiments.compose import compose_request
    from experiments.study import run_study

    return run_study(compose_request(arguments, MAIN_SCENARIOS, MAIN_STUDY), flags=flags, verb="main")


def _run(arguments: Sequence[str], flags: Flags) -> int:
    from experiments.compose import compose_request
    from experiments.study import run_study

    return run_study(compose_request(arguments), flags=flags)


def _sweep(arguments: Sequence[str], flags: Flags) -> int:
    from experiments.sweep import run_sweep, sweep_of

    return run_sweep(sweep_of(arguments), flags)


def _report(arguments: Sequence[str], flags: Flags) -> int:
    from experiments.compose import request_of
    from experiments.study import again, read_manifest

    return again(request_of(arguments, read_manifest, MAIN_STUDY))


def _list(arguments: Sequence[str], flags: Flags) -> int:
    from experiments.listing import list_rows

    print(list_rows(arguments))
    return DONE


def _plain(module: str, function: str = "main") -> Verb:
    """A verb that needs no flags: a function of the command line, its module loaded when it is asked for."""
    return lambda arguments, flags: int(getattr(import_module(module), function)(list(arguments)) or DONE)


def _flagged(module: str) -> Verb:
    """A verb that hears of the flags: `main` of a module that is loaded when it is asked for."""
    return lambda arguments, flags: int(import_module(module).main(list(arguments), flags))


VERBS: dict[str, Verb] = {
    "main": _main,
    "run": _run,
    "sweep": _sweep,
    "report": _report,
    "status": _plain("experiments.status"),
    "export": _plain("experiments.query", "export"),
    "compact": _plain("experiments.query", "compact"),
    "reproduce": _plain("experiments.reproduce"),
    "work": _plain("experiments.plan_files", "work"),
    "list": _list,
    "effects": _flagged("experiments.effects"),
    "docs": _plain("experiments.docs"),
    "calibrate": _flagged("experiments.calibration.command"),
    "identify": _flagged("experiments.identification.verb"),
    "validate": _flagged("experiments.judgement.validate"),
    "facts": _plain("experiments.facts.command"),
    "responses": _plain("experiments.responses.command"),
    "sensitivity": _flagged("experiments.sensitivity.verb"),
    "variance": _plain("experiments.draws.split"),
    "dashboard": _flagged("experiments.dashboard.command"),
    "attribute": _flagged("experiments.attribution.command"),
    "optimise": _flagged("experiments.optimisation.verb"),
    "discover": _flagged("experiments.discovery.verb"),
    "ask": _flagged("experiments.questions.verb"),
}


def _split(arguments: Sequence[str]) -> tuple[Flags, str, list[str]]:
    """Flags, verb and what follows; flags stand before the verb or right after it."""
    rest = list(arguments)
    given = _flags(rest)
    verb = rest.pop(0) if rest else "--help"
    return given | _flags(rest), verb, rest


def _flags(rest: list[str]) -> Flags:
    """Take the flags off the front of what is left."""
    found = set()
    while rest and rest[0] in FLAGS:
        found.add(rest.pop(0))
    if {"--new-store", "--accept-changed"} <= found:
        raise RefusedError("--new-store and --accept-changed exclude each other")
    return frozenset(found)


def _dispatch(verb: str, rest: list[str], flags: Flags) -> int:
    """Carry out one command."""
    if verb in HELP_FLAGS:
        print(USAGE)
        return DONE
    if verb not in VERBS:
        from difflib import get_close_matches

        near = get_close_matches(verb, VERBS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        told = verb if verb.isprintable() and len(verb) <= 60 else ascii(verb)[:60]
        raise RefusedError(f"{told} is an unknown verb; there are: {', '.join(VERBS)}.{hint}")
    if any(flag in rest for flag in HELP_FLAGS):
        from experiments.listing import help_text

        print(help_text(verb))
        return DONE
    if any(flag in rest for flag in SWEEP_FLAGS):
        if verb != "run":
            raise RefusedError(f"-m is for run: `run -m KEY=A,B` tries all values as one study; {verb} has none")
        from experiments.hydra_launcher import multirun

        return multirun([text for text in rest if text not in SWEEP_FLAGS], flags)
    if verb in ("main", "run") and any(text.split("=")[0] in HYDRA_FLAGS for text in rest):
        from experiments.compose import show_config

        show_config(verb, rest)
        return DONE
    return VERBS[verb](rest, flags)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("MPLBACKEND", "Agg")
    try:
        flags, verb, rest = _split(given)
        with interruptible():
            return _dispatch(verb, rest, flags)
    except KeyboardInterrupt:
        print("interrupted; finished runs are kept, the same command goes on", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as in `... | head`
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  (must stay open until the interpreter ends)
        return DONE
    except Exception as refused:
        if "--debug" in given:
            raise
        return _tell(refused)


def _tell(refused: Exception) -> int:
    """One line for each fault on stderr, and the exit code."""
    kind = type(refused).__name__
    codes = {"ScenarioError": REFUSED, "RefusedError": REFUSED, "CatalogueError": REFUSED, "StoreError": UNUSABLE}
    lines = str(refused).splitlines() if kind in codes else [f"{kind}: {refused}".splitlines()[0]]
    for line in lines:
        print(f"error: {line}", file=sys.stderr)
    return codes.get(kind, FAILED)


if __name__ == "__main__":
    sys.exit(main())
