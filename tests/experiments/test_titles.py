"""Chinese titles of the parameters: one for each, fit to be shown, and shown where a Chinese reader meets one."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.calibration.priors import load
from experiments.discovery.unknowns import states_of
from experiments.listing import list_rows
from experiments.origin import model_files
from experiments.questions.blocks import axis_of
from experiments.sensitivity.inputs import PARAMETERS, inputs_of
from experiments.titles.parameters import TABLE, check, chinese_titles, in_part, title_of
from experiments.words import PARTS
from sim.catalogue.loader import FOLDER, catalogue
from sim.catalogue.tables import CatalogueError

ADDRESS = "start_rd.stop_base"


def test_every_parameter_has_one_chinese_title_and_no_other_row_stands_in_the_table():
    assert check(catalogue().parameters, chinese_titles()) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({ADDRESS: None}, f"{ADDRESS}: has no Chinese title"),
        (
            {"start_rd.stop_bas": "停止率"},
            "is no row of the catalogue's parameters.csv. Did you mean start_rd.stop_base?",
        ),
        ({ADDRESS: "stop hazard"}, f"{ADDRESS}: 'stop hazard' is not Chinese"),
        ({ADDRESS: "停止率(基础)"}, "marks of half width"),
        ({ADDRESS: "大型企业的停止率", "start_rd.stop_large": "大型企业的停止率"}, "has the title of start_rd.stop_"),
    ],
)
def test_a_broken_promise_is_told(changes: dict[str, str | None], told: str):
    titles = {address: title for address, title in {**chinese_titles(), **changes}.items() if title is not None}
    (line,) = check(catalogue().parameters, titles)
    assert told in line


def test_parameters_of_two_mechanisms_may_have_one_title():
    titles = dict.fromkeys(("recognise_centres.noise", "buy_first_sets.noise"), "评审的随机误差")
    assert check(titles, titles) == []


def test_a_new_parameter_without_a_title_is_told():
    known = {**catalogue().parameters, "start_rd.new_one": None}
    assert check(known, chinese_titles()) == [f"{TABLE.name}: start_rd.new_one: has no Chinese title"]


def test_an_address_that_stands_twice_is_refused(tmp_path: Path):
    table = tmp_path / "parameters.csv"
    table.write_text(f"address,title_zh\n{ADDRESS},甲\n{ADDRESS},乙\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="stands twice"):
        chinese_titles(table)


def test_a_better_word_changes_the_identity_of_no_run():
    """The digests of model and catalogue are over the files of these folders."""
    assert not TABLE.is_relative_to(FOLDER.parent)
    assert not any("titles" in name for name in model_files())


def test_a_title_is_that_of_the_part_and_the_parameter():
    english, chinese = title_of(ADDRESS)
    assert english == catalogue().parameters[ADDRESS].title
    assert chinese == chinese_titles()[ADDRESS]
    assert in_part(ADDRESS) == (english, f"{PARTS['start_rd'][1]}：{chinese}")
    with pytest.raises(CatalogueError, match="stop_base"):
        title_of("start_rd.stop_bas")


def test_inputs_of_an_analysis_and_axes_of_a_question_bear_it():
    assert {one.title_zh for one in inputs_of([PARAMETERS])} <= {in_part(one)[1] for one in chinese_titles()}
    assert axis_of(f"mechanism.{ADDRESS}") == (in_part(ADDRESS), catalogue().parameters[ADDRESS].unit)


def test_what_is_not_known_bears_it():
    (one,) = [one for one in inputs_of([PARAMETERS]) if one.address == "award_grants.noise"]
    states = states_of([one], [], 4, 1, {"parameters": "posterior", "drivers": "central"}, 2020)
    told = {unknown.key: (unknown.title_en, unknown.title_zh) for unknown in states.unknowns}
    assert told[one.key] == in_part(one.address)
    fitted = [prior.address for prior in load() if f"mechanism.{prior.address}" in told]
    assert fitted
    assert all(told[f"mechanism.{address}"] == in_part(address) for address in fitted)


def test_the_list_of_parameters_shows_both_and_one_when_asked():
    both = title_of(ADDRESS)
    asked = ("parameters", f"address={ADDRESS}")
    assert all(title in list_rows(asked) for title in both)
    for i, language in enumerate(("en", "zh")):
        shown = list_rows([*asked, f"titles={language}"])
        assert both[i] in shown
        assert both[1 - i] not in shown
