"""Keyed random draws: one uniform number for each (seed, replicate, agent, quarter, decision), whatever else happens.

Philox 4x32 with 10 rounds (Salmon, Moraes, Dror and Shaw 2011): key = (seed, replicate), counter = (uid, quarter,
block, 0). Each block gives four words; a named stream is one word of a block, and its number (4 x block + word) is
never changed. So a policy, an entrant or another order of rows cannot shift anybody's draws.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.core.columns import Columns
from sim.core.kernels import bits_float, inline, kernel

Uniforms = npt.NDArray[np.float64]
WORDS = 4
PROVINCE_UID = 0xFFFFFFFF
PROVINCE = np.array([PROVINCE_UID])


@inline
def _uniform32(word: int) -> float:
    return (bits_float(word | 0x4330000000000000) - 4503599627370495.5) * 2.3283064365386963e-10


@kernel
def philox(
    uids: npt.NDArray[np.int64], quarter: int, block: int, seed: int, replicate: int,
    first: Uniforms, second: Uniforms, third: Uniforms, fourth: Uniforms,
) -> None:  # fmt: skip
    """Fill four arrays, shape (n,) each, with the four uniforms in (0, 1) of uids[j]."""
    mask = 0xFFFFFFFF
    for j in range(uids.size):
        c0, c1, c2, c3 = int(uids[j]) & mask, quarter & mask, block & mask, 0
        k0, k1 = seed & mask, replicate & mask
        for _ in range(10):
            p0 = 0xD2511F53 * c0
            p1 = 0xCD9E8D57 * c2
            c0 = ((p1 >> 32) & mask) ^ c1 ^ k0
            c1 = p1 & mask
            c2 = ((p0 >> 32) & mask) ^ c3 ^ k1
            c3 = p0 & mask
            k0 = (k0 + 0x9E3779B9) & mask
            k1 = (k1 + 0xBB67AE85) & mask
        first[j] = _uniform32(c0)
        second[j] = _uniform32(c1)
        third[j] = _uniform32(c2)
        fourth[j] = _uniform32(c3)


@kernel
def join(high: Uniforms, low: Uniforms, out: Uniforms) -> None:
    """Fill out[j] with 27 bits of high[j] above those of low[j], held inside (0, 1)."""
    for j in range(out.size):
        fine = np.floor(high[j] * 134217728.0) * 7.450580596923828e-09 + low[j] * 7.450580596923828e-09
        out[j] = min(max(fine, 2.0**-54), 1.0 - 2.0**-53)


class Draws:
    """The draws of one run. `numbers` maps a stream's name to its number (catalogue/streams.csv)."""

    def __init__(self, seed: int, replicate: int, numbers: Mapping[str, int]) -> None:
        self.seed, self.replicate, self.numbers = int(seed), int(replicate), dict(numbers)
        self.quarter = 0
        self._places = {name: divmod(number, WORDS) for name, number in self.numbers.items()}  # block and word
        # words of a block that were ever asked for, by their number; the others are written over and forgotten
        self._blocks: dict[tuple[str, int, int], dict[int, Uniforms]] = {}
        self._forgotten: Uniforms = np.empty((WORDS, 0))
        self._fresh: dict[tuple[str, int, int], int] = {}  # block -> births of its kind when it was drawn
        self._asked = b""  # the uids that were asked for last
        self._born: dict[int, Uniforms] = {}  # their blocks
        self._province: dict[int, list[float]] = {}  # blocks of the province as a whole

    def open_quarter(self, quarter: int) -> None:
        """From here on the draws are those of the quarter (0 = first of the run; -1 = start state)."""
        self.quarter = quarter
        self._fresh.clear()
        self._born.clear()
        self._province.clear()

    def _draw(self, uids: npt.NDArray[np.int64], block: int) -> Uniforms:
        drawn: Uniforms = np.empty((WORDS, uids.size))
        philox(uids, self.quarter, block, self.seed, self.replicate, *drawn)
        return drawn

    def uniform(self, stream: str, columns: Columns) -> Uniforms:
        """Uniforms in (0, 1) with 32 bits, shape (capacity,), for every row (the dead too). Do not write into it."""
        return self._word(columns, *self._places[stream])

    def _word(self, columns: Columns, block: int, word: int) -> Uniforms:
        key = (columns.kind, block, columns.capacity)
        held = self._blocks.setdefault(key, {})
        if word not in held:
            held[word] = np.empty(columns.capacity)
            self._fresh.pop(key, None)
        if self._fresh.get(key) != columns.births:
            if self._forgotten.shape[1] < columns.capacity:
                self._forgotten = np.empty((WORDS, columns.capacity))
            out = [held.get(w, self._forgotten[w, : columns.capacity]) for w in range(WORDS)]
            philox(columns.uid, self.quarter, block, self.seed, self.replicate, *out)
            self._fresh[key] = columns.births
        return held[word]

    def uniform_for(self, stream: str, uids: npt.ArrayLike) -> Uniforms:
        """Uniforms in (0, 1) of given uids, shape (n,); for agents that are being born."""
        ids = np.ascontiguousarray(uids, np.int64)  # of one axis at least
        block, word = self._places[stream]
        asked = ids.tobytes()  # a copy that is compared in no time
        if asked != self._asked:
            self._asked, self._born = asked, {}
        held = self._born.get(block)
        if held is None:  # the four streams of a block are drawn together
            held = self._born[block] = self._draw(ids, block)
        drawn: Uniforms = held[word]
        return drawn

    def uniform53(self, stream: str, columns: Columns) -> Uniforms:
        """Uniforms with 53 bits, shape (capacity,), for tails; the stream owns its block (number divisible by 4)."""
        block, word = self._places[stream]
        if word:
            raise ValueError(f"stream {stream} needs a block of its own: a number divisible by {WORDS}")
        high, low = self._word(columns, block, 0), self._word(columns, block, 1)
        fine: Uniforms = np.empty(columns.capacity)
        join(high, low, fine)
        return fine

    def province(self, stream: str) -> float:
        """One uniform in (0, 1) for the province as a whole."""
        block, word = self._places[stream]
        held = self._province.get(block)
        if held is None:
            held = self._province[block] = self._draw(PROVINCE, block)[:, 0].tolist()
        return held[word]
