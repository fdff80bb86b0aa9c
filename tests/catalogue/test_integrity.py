"""The tables keep their promises to each other, and a broken promise is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.catalogue.integrity import check
from sim.catalogue.loader import FOLDER, Catalogue, catalogue


def test_the_catalogue_is_whole() -> None:
    assert check(catalogue()) == []


PARAMETER = "test.one,title,share,{kind},{value},0,1,{source},{grade},\n"
BREAKS = [
    ("parameters.csv", PARAMETER.format(kind="assumed", value=2, source="assumption", grade="D"), "outside its range"),
    ("parameters.csv", PARAMETER.format(kind="assumed", value=0, source="A01", grade="D"), "assumed, so its source is"),
    ("parameters.csv", PARAMETER.format(kind="assumed", value=0, source="assumption", grade="B"), "and its grade D"),
    ("parameters.csv", PARAMETER.format(kind="evidence", value=0, source="not traced", grade="D"), "makes it assumed"),
    ("parameters.csv", PARAMETER.format(kind="evidence", value=0, source="A01", grade="A"), "grade A is for measured"),
    ("parameters.csv", PARAMETER.format(kind="evidence", value=0, source="Z99", grade="B"), "source 'Z99' is not in"),
    ("parameters.csv", "test.one,title,furlong,evidence,0,0,1,A01,B,\n", "unit 'furlong' is not in units.csv"),
    ("doses.csv", "rd_grnt.x,rd_grnt,x,t,t,share,0,0,1,,0,assumption,D,\n", "with a lever of levers.csv"),
    ("levers.csv", "x,t,t,fiscal,firm.x,c,c,A01,D\n", "x: has no main dose"),
    ("indicators.csv", "x_ratio,t,t,%,ratio,rd_actual,,100,up,rd,,,d,derived\n", "a ratio has numerator and denom"),
    ("indicators.csv", "x_index,t,t,%,index,rd_gdp_ratio,,1,up,rd,,,d,derived\n", "an index ratios"),
    ("indicators.csv", "x_index,t,t,%,index,rd_gdp_ratio;rd_actual,,1,up,rd,,,d,derived\n", "'rd_actual' is no ratio"),
    ("conflicts.csv", "x,A,nowhere,t,t\n", "'nowhere' is not in targets.csv"),
    ("conflicts.csv", "x,A;B,a_hnte;c_hnte,t,t\n", "but its targets are of A;C"),
    ("conflicts.csv", "x,A,a_hnte,t,\n", "in English and Chinese"),
    (
        "indicators.csv",
        "x_ratio,t,t,%,ratio,rd_actual,nowhere,100,up,rd,,,d,derived\n",
        "'nowhere' is no flow or stock",
    ),
    ("indicators.csv", "x_flow,t,t,%,flow,,,1,up,rd,,nowhere,d,derived\n", "observed series 'nowhere'"),
    ("targets.csv", "x,A,t,t,%,s,,,,,,,,plan_a,s,d,simulated,nowhere,level,,,\n", "a simulated row needs one"),
    ("targets.csv", "x,A,t,t,%,s,,,,,,,,plan_a,s,d,not_simulated,,level,,,\n", "its note must say why"),
    (
        "targets.csv",
        "x,A,t,t,%,s,,,,,,,,plan_a,s,d,simulated,hnte_stock,level,,,\n",
        "does not measure what hnte_stock",
    ),
    ("targets.csv", "x,A,t,t,firm,s,,,,,,,,plan_a,s,d,simulated,hnte_stock,double,,,\n", "basis 'double' is not level"),
    (
        "targets.csv",
        "x,A,t,t,firm,s,,,,,,,,plan_a,s,d,simulated,hnte_stock,national:cn_no,,,\n",
        "basis 'national:cn_no'",
    ),
    ("observed/history.csv", "hnte_stock,2018,1600,firm,d,derived,low\n", "outcomes after 2017 have no place"),
    ("observed/history.csv", "hnte_stock,2009,150,firm,d,not traced,high\n", "not traced, so its confidence is low"),
    ("observed/driver_rules.csv", "x,t,t,double,,,,,assumed,assumption,,\n", "rule 'double' is unknown"),
    ("observed/driver_rules.csv", "x,t,t,grow,,,,,assumed,assumption,,\n", "grow and level need a value"),
    ("observed/driver_rules.csv", "x,t,t,hold_last,,,,,assumed,assumption,,\n", "must hold the same drivers"),
]


@pytest.mark.parametrize(("name", "line", "message"), BREAKS)
def test_a_broken_promise_is_found(tmp_path: Path, name: str, line: str, message: str) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (folder / name).open("a", encoding="utf-8") as table:
        table.write(line)
    found = check(Catalogue(folder))
    assert any(message in text for text in found), found


def test_streams_that_share_a_number_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    streams = "stream,number,kind,used_by,doc\na.x,4,uniform,a,d\nb.y,4,uniform,b,d\n"
    (folder / "streams.csv").write_text(streams, encoding="utf-8")
    assert "streams.csv: b.y and a.x share number 4" in check(Catalogue(folder))
