"""Quarters as text, as numbers, and the calendar of a run."""

from __future__ import annotations

import pytest

from sim.core.calendar import Calendar, quarter_number, quarter_text


@pytest.mark.parametrize("text", ["2011Q1", "2021Q4", "1999Q3"])
def test_text_and_number_are_inverse(text):
    assert quarter_text(quarter_number(text)) == text


def test_quarters_follow_each_other_over_the_year_end():
    assert quarter_number("2015Q1") - quarter_number("2014Q4") == 1
    assert quarter_text(quarter_number("2014Q4") + 1) == "2015Q1"


@pytest.mark.parametrize("text", ["2014", "2014Q0", "2014Q5", "2014-Q1", "14Q1", "2014Q1 ", "2014q1", "", None])
def test_any_other_form_is_refused(text):
    with pytest.raises(ValueError, match="write it as 2014Q1"):
        quarter_number(text)


def test_a_run_of_eleven_years():
    calendar = Calendar.of("2011Q1", "2021Q4")
    assert calendar.n_quarters == 44
    texts, firsts, lasts, months = [], 0, 0, []
    for quarter in range(calendar.n_quarters):
        calendar.quarter = quarter
        texts.append(calendar.text)
        firsts += calendar.is_first_of_year
        lasts += calendar.is_last_of_year
        months += calendar.months
        assert calendar.index(calendar.text) == quarter
        assert calendar.text == f"{calendar.year}Q{calendar.quarter_of_year + 1}"
    assert (texts[0], texts[-1], len(set(texts))) == ("2011Q1", "2021Q4", 44)
    assert (firsts, lasts) == (11, 11)
    assert months == [(year, month) for year in range(2011, 2022) for month in range(1, 13)]


def test_a_run_may_start_within_a_year():
    calendar = Calendar.of("2013Q3", "2014Q1")
    assert (calendar.year, calendar.quarter_of_year, calendar.is_first_of_year) == (2013, 2, False)
    assert calendar.months == [(2013, 7), (2013, 8), (2013, 9)]
    calendar.quarter = 2
    assert (calendar.text, calendar.is_first_of_year, calendar.n_quarters) == ("2014Q1", True, 3)


def test_index_counts_from_the_start_of_the_run_and_is_negative_before():
    calendar = Calendar.of("2011Q1", "2021Q4")
    assert (calendar.index("2012Q2"), calendar.index("2010Q4")) == (5, -1)
