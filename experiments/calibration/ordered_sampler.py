"""A sampler for pyabc whose particles do not depend on how many processes there are, nor on which is faster.

Evaluation number i of a generation draws from a generator seeded by (seed, generation, i); the first n accepted by
number are the generation, whatever else was tried meanwhile. So a fit is the same bit for bit with any number of
workers, and after a kill a generation that is begun anew is the same again.

Imported where pyabc is installed.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from typing import Any

import cloudpickle
import numpy as np
from pyabc.population import Particle, Sample
from pyabc.sampler import Sampler

CHUNK = 8  # evaluations a task
AHEAD = 3  # tasks that wait for each worker
LEAST_ACCEPTED = 0.003  # share of the runs; below, a generation would not end in any time worth waiting
LINE = 10.0  # seconds between two lines of progress
Chunk = tuple[list[tuple[int, Particle]], int]  # accepted particles with their number, and how many runs failed
_known: tuple[bytes, Callable[[], Particle]] | None = None  # what this process tried last


def evaluate(blob: bytes, seed: int, t: int, first: int) -> Chunk:
    """Evaluations first to first + CHUNK - 1 of generation t. blob : the pickled proposal and run of one particle."""
    global _known
    if _known is None or _known[0] != blob:
        _known = (blob, cloudpickle.loads(blob))
    accepted, failed = [], 0
    for number in range(first, first + CHUNK):
        np.random.seed(np.random.SeedSequence((seed, t + 1, number)).generate_state(4))  # noqa: NPY002
        particle = _known[1]()
        failed += not all(np.isfinite(value).all() for value in particle.sum_stat.values())
        if particle.accepted:
            accepted.append((number, particle))
    return accepted, failed


class ExhaustedError(RuntimeError):
    """Hardly any run is near enough: the generation was given up, what is kept stays as it was."""


class OrderedSampler(Sampler):  # type: ignore[misc]  # pyabc has no types
    """Takes the first n accepted particles by number.

    Parameters
    ----------
    seed : of proposals and replicates.
    pool, workers : processes that evaluate; without a pool this one does.
    what : how a line of progress begins; nothing is told when empty.
    """

    def __init__(self, seed: int, pool: Executor | None = None, workers: int = 1, what: str = "") -> None:
        super().__init__()
        self.seed, self.pool, self.workers, self.what = seed, pool, workers, what
        self.failures = 0

    def sample_until_n_accepted(
        self, n: int, simulate_one: Callable[[], Particle], t: int, *, max_eval: float = np.inf,
        all_accepted: bool = False, ana_vars: Any = None,
    ) -> Sample:  # fmt: skip
        """The first n accepted particles of generation t; see pyabc."""
        sample, begun, said = self._create_empty_sample(), time.perf_counter(), time.perf_counter()
        self.failures = 0
        chunks = self._chunks(cloudpickle.dumps(simulate_one), t)
        for done, (accepted, failed) in enumerate(chunks, 1):
            self.failures += failed
            for number, particle in accepted:
                sample.append(particle)
                self.nr_evaluations_ = number + 1
                if sample.n_accepted == n:
                    chunks.close()
                    return sample
            if done * CHUNK * LEAST_ACCEPTED > n > sample.n_accepted:
                chunks.close()
                raise ExhaustedError(f"{sample.n_accepted} of {done * CHUNK} runs are near enough, {failed} of the"
                                     f" last {CHUNK} failed")  # fmt: skip
            now = time.perf_counter()
            if self.what and now - said > LINE:
                said, tried = now, done * CHUNK
                rate = tried / (now - begun)
                print(f"{self.what}: {sample.n_accepted}/{n} accepted of {tried} runs, {rate:.3g} a second",
                      file=sys.stderr, flush=True)  # fmt: skip
        raise AssertionError("evaluations do not end")

    def _chunks(self, blob: bytes, t: int) -> Generator[Chunk, None, None]:
        """Chunks of evaluations in order, without end."""
        first = 0
        waiting: deque[Future[Chunk]] = deque()
        try:
            while True:
                if self.pool is None:
                    yield evaluate(blob, self.seed, t, first)
                    first += CHUNK
                    continue
                while len(waiting) < AHEAD * self.workers:
                    waiting.append(self.pool.submit(evaluate, blob, self.seed, t, first))
                    first += CHUNK
                yield waiting.popleft().result()
        finally:
            for task in waiting:
                task.cancel()
