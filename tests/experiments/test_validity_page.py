"""The page on validity and the report's block: every row stands there, failing ones with their reason; gaps say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments import docs_validity, pages
from experiments.docs_validity import BLOCKS, MAKERS, STRONGEST, UNKNOWN, plain, strongest
from experiments.draws.split import COLUMNS as VARIANCE
from experiments.facts.table import judge as judge_facts
from experiments.facts.table import statistics
from experiments.facts.table import summary_row as fact_row
from experiments.identification.verb import COLUMNS as IDENTIFIED
from experiments.judgement.fit import Bar
from experiments.judgement.forecasts import NAIVE, OURS, TITLES, Row
from experiments.judgement.tables import shipped_rows
from experiments.responses.judging import judge, summary_row
from experiments.responses.rows import rows
from experiments.sensitivity.findings import SHIPPED
from experiments.validity.counts import CLASSES, Count, breaks_noticed, responses_passed
from experiments.validity.summaries import NAMES, ship
from experiments.validity.view import UNITS, validity_view
from sim.catalogue.loader import catalogue

HOSTILE = "<script>alert(1)</script> a|b\n*c* `d` <!-- end -->"
NEWLINE = "\n"
WHY = "invented reason <b>of</b> "


def facts() -> list[dict[str, str]]:
    """A table of facts in which each row with a band fails but the first, with a reason of its own."""
    inside = statistics()[0]
    seed = {row.key: 1e9 if row.high is not None else -1e9 for row in statistics()} | {inside.key: inside.low or 0.0}
    made = [fact_row(one) for one in judge_facts([seed])]
    return [row | ({"reason_en": WHY + row["key"]} if row["inside"] == "no" else {}) for row in made]


def responses() -> list[dict[str, str]]:
    """A table of tests in which what can be run fails, but test 1, with a reason of its own for each."""
    made = []
    for row in rows().values():
        edge = [end for end in (row.low, row.high) if end is not None] or [-1.0]
        far = np.full(10, 1e6 if row.high is not None or row.sign in ("-", "<1") else -1e6)
        values = np.full(10, float(np.mean(edge))) if row.number == 1 else far
        one = judge(row, values)
        made.append(summary_row(one, ("", "") if one.result == "pass" else (WHY + row.row, "虚构原因")))
    return made


def judgement() -> list[dict[str, str]]:
    """Two bars, one of which fails, a line without one, and an inner test of one series."""
    bars = [Bar("a", "points inside", "点", 0.9, 0.8), Bar("b", "width of stocks", "宽", 1.9, 1.6, False),
            Bar("c", "beside", "旁", 0.4)]  # fmt: skip
    told = [Row(name, f"title of {name}", "题", forecast, 3, 0.1, 0.9, 1.2, dict.fromkeys(NAIVE, 0.25))
            for name in ("hnte_stock", "") for forecast in (*OURS, *NAIVE)]  # fmt: skip
    return shipped_rows(bars, told)


def broken(name: str, whole: str, result: str) -> dict[str, str]:
    return {"kind": "response", "name": name, "title_en": "t", "title_zh": "题", "broken_en": f"spoilt {name}",
            "broken_zh": "坏", "whole": "1", "broken": "2", "whole_result": whole, "broken_result": result,
            "runs": "2 seeds"}  # fmt: skip


def sensitivity() -> list[dict[str, str]]:
    made = []
    for i in range(9):
        numbers = {"mu_star": f"{i}", "sigma": "1", "noise": "0.5", "title_en": f"input {i}", "title_zh": "输入"}
        shares = {"first": "0.1", "first_ci": "0.01", "total": f"{0.9 - 0.1 * i:.1f}", "total_ci": "0.02"}
        shares = shares if i < 3 else dict.fromkeys(shares, "")
        made.append({"outcome": "hnte_stock", "address": f"a.b{i}"} | numbers | shares)
    assert set(made[0]) == set(SHIPPED)
    return [{name: row[name] for name in SHIPPED} for row in made]


def variance() -> list[dict[str, str]]:
    texts = {"scenario": "history", "against": "", "indicator": "hnte_stock", "title_en": "firms", "title_zh": "企业",
             "unit": "firm", "year": "2017", "samples": "64", "p05": "1", "p50": "2", "p95": "3"}  # fmt: skip
    shares = {f"{part}_{kind}{end}": value
              for part, value in (("parameters", "0.6"), ("chance", "0.3"), ("drivers", ""))
              for kind in ("first", "total") for end in ("", "_p05", "_p95")}  # fmt: skip
    assert tuple(texts) == VARIANCE
    return [texts | shares]


def fit() -> list[dict[str, str]]:
    columns = ("series", "title_en", "title_zh", "unit", "group", "fitted", "points", "inside", "inside_runs", "width",
               "width_runs", "crps", "crps_compared", "crps_walk", "better", "better_with_band")  # fmt: skip
    return [dict.fromkeys(columns, "1") | {"title_en": "patents", "fitted": "yes", "better": "no", "points": "7"}]


def identified() -> list[dict[str, str]]:
    return [dict.fromkeys(IDENTIFIED, "0.9") | {"address": f"m.{word}", "title_en": f"p {word}", "silent": word}
            for word in ("yes", "no")]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """All tables, invented."""
    broken_rows = [broken("1_long", "pass", "fail"), broken("3", "pass", "pass"), broken("4", "fail", "fail")]
    made = {"fit": fit(), "judgement": judgement(), "facts": facts(), "responses": responses(), "breaks": broken_rows,
            "sensitivity": sensitivity(), "identifiability": identified(), "variance": variance()}  # fmt: skip
    assert set(made) == set(NAMES)
    for name, told in made.items():
        ship(name, f"{name} seeds=2", told, tmp_path)
    return tmp_path


def lines(block: str) -> list[list[str]]:
    """Cells of the lines of all tables of a block."""
    rows_told = [line.removeprefix("| ").removesuffix(" |") for line in block.splitlines() if line.startswith("|")]
    return [line.split(" | ") for line in rows_told]


def lacking_facts(block: str) -> list[str]:
    """Facts whose row, or for failing ones whose reason too, is not in the block."""
    told = lines(block)
    statistics_told = {cells[2]: cells[5] for cells in told if len(cells) == 7}
    why = {cells[1]: cells[2] for cells in told if len(cells) == 3}
    wrong = []
    for row in facts():
        word, name = {"yes": "yes", "no": "**no**", "": ""}[row["inside"]], plain(row["statistic_en"])
        is_there = statistics_told.get(name) == word
        if not is_there or (row["inside"] == "no" and why.get(name) != plain(row["reason_en"])):
            wrong.append(row["key"])
    return wrong


def lacking_responses(block: str) -> list[str]:
    """Rows of tests which, or the reason of which, is not in the block."""
    told = lines(block)
    results = {cells[0]: cells[-1] for cells in told if len(cells) == 9}
    why = {cells[0]: cells[-1] for cells in told if len(cells) == 4}
    words = {"pass": "passes", "fail": "**fails**", "void": "void", "not_possible": "not possible"}
    return [row["row"] for row in responses()
            if results.get(row["row"]) != words[row["result"]]
            or (row["result"] != "pass" and why.get(row["row"]) != plain(row["reason_en"]))]  # fmt: skip


def test_every_fact_and_every_test_stands_there_with_its_reason(folder: Path):
    assert lacking_facts(docs_validity.facts(folder)) == []
    assert lacking_responses(docs_validity.responses(folder)) == []
    results = {row["result"] for row in responses()}
    assert results == {"pass", "fail", "void", "not_possible"}


def test_a_page_without_what_fails_is_noticed(folder: Path):
    """The two functions above would see rows or reasons that are left out."""
    for block, lacking, word in ((docs_validity.facts(folder), lacking_facts, "**no**"),
                                 (docs_validity.responses(folder), lacking_responses, "**fails**")):  # fmt: skip
        kept = "\n".join(line for line in block.splitlines() if word not in line)
        assert lacking(kept)
        without_reasons = "\n".join(line for line in block.splitlines() if "invented reason" not in line)
        assert lacking(without_reasons)
        assert lacking(block.replace(word, "yes"))


def test_the_counts_are_those_of_the_tables(folder: Path):
    told = docs_validity.counts(folder)
    n_facts = len({row["number"] for row in facts() if row["inside"]})
    hard = {row["test"] for row in responses() if row["class"] == "H" and row["result"] in ("pass", "fail")}
    for line in ("1 of 2 bars", f"1 of {n_facts} stylised", f"1 of {len(hard)} hard", "1 of 3 models broken"):
        assert f"- {line}" in told
    assert "Not made yet" not in told
    assert f"1 of {len(hard)} hard tests pass; 0 of " in docs_validity.responses(folder)


def test_a_test_passes_only_where_all_its_rows_of_the_class_do():
    row = {"test": "7", "class": "H", "result": "pass"}
    assert responses_passed([row, row], "H") == Count(1, 1)
    assert responses_passed([row, row | {"result": "fail"}], "H") == Count(0, 1)
    assert responses_passed([row | {"result": "fail"}, row], "H") == Count(0, 1)
    assert responses_passed([row, row | {"result": "fail", "class": "S"}], "H") == Count(1, 1)
    assert responses_passed([row | {"result": "void"}], "H") == Count(0, 0)


def test_what_fails_on_the_whole_model_notices_nothing(folder: Path):
    found = {cells[1]: cells[6] for cells in lines(docs_validity.breaks(folder))}
    assert (found["1_long"], found["3"]) == ("yes", "**no**")
    assert found["4"].startswith("says nothing")
    assert breaks_noticed([broken("4", "fail", "fail")]) == Count(0, 1)
    without = docs_validity.breaks(folder).split("without a broken model of their own: ")[1].split(".\n")[0].split(", ")
    assert without[0] == "2"
    assert not {"1", "3", "4"} & set(without)


def test_bars_and_inner_test_stand_there(folder: Path):
    bars = {cells[0]: cells[-1] for cells in lines(docs_validity.bars(folder))}
    assert (bars["points inside"], bars["width of stocks"], bars["beside"]) == ("passes", "**fails**", "")
    told = [(cells[0], cells[1]) for cells in lines(docs_validity.inner(folder))[2:]]
    assert len(told) == 2 + 5  # the model's two for the series, all forecasts for all series together
    assert ("title of hnte_stock", TITLES[OURS[1]][0]) in told


def test_the_other_tables_say_what_they_found(folder: Path):
    assert "| **no** |" in docs_validity.fit(folder)
    assert "1 of 2 fitted parameters" in docs_validity.history(folder)
    assert "| **nothing** |" in docs_validity.history(folder)
    assert "| 60 (60) | 30 (30) | - |" in docs_validity.owed(folder)
    assert [row["address"] for row in strongest(sensitivity())] == ["a.b0", "a.b1", "a.b2", "a.b8", "a.b7"]
    assert len(lines(docs_validity.inputs(folder))) == 2 + STRONGEST


def test_each_table_says_what_made_it(folder: Path):
    for name, block in zip(("fit", "facts", "responses"), ("validity_fit", "validity_facts", "validity_responses"),
                           strict=True):  # fmt: skip
        path = folder / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("; model 0", "; model old-0"), encoding="utf-8")
        assert f"Made by `{name} seeds=2`, model `old-0" in BLOCKS[block](folder)  # type: ignore[call-arg]
    assert validity_view(folder).old


def test_tables_that_are_not_made_say_so(tmp_path: Path):
    told = "".join(block(tmp_path) for block in BLOCKS.values())  # type: ignore[call-arg]
    for makers in MAKERS.values():
        for maker in makers:
            assert (
                f"Not made yet: `innopolicy {maker} ship=yes`" in told or f"and `innopolicy {maker} ship=yes`" in told
            )
    assert validity_view(tmp_path) is None
    assert set(MAKERS) == set(NAMES)


def test_markup_of_a_table_is_no_markup_of_the_page(folder: Path):
    for name, made, column in (("facts", facts(), "statistic_en"), ("responses", responses(), "title_en"),
                               ("responses", responses(), "reason_en")):  # fmt: skip
        spoilt = [row | {column: HOSTILE} for row in made]
        ship(name, f"{name} {HOSTILE.replace(NEWLINE, '')}", spoilt, folder)
        block = BLOCKS[f"validity_{name}"](folder)  # type: ignore[call-arg]
        assert "<" not in block.rpartition("Made by")[0]
        assert "<!-- end -->" not in block
        assert "a\\|b \\*c\\* 'd'" in block
        assert {len(cells) for cells in lines(block)} <= {3, 4, 7, 9}


def test_a_row_that_fails_for_no_known_reason_says_so(folder: Path):
    ship("responses", "responses", [row | {"reason_en": ""} for row in responses()], folder)
    assert f"| {UNKNOWN} |" in docs_validity.responses(folder)


def rendered(folder: Path) -> str:
    return pages.environment().get_template("validity.html").render(validity=validity_view(folder))


def test_the_report_shows_every_test_with_its_reason(folder: Path):
    text = rendered(folder)
    failing = [row for row in responses() if row["result"] == "fail"]
    assert text.count('<strong class="short">') == len(failing) + 1  # and one bar
    for row in responses():
        assert f"<td>{row['test']}</td>" in text
        reason = f"{WHY}{row['row']}<".replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")
        assert row["result"] == "pass" or reason in text
    assert "1 of 2 bars" in text
    assert "2 项标准中通过 1 项" in text


def test_the_report_runs_nothing_of_a_table(folder: Path):
    ship("responses", "responses", [row | {"title_en": HOSTILE, "title_zh": HOSTILE} for row in responses()], folder)
    assert "<script>" not in rendered(folder)
    assert "&lt;script&gt;" in rendered(folder)


def test_units_and_classes_of_all_tests_have_words():
    assert {row.unit for row in rows().values()} <= {*UNITS, *catalogue().units}
    assert {row.class_ for row in rows().values()} == set(CLASSES)
