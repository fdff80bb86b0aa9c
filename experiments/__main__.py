"""The command line: `innopolicy VERB KEY=VALUE ...`, or `python -m experiments VERB KEY=VALUE ...`.

Exit codes: 0 done, 1 a run failed, 2 the request is refused (nothing was written), 3 the store is busy or unusable.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

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
FLAGS = ("--debug",)
DONE, FAILED, REFUSED, UNUSABLE = 0, 1, 2, 3
INTERRUPTED = 130
USAGE = """usage: innopolicy [--debug] VERB [KEY=VALUE ...]
       (or: python -m experiments VERB ...)

  main      history and the five plans, 32 paired replicates each, into
            results/main/ (what `make run` does)
  run       one scenario:
            run scenario=plan_a_2014 lever.innovation_voucher.budget_y=50
  effects   each lever tried alone under paired seeds: what it moves, and what
            100 million yuan of it buy (what `make effects` does)
  report    files of a finished study again: report study=main
  list      levers | scenarios | targets | parameters | indicators |
            instruments | rules | actors  [COLUMN=VALUE ...]
            timeline scenario=plan_b_2014 (which levers are in force when, and
            at what dose)
  docs      the generated tables of the documents again

VERB --help lists its keys with unit, range and default. --debug (before the
verb or right after it) shows tracebacks. --cfg job after `run` prints the
composed configuration (Hydra)."""


class RefusedError(Exception):
    """A request that cannot be understood; the message is one line."""


def _main(arguments: Sequence[str], debug: bool) -> int:
    from experiments.compose import compose_request
    from experiments.study import run_study

    return run_study(compose_request(arguments, MAIN_SCENARIOS, MAIN_STUDY), debug=debug)


def _run(arguments: Sequence[str], debug: bool) -> int:
    from experiments.compose import compose_request
    from experiments.study import run_study

    return run_study(compose_request(arguments), debug=debug)


def _report(arguments: Sequence[str], debug: bool) -> int:
    from experiments.compose import request_of
    from experiments.study import again, read_manifest

    return again(request_of(arguments, read_manifest, MAIN_STUDY))


def _list(arguments: Sequence[str], debug: bool) -> int:
    from experiments.listing import list_rows

    print(list_rows(arguments))
    return DONE


def _effects(arguments: Sequence[str], debug: bool) -> int:
    from importlib import import_module

    return int(import_module("experiments.effects").main(list(arguments)))


def _docs(arguments: Sequence[str], debug: bool) -> int:
    from importlib import import_module

    return int(import_module("experiments.docs").main(list(arguments)) or DONE)


VERBS: dict[str, Callable[[Sequence[str], bool], int]] = {
    "main": _main,
    "run": _run,
    "report": _report,
    "list": _list,
    "effects": _effects,
    "docs": _docs,
}


def _split(arguments: Sequence[str]) -> tuple[bool, str, list[str]]:
    """Debug flag, verb and what follows; flags stand before the verb or right after it."""
    rest = list(arguments)
    debug = False
    while rest and rest[0] in FLAGS:
        debug = rest.pop(0) == "--debug"
    verb = rest.pop(0) if rest else "--help"
    while rest and rest[0] in FLAGS:
        debug = rest.pop(0) == "--debug"
    return debug, verb, rest


def _dispatch(verb: str, rest: list[str], debug: bool) -> int:
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
        raise RefusedError(
            "-m: one command runs one value of a key; give a command for each value, with study=NAME for each"
        )
    if verb in ("main", "run") and any(text.split("=")[0] in HYDRA_FLAGS for text in rest):
        from experiments.compose import show_config

        show_config(verb, rest)
        return DONE
    return VERBS[verb](rest, debug)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    debug, verb, rest = _split(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("MPLBACKEND", "Agg")
    try:
        return _dispatch(verb, rest, debug)
    except KeyboardInterrupt:
        print("interrupted; finished runs are kept, the same command goes on", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as in `... | head`
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  (must stay open until the interpreter ends)
        return DONE
    except Exception as refused:
        if debug:
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
