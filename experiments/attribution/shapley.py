"""Exact Shapley values of a game and the interaction of its players by pairs, in rational arithmetic.

A game of n players is 2^n values, one for each coalition; bit i of a value's place says whether player i is in. The
Shapley value of a player is its contribution to the coalition of those before it, averaged over all n! orders in which
they may come (Shapley 1953). The interaction of two is what both add together beyond what each adds alone, averaged in
the same way (Owen 1972, Grabisch and Roubens 1999). A float is a fraction whose denominator is a power of two, so all
of it is done in whole numbers: the parts sum to the difference of full and empty coalition without any remainder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

MOST_PLAYERS = 8
Number = float | Fraction
Pairs = dict[tuple[int, int], Fraction]


def players(game: Sequence[Number]) -> int:
    """How many players a game has. Raises ValueError where its length is no power of two, or has too many players."""
    n = len(game).bit_length() - 1
    if len(game) != 1 << max(n, 0) or not 1 <= n <= MOST_PLAYERS:
        raise ValueError(f"a game has 2 to {1 << MOST_PLAYERS} values, a power of two; this one has {len(game)}")
    return n


def _whole(game: Sequence[Number]) -> tuple[list[int], int]:
    """The values as whole numbers over one denominator. Raises ValueError where one is not finite."""
    if not all(math.isfinite(value) for value in game):
        raise ValueError("a coalition has no finite value")
    ratios = [value.as_integer_ratio() for value in game]
    below = math.lcm(*(denominator for _, denominator in ratios))
    return [above * (below // denominator) for above, denominator in ratios], below


def shapley(game: Sequence[Number]) -> list[Fraction]:
    """The Shapley value of each player; they sum exactly to game[-1] - game[0]."""
    n = players(game)
    whole, below = _whole(game)
    weight = [math.factorial(size) * math.factorial(n - size - 1) for size in range(n)]
    found = []
    for bit in (1 << i for i in range(n)):
        worth = sum(
            weight[others.bit_count()] * (whole[others | bit] - whole[others])
            for others in range(1 << n)
            if not others & bit
        )
        found.append(Fraction(worth, below * math.factorial(n)))
    return found


def interactions(game: Sequence[Number]) -> Pairs:
    """The Shapley interaction index of each pair of players: above zero, they do more together than apart."""
    n = players(game)
    whole, below = _whole(game)
    found: Pairs = {}
    for i, j in combinations(range(n), 2):
        one, other, both = 1 << i, 1 << j, 1 << i | 1 << j
        worth = sum(
            math.factorial(rest.bit_count()) * math.factorial(n - rest.bit_count() - 2)
            * (whole[rest | both] - whole[rest | one] - whole[rest | other] + whole[rest])
            for rest in range(1 << n)
            if not rest & both
        )  # fmt: skip
        found[i, j] = Fraction(worth, below * math.factorial(n - 1))
    return found
