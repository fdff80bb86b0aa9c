"""Each kind of answer on a stand-in whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.questions.answer import answer
from experiments.questions.finding import Case, Finding, Number
from experiments.questions.kinds import KINDS, module_of
from experiments.questions.kinds.split import PARTS
from experiments.questions.question import CENTRAL, STRONG, WEAK
from experiments.questions.sweeps import crossings, dose_for
from sim.catalogue.loader import catalogue
from tests.questions import own_questions
from tests.questions.own_questions import answered, own
from tests.questions.planted import SHARES, cases, posed_of


@pytest.fixture
def found(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Finding and case of a kind's own question, or of another text."""

    def made(kind: str, text: str = "") -> tuple[Finding, Case]:
        if text:
            held = cases(posed_of(own(tmp_path, monkeypatch, text))[0])
        else:
            *_, held = answered(kind, tmp_path_factory.getbasetemp())
        return module_of(kind).answer(held[CENTRAL]), held[CENTRAL]

    return made


def numbers(finding: Finding) -> dict[str, Number]:
    return {one.key: one for one in finding.numbers}


def test_every_kind_has_its_question_here():
    assert set(own_questions.KINDS) == set(KINDS)


def test_reaches_counts_the_runs_that_meet_each_target_and_all_at_once(found):
    finding, case = found("reaches")
    by = {key: one for row in finding.tables[1].rows for one in row if isinstance(one, Number) for key in [one.key]}
    # 800 + 10 r + 2 x 92 >= 1000 for r = 2, 3 of four; without the pool for none
    assert by["probability:pool:a_hnte"].middle == 0.5
    assert by["probability:base:a_hnte"].middle == 0.0
    assert by["value:pool:a_hnte"].middle == pytest.approx(999.0)
    assert by["gap:pool:a_hnte"].middle == pytest.approx(-1.0)
    assert by["probability:base:a_tech_contract"].middle == 1.0
    assert by["year:base:a_tech_contract"].middle == 2011.0
    assert numbers(finding)["together:0:pool"].middle == 0.5
    assert "1 of 2 targets" in finding.said[-1].lead[0]
    assert "Technology contract turnover" in finding.said[-1].points[0][0]
    assert "2014" not in by or by["year:pool:a_hnte"].high is not None
    assert case.reference.years[-1] == 2021


def test_dose_finds_the_least_dose_and_says_when_there_is_none(found):
    finding, _ = found("dose")
    by = numbers(finding)
    # each run crosses at (200 - 10 r) / 2 = 100, 95, 90, 85; three of four are there at 95
    assert by["dose:pool:a_hnte"].middle == pytest.approx(95.0)
    assert by["dose:pool:a_hnte"].low == pytest.approx(85.0)
    assert by["dose:pool:a_hnte"].high == np.inf, "four runs cannot bound a quantile of three quarters from above"
    assert "beyond the range" in finding.said[0].lead[0]
    assert by["dose:pool:d_hnte"].middle is None
    assert "no dose" in finding.said[1].lead[0]
    assert "均不能满足" in finding.said[1].lead[1]


def test_dose_at_the_easy_end_is_said_to_be_enough_at_once(found):
    text = own_questions.KINDS["dose"].replace("[0, 50, 120]", "[150, 160, 170]").replace("a_hnte, d_hnte", "a_hnte")
    finding, _ = found("dose", text)
    assert numbers(finding)["dose:pool:a_hnte"].middle == 150.0
    assert "lowest dose tried" in finding.said[0].lead[0]


def test_the_most_that_does_no_harm_falls_where_the_runs_say(found):
    text = (
        own_questions.HEAD + "kind: dose\nvariants:\n  plans: {title_en: Plans, title_zh: 规划}\ndose:\n"
        "  sweep: {lever.centre_recognition.elimination: [0, 0.05, 0.2]}\n"
        "  targets: [b_tc_total]\n  probability: 0.75\n  wanted: most\n"
    )
    finding, _ = found("dose", text)
    # 1100 - 10 r - 1000 e >= 1000 up to e = 0.1 - 0.01 r: three of four up to 0.08
    assert numbers(finding)["dose:plans:b_tc_total"].middle == pytest.approx(0.08)
    assert "至多" in finding.said[0].lead[1]


def test_runs_that_never_cross_make_the_quantile_infinite():
    values = np.array([[-2.0, -2.0, -1.0, -1.0], [-1.0, -1.0, 1.0, 1.0]])
    own_doses = crossings([0.0, 10.0], values, is_least=True)
    assert own_doses.tolist() == [np.inf, np.inf, 5.0, 5.0]
    assert dose_for(own_doses, 0.5, is_least=True)[0] == 5.0
    assert dose_for(own_doses, 0.75, is_least=True)[0] == np.inf


def test_a_dip_between_two_doses_is_made_monotone():
    values = np.array([[-3.0], [1.0], [-1.0], [2.0]])
    assert crossings([0.0, 1.0, 2.0, 3.0], values, is_least=True)[0] == pytest.approx(1.0)


def test_enough_stops_at_the_last_step_that_adds(found):
    finding, _ = found("enough")
    by = numbers(finding)
    assert by["dose:plain:firm_patent_applications"].middle == 20.0
    assert by["gain:plain:firm_patent_applications"].middle == pytest.approx(20.0)
    assert "beyond" in finding.said[0].lead[0]


def test_enough_does_not_claim_an_end_that_lies_outside(found):
    finding, _ = found("enough", own_questions.KINDS["enough"].replace("[0, 10, 20, 40]", "[0, 10, 20]"))
    assert "未见饱和" in finding.said[0].lead[1]


def test_buys_ranks_by_the_effect_of_the_money_that_was_paid(found):
    finding, _ = found("buys")
    by = numbers(finding)
    # vouchers: 0.02 x 100 for 80 million yuan paid a year, grants half of that
    assert next(iter(by)) == "per_100m:vouchers"
    assert by["per_100m:vouchers"].middle == pytest.approx(2.5)
    assert by["per_100m:grants"].middle == pytest.approx(1.25)
    assert by["first:vouchers"].middle == 1.0


def test_compare_gives_paired_differences_without_the_noise_of_replicates(found):
    finding, _ = found("compare")
    by = numbers(finding)
    effect = by["difference:grants:rd_actual::2020"]
    assert (effect.middle, effect.low, effect.high) == pytest.approx((1.0, 1.0, 1.0))
    assert by["difference:help:ind_firms_with_rd:size=large:2020"].middle == pytest.approx(0.4 * 50.0)
    assert by["level:grants:books.rd_grant.disbursed::sum"].middle == pytest.approx(0.8 * 100.0 * 8)
    # help lets nobody of the stand-in spend more: with one agent for 40 that is no proof that nobody does
    assert "本次运行无法分辨（1家模拟企业代表40家）" in finding.said[1].lead[1]
    assert by["difference:help:rd_actual::2020"].is_too_small
    assert by["cost:help"].is_too_small, "where firms may move unseen, so may money"
    assert not by["cost:grants"].is_too_small


def test_split_gives_the_shares_of_the_books(found):
    finding, _ = found("split")
    by = numbers(finding)
    assert by["additional:grants"].middle == pytest.approx(100 * SHARES["additional"], abs=0.01)
    assert by["deadweight:grants"].middle == pytest.approx(50.0, abs=0.01)
    assert by["unspent:grants"].middle == pytest.approx(20.0, abs=0.01)
    parts = [cell.middle for cell in finding.tables[0].rows[0][2:8]]
    assert parts == pytest.approx([100 * SHARES[name] for name in PARTS], abs=0.01)
    assert sum(parts) == pytest.approx(100.0, abs=0.01)
    # 1 x 100 million yuan of R&D a year for 80 million yuan paid
    assert by["a_yuan:grants"].middle == pytest.approx(1.25)


def test_path_tells_when_it_begins_and_what_is_left(found):
    finding, _ = found("path")
    by = numbers(finding)
    assert by["difference:help:ind_firms_with_rd::2018"].middle == pytest.approx(50.0)
    assert by["left:help:ind_firms_with_rd:"].middle == pytest.approx(50.0)
    assert "+50 firms" in finding.said[0].lead[0]
    assert "in 2016" in finding.said[0].points[0][0]


def test_breaks_names_what_falls_first_and_the_remedy_that_holds_it(found):
    finding, _ = found("breaks")
    by = numbers(finding)
    assert by["fall:low:base:c_tech_contract"].middle == pytest.approx(-10.0)
    assert not [key for key in by if key.startswith("fall:low:base:c_hnte")]  # the pool does not hang on coal
    assert "2018" in finding.said[0].lead[0]


def test_the_ends_of_the_evidence_are_the_catalogues_ranges(tmp_path_factory: pytest.TempPathFactory):
    posed, _, held = answered("compare", tmp_path_factory.getbasetemp())
    row = catalogue().parameter("population.misuse_mean")  # less misuse is the strong end
    at = {end: posed.plan.points[posed.points[end, "grants"]].scenario for end in posed.ends()}
    assert at[STRONG].number("population.misuse_mean") == row.low
    assert at[WEAK].number("population.misuse_mean") == row.high
    both = answer(held, 1, 4)
    assert both.ends is not None
    assert len(both.ends.heads) == 4
    assert len(both.ends.rows) == len(both.finding.numbers)
