"""The same bytes in a new process, whatever its locale, time zone, hash seed or threads, and without the compiler.

Other processors: tests/regression/test_processors.py.
"""

from __future__ import annotations

import pytest

from tests.behaviour.runs import digest, digest_elsewhere, outcome

SHORT = ("population=tiny", "end=2012Q4")
SMALLEST = ("population.k=400", "end=2011Q4")
ABROAD = {
    "PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Asia/Kathmandu",
    "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "40",
}  # fmt: skip


@pytest.mark.parametrize("environment", [{"PYTHONHASHSEED": "0"}, ABROAD], ids=["fresh", "abroad"])
def test_a_new_process_gives_the_same_bytes(environment):
    assert digest_elsewhere(SHORT, **environment) == digest(outcome("history", *SHORT))


def test_plain_python_gives_the_same_bytes_as_the_compiler():
    assert digest_elsewhere(SMALLEST, SIM_NOJIT="1") == digest(outcome("history", *SMALLEST))


def test_another_run_has_another_digest():
    """Vacuity guard: the digest tells runs apart."""
    assert digest(outcome("history", *SMALLEST)) != digest(outcome("history", *SMALLEST, replicate=1))
