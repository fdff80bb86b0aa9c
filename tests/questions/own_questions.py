"""Questions as a planner would write them, one a kind, on outcomes that the stand-in plants."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from experiments.questions.carrying import Asked, Posed
from experiments.questions.finding import Case
from experiments.questions.question import Question
from experiments.questions.question_files import read_question
from tests.questions.planted import cases, posed_of

HEAD = """title_en: Mine
title_zh: 我的问题
question_en: What happens?
question_zh: 会怎样？
"""
BASE = """  base: {title_en: Base, title_zh: 参照, scenario: national_law}
"""
GRANTS = """  grants:
    {title_en: Grants, title_zh: 资助, scenario: national_law,
     overrides: {lever.rd_grant.start: 2014Q1, lever.rd_grant.budget_y: 100}}
"""
KINDS = {
    "reaches": f"""{HEAD}kind: reaches
variants:
{BASE}  pool: {{title_en: Pool, title_zh: 培育库, overrides: {{lever.hnte_pool.budget_y: 92}}}}
reaches:
  targets: [a_hnte, a_tech_contract]
  say: [pool]
  together:
    - {{title_en: Both, title_zh: 两项目标, targets: [a_hnte, a_tech_contract]}}
  easy_targets: told
evidence:
  - {{address: start_rd.pool_lift, stronger: high}}
""",
    "dose": f"""{HEAD}kind: dose
variants:
  pool: {{title_en: Pool, title_zh: 培育库}}
dose:
  sweep:
    lever.hnte_pool.budget_y: [0, 50, 120]
    lever.hnte_pool.places_y: [0, 50, 120]
  targets: [a_hnte, d_hnte]
  probability: 0.75
""",
    "enough": f"""{HEAD}kind: enough
variants:
  plain: {{title_en: Alliances, title_zh: 联盟}}
enough:
  sweep: {{lever.alliance_support.budget_y: [0, 10, 20, 40]}}
  outcomes: [{{of: firm_patent_applications, year: 2020}}]
""",
    "buys": f"""{HEAD}kind: buys
variants:
{BASE}{GRANTS}  vouchers:
    {{title_en: Vouchers, title_zh: 创新券, scenario: national_law,
     overrides: {{lever.innovation_voucher.start: 2014Q1, lever.innovation_voucher.budget_y: 100}}}}
buys:
  outcome: {{of: rd_actual, year: 2020}}
""",
    "compare": f"""{HEAD}kind: compare
variants:
{BASE}{GRANTS}  help:
    {{title_en: Help, title_zh: 帮扶, scenario: national_law,
     overrides: {{lever.assistance_matching.start: 2018Q1, lever.assistance_matching.budget_y: 5}}}}
compare:
  outcomes:
    - {{of: rd_actual, year: 2020, say: difference}}
    - {{of: ind_firms_with_rd, group: size=large, year: 2020, say: difference}}
    - {{of: books.rd_grant.disbursed, year: sum, say: level}}
evidence:
  - {{address: population.misuse_mean, stronger: low}}
cannot:
  - {{en: Something, zh: 某些方面}}
""",
    "split": f"""{HEAD}kind: split
variants:
{BASE}{GRANTS}split: {{lines: {{grants: rd_grant}}}}
""",
    "path": f"""{HEAD}kind: path
variants:
{BASE}  help:
    {{title_en: Help, title_zh: 帮扶, scenario: national_law,
     overrides: {{lever.assistance_matching.start: 2016Q1, lever.assistance_matching.end: 2018Q4,
                 lever.assistance_matching.budget_y: 5}}}}
path:
  outcomes: [{{of: ind_firms_with_rd, year: 2018}}]
  ends: 2018
""",
    "breaks": f"""{HEAD}kind: breaks
variants:
  base: {{title_en: Base, title_zh: 参照}}
  low: {{title_en: Low price, title_zh: 低煤价, scenario: low_coal}}
  grants: {{title_en: With grants, title_zh: 加资助, scenario: low_coal, overrides: {{lever.rd_grant.budget_y: 1000}}}}
  pool: {{title_en: With pool, title_zh: 加培育库, scenario: low_coal, overrides: {{lever.hnte_pool.budget_y: 500}}}}
breaks:
  targets: [c_hnte, c_tech_contract, c_rd_gdp]
  shock: low
  remedies: [grants, pool]
""",
}  # fmt: skip


def write(folder: Path, text: str, name: str = "mine") -> None:
    """Put a question beside the shipped ones, where a caller's own lie."""
    place = folder / "configs" / "question"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.yaml").write_text(text, encoding="utf-8")


@cache
def answered(kind: str, folder: Path, replicates: int = 4) -> tuple[Posed, Asked, dict[str, Case]]:
    """A kind's own question posed, with its cases by the stand-in: composed once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        posed, asked = posed_of(own(folder, patch, KINDS[kind]), replicates)
    return posed, asked, cases(posed)


def own(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Question:
    """The question of a text, read from the caller's own folder."""
    monkeypatch.chdir(folder)
    write(folder, text)
    return read_question("mine")
