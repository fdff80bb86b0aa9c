"""Integer accounts: nothing is lost, nothing is paid twice, nothing is carried over."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.money import YUAN_PER_MILLION, AccountsError, Ledger, to_yuan

LINES = ("grant", "award", "voucher")


@pytest.fixture
def ledger() -> Ledger:
    """A year opened with 1,000 yuan for grants."""
    made = Ledger(LINES)
    made.open_year()
    made.open_quarter()
    made.appropriate("grant", 1000)
    return made


def received(**yuan: int) -> np.ndarray:
    return np.array([yuan.get(line, 0) for line in LINES], np.int64)


@pytest.mark.parametrize(
    ("million", "yuan"), [(1.0, 1_000_000), (0.3, 300_000), (1e-6, 1), (0.0, 0), (-2.5, -2_500_000)]
)
def test_millions_become_whole_yuan(million, yuan):
    assert to_yuan(million) == yuan
    assert type(to_yuan(million)) is int


def test_rounding_is_to_the_nearest_yuan():
    assert to_yuan(1.4 / YUAN_PER_MILLION) == 1
    assert to_yuan(1.6 / YUAN_PER_MILLION) == 2
    assert to_yuan(np.float64(123_456.789012)) == 123_456_789_012


def test_payments_come_out_of_the_appropriation(ledger):
    ledger.pay("grant", 300)
    ledger.pay("grant", 200)
    assert ledger.left("grant") == 500
    assert ledger.disbursed_q.tolist() == [500, 0, 0]
    ledger.appropriate("grant", 50)
    assert ledger.left("grant") == 550
    ledger.pay("grant", 550)
    assert ledger.left("grant") == 0
    ledger.check(received(grant=1050))


@pytest.mark.parametrize("yuan", [1001, -1])
def test_more_than_is_left_or_less_than_nothing_is_refused_and_changes_nothing(ledger, yuan):
    with pytest.raises(AccountsError, match="grant"):
        ledger.pay("grant", yuan)
    with pytest.raises(AccountsError, match="negative"):
        ledger.appropriate("grant", -5)
    assert ledger.left("grant") == 1000
    assert ledger.disbursed_q.tolist() == [0, 0, 0]


def test_one_line_cannot_pay_for_another(ledger):
    with pytest.raises(AccountsError, match="award pays 1 yuan of 0 left"):
        ledger.pay("award", 1)


def test_an_unknown_line_is_refused(ledger):
    for act in (ledger.left, ledger.number, lambda line: ledger.pay(line, 0), lambda line: ledger.appropriate(line, 1)):
        with pytest.raises(ValueError, match="bribe"):
            act("bribe")


@pytest.mark.parametrize("got", [{"grant": 399}, {"grant": 401}, {"grant": 400, "award": 1}, {"award": 400}])
def test_disbursed_must_equal_received_on_every_line(ledger, got):
    ledger.pay("grant", 400)
    with pytest.raises(AccountsError, match="disbursed"):
        ledger.check(received(**got))
    ledger.check(received(grant=400))


def test_an_overdrawn_line_is_found_even_if_somebody_wrote_past_pay(ledger):
    ledger.available[0] = -1
    with pytest.raises(AccountsError, match="more than appropriated"):
        ledger.check(received())
    ledger.available[0] = 0
    ledger.disbursed_year[0] = 1001
    with pytest.raises(AccountsError, match="more than appropriated"):
        ledger.check(received())


def test_the_quarter_is_counted_anew_the_year_goes_on(ledger):
    ledger.pay("grant", 400)
    ledger.open_quarter()
    ledger.pay("grant", 100)
    ledger.check(received(grant=100))
    assert ledger.disbursed_year.tolist() == [500, 0, 0]


def test_a_closed_year_adds_up_and_nothing_is_carried_over(ledger):
    ledger.appropriate("voucher", 70)
    ledger.pay("grant", 400)
    ledger.close_year(2014)
    closed = ledger.years[2014]
    assert closed["grant"] == {"appropriated": 1000, "disbursed": 400, "unspent": 600}
    assert closed["voucher"] == {"appropriated": 70, "disbursed": 0, "unspent": 70}
    for line in LINES:
        assert closed[line]["appropriated"] == closed[line]["disbursed"] + closed[line]["unspent"]
        assert {type(v) for v in closed[line].values()} == {int}
    ledger.open_year()
    assert [ledger.left(line) for line in LINES] == [0, 0, 0]
    ledger.close_year(2015)
    assert ledger.years[2015]["grant"] == {"appropriated": 0, "disbursed": 0, "unspent": 0}
    assert closed["grant"]["appropriated"] == 1000


def test_large_sums_are_exact():
    ledger = Ledger(LINES)
    ledger.appropriate("grant", 3_000_000_000_000_007)
    for _ in range(3):
        ledger.pay("grant", 1_000_000_000_000_002)
    assert ledger.left("grant") == 1


def test_money_moved_between_lines_is_conserved_and_can_be_paid(ledger):
    ledger.appropriate("award", 10)
    ledger.transfer("grant", "award", 400)
    assert (ledger.left("grant"), ledger.left("award")) == (600, 410)
    assert ledger.appropriated_year.tolist() == [600, 410, 0]
    ledger.pay("award", 410)
    ledger.check(received(award=410))
    ledger.close_year(2014)
    assert ledger.years[2014]["award"] == {"appropriated": 410, "disbursed": 410, "unspent": 0}
    assert sum(line["appropriated"] for line in ledger.years[2014].values()) == 1010


@pytest.mark.parametrize("yuan", [701, -1])
def test_only_money_that_is_left_can_be_moved(ledger, yuan):
    ledger.pay("grant", 300)
    with pytest.raises(AccountsError, match="grant gives"):
        ledger.transfer("grant", "voucher", yuan)
    assert (ledger.left("grant"), ledger.left("voucher")) == (700, 0)
    with pytest.raises(ValueError, match="bribe"):
        ledger.transfer("grant", "bribe", 1)
    assert ledger.left("grant") == 700
