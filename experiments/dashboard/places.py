"""Counts who is inside: connections and users, in total and for each peer, none beyond its limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SOCKETS_A_USER = 10  # a browser opens six at a time, and one stays
SPARE_SOCKETS = 40


@dataclass(frozen=True)
class Limits:
    """How many at a time: users (open pages) and sockets, in total and for each peer address."""

    users: int
    users_a_peer: int
    sockets: int
    sockets_a_peer: int


def limits_for(users: int, is_public: bool) -> Limits:
    """Limits for so many users. On loopback all have one address; in public one address is a few people."""
    sockets = SOCKETS_A_USER * users + SPARE_SOCKETS
    if not is_public:
        return Limits(users, users, sockets, sockets)
    own = max(2, users // 4)
    return Limits(users, min(own, users), sockets, SOCKETS_A_USER * own)


@dataclass
class Places:
    """Places of one kind that are taken."""

    most: int
    most_a_peer: int
    by_peer: Counter[str] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        """How many places are taken in all."""
        return self.by_peer.total()

    def are_free(self, peer: str) -> bool:
        """Whether one more of this peer finds a place."""
        return self.taken < self.most and self.by_peer[peer] < self.most_a_peer

    @contextmanager
    def one(self, peer: str) -> Iterator[bool]:
        """Hold a place while inside; false where there is none."""
        if not self.are_free(peer):
            yield False
            return
        self.by_peer[peer] += 1
        try:
            yield True
        finally:
            self.by_peer[peer] -= 1
            if not self.by_peer[peer]:
                del self.by_peer[peer]  # else every address that ever came would be remembered
