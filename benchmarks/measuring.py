"""The measurements in the order of the page: each function gives the rows of one group of goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from benchmarks import agent_sets, instructions, pairing, processes, timing
from benchmarks.goals import Row, Size, at_least, at_most, for_information
from benchmarks.yardstick import bare_run
from sim.agents.firm import Firm
from sim.core.columns import Columns

FEW = 3  # repeats of what is long or steady


@dataclass
class Page:
    """What was measured so far: rows, the table of steps, and the figures that are kept by release."""

    rows: list[Row] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    figures: dict[str, float | None] = field(default_factory=dict)


def full_runs(page: Page, size: Size) -> None:
    """Whole runs against the yardstick, and where their time goes."""
    default, every = timing.history(size.k, size.end), timing.history(size.k, size.end, "all_plans")
    plain, all_plans = timing.against_yardstick([default, every], size.yardstick_firms, size.repeats)
    beside = f"{1e3 * plain.seconds:.0f} ms CPU, {1e3 * plain.build:.0f} of them to build; {1e3 * plain.yardstick:.1f}"
    page.rows += [
        at_most("build and full default run over the yardstick, one core", plain.ratio,
                f"{plain.ratio:.1f}x ({beside} ms)", 8, 4),
        at_most("the same with every lever of the plans (scenario all_plans)", all_plans.ratio,
                f"{all_plans.ratio:.1f}x ({1e3 * all_plans.seconds:.0f} ms CPU)", 8, 4),
        for_information("a firm and quarter in the full default run, everything included",
                        f"{plain.nanoseconds:.0f} ns, {plain.by_firm:.1f}x the yardstick's"),
    ]  # fmt: skip
    page.figures |= {"full_run": plain.ratio, "every_lever": all_plans.ratio}
    spent = [timing.by_step(default) for _ in range(min(size.repeats, FEW))]
    steps_table(page, min(spent, key=lambda one: one["all"]))
    layer = timing.mesa_layer(size.yardstick_firms, size.repeats)
    page.rows.append(at_most("Mesa's layer over the bare kernels (yardstick as a Mesa model with DataCollector)",
                             100 * layer, f"{100 * layer:.1f} %", 10, 5, " %"))  # fmt: skip


def steps_table(page: Page, spent: dict[str, float]) -> None:
    """Shares of the steps, the largest first; and the row of what lies around the steps."""
    whole = spent.pop("all")
    inside = sum(spent.values())
    around = 100 * (whole / inside - 1.0)
    page.rows.append(at_most("Mesa's layer and all else around the steps of the full run", around, f"{around:.1f} %",
                             10, 5, " %"))  # fmt: skip
    ranked = sorted(spent.items(), key=lambda item: -item[1])
    page.steps = ["| step | ms a run | share |", "|---|---|---|"]
    page.steps += [f"| {name} | {1e3 * s:.1f} | {100 * s / inside:.1f} % |" for name, s in ranked]


def twin(page: Page, size: Size) -> None:
    """The plain-Mesa twin."""
    plain, columnar, ratio = timing.twin_ratio(size.twin_firms, size.twin_quarters)
    page.rows.append(at_least(
        f"nine mechanisms, {size.twin_firms:,} firms: plain-Mesa twin against columns", ratio,
        f"{ratio:.0f}x ({1e3 * plain:.0f} ms against {1e3 * columnar:.2f} ms a quarter)", 100, 200))  # fmt: skip
    page.figures["twin"] = ratio


def scaling(page: Page, size: Size) -> None:
    """Cost a firm and quarter by number of firms, four quarters of the whole model."""
    least, small, large, huge = size.sizes
    grown = timing.growth_with_size(size.sizes, min(size.repeats, FEW))
    bare = median(timing.cpu(lambda: bare_run(large, 4)) for _ in range(3)) / (4 * large)
    goal = "cost a firm and quarter, {:,} firms against {:,} (whole model, four quarters)"
    for n, bar in ((large, 1.3), (huge, 2.5)):
        share = grown[n] / grown[small]
        page.rows.append(at_most(goal.format(n, small), share, f"{share:.2f}x ({grown[n]:.0f} ns)", bar))
    page.rows.append(for_information(goal.format(least, small),
                                     f"{grown[least] / grown[small]:.1f}x ({grown[least]:.0f} ns)"))  # fmt: skip
    over = 1e-9 * grown[large] / bare
    page.rows.append(for_information(f"the same at {large:,} firms over the yardstick's", f"{over:.1f}x"))
    page.figures["firm_quarter"] = over


def agents(page: Page, size: Size) -> None:
    """Agents in columns against Mesa's."""
    n, repeats = size.agents, min(size.repeats, FEW)
    made, attributes = agent_sets.creation(n, repeats)
    page.rows.append(at_least(f"creating {n:,} agents of {attributes} attributes, against Mesa's create_agents",
                              made.ratio, _times(made), 20))  # fmt: skip
    copied, stock = agent_sets.collection(n, repeats)
    what = f"collecting {len(agent_sets.COLLECTED)} attributes of {n:,} agents: "
    page.rows.append(for_information(f"{what}columns copied, against Mesa's DataCollector", _times(copied)))
    page.rows.append(for_information(f"{what}Mesa's DataCollector on columns and on its own agents", _times(stock)))
    for call, found in agent_sets.set_methods(n, repeats).items():
        page.rows.append(for_information(f"`agents.{call}` of {n:,}, against Mesa's own set", _times(found)))


def _times(found: agent_sets.Against) -> str:
    return f"{found.ratio:.3g}x ({1e3 * found.ours:.3g} ms, {1e3 * found.theirs:.3g} ms)"


def pairs(page: Page, size: Size) -> None:
    """What the same draws save, for every headline outcome."""
    for gain in pairing.pairing(size.sweep_k, size.replicates, size.end):
        goal = f"same draws in both scenarios: fewer runs for the effect on {gain.outcome}"
        text = f"{gain.times:.3g}x ({gain.low:.3g} to {gain.high:.3g})"
        judged = gain.outcome in pairing.JUDGED
        page.rows.append(at_least(goal, gain.times, text, 10, 100) if judged else for_information(goal, text))


def memory_and_start(page: Page, size: Size) -> None:
    """Memory, start and compilation."""
    state, terms = Columns("firm", Firm.declared(), 1).bytes_per_row()
    if size.cold:
        processes.fresh(size.k, size.end)  # fills the cache where it is not
    warm, worker = processes.fresh(size.k, size.end), processes.worker(size.k, size.end)
    parts = ", ".join(f"{name} {warm[name]:.1f} s" for name in ("import", "compose", "build", "run"))
    parts += f"; {warm['cpu']:.1f} s CPU"
    page.rows += [
        at_most("bytes a firm slot: state", state, f"{state}", 600, None, ""),
        at_most("bytes a firm slot: policy terms", terms, f"{terms}", 400, None, ""),
        at_most("memory of a run: peak of what it allocates", warm["held"], f"{warm['held']:.1f} MiB", 32, None, " MB"),
        at_most("peak memory of a process with one run", warm["peak"], f"{warm['peak']:.0f} MiB", 400, None, " MB"),
        at_most("peak memory of a warm worker", worker.peak, f"{worker.peak:.0f} MiB", 400, None, " MB"),
        at_most("start with a warm cache: import + build + first run", warm["all"], f"{warm['all']:.1f} s ({parts})",
                4, None, " s"),
        at_most("start of a worker to its first result", worker.start, f"{worker.start:.1f} s", 2, None, " s"),
    ]  # fmt: skip


def compilation(page: Page, size: Size) -> None:
    """What is compiled once, and that it is then read."""
    if not size.cold:
        return
    cold, second = processes.cold_and_warm(40, size.end)
    page.rows += [
        at_most(f"first process on an empty cache ({cold['misses']} compilations), CPU time", cold["cpu"],
                f"{cold['cpu']:.0f} s ({cold['all']:.0f} s wall)", 30, 20, " s"),
        at_most("second process: compilations", second["misses"], f"{second['misses']} ({second['hits']} cache hits)",
                0, None, ""),
    ]  # fmt: skip


def sweeps(page: Page, size: Size) -> None:
    """Workers and the store."""
    ratios, one = [], 0.0
    for _ in range(size.sweeps):
        one = processes.sweep(size.sweep_k, size.end, size.runs, 1)
        ratios.append(one / processes.sweep(size.sweep_k, size.end, size.runs, 2))
    twice = median(ratios)
    page.rows.append(at_least(f"2 workers against 1, {size.runs} runs at k = {size.sweep_k}, warm workers, wall time",
                              twice, f"{twice:.2f}x (1 worker: {one:.2f} s)", 1.8, 1.9))  # fmt: skip
    for k in dict.fromkeys((size.k, size.sweep_k)):
        kept, ran = processes.bookkeeping(k, size.end, size.repeats)
        text = f"{100 * kept / ran:.1f} % ({1e3 * kept:.1f} ms a run of {1e3 * ran:.0f} ms)"
        goal = f"store and bookkeeping a run (k = {k})"
        is_long = ran >= 0.1  # the goal is for runs of a tenth of a second or more
        row = at_most(goal, 100 * kept / ran, text, 5, 2, " %") if is_long else for_information(goal, text)
        page.rows.append(row)


def counted(page: Page, size: Size) -> None:
    """Instructions, where valgrind is there; a clear line where it is not."""
    goal = "instructions a quarter at k = 40 (cachegrind)"
    if not size.cold:
        return
    if not instructions.is_available():
        page.rows.append(for_information(goal, "not counted: there is no valgrind here"))
        return
    try:
        found = instructions.a_quarter(40)
    except RuntimeError as failed:
        page.rows.append(for_information(goal, str(failed)))
        return
    page.figures["instructions"] = found
    page.rows.append(for_information(goal, f"{found / 1e6:.1f} million"))


KEPT: tuple[Callable[[Page, Size], None], ...] = (full_runs, twin, scaling, counted)  # by release
REST: tuple[Callable[[Page, Size], None], ...] = (agents, pairs, memory_and_start, compilation, sweeps)
