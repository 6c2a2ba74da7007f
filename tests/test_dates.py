import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.dates import day_span, parse_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023", "2023"),
        ("2023-10", "2023-10"),
        ("2023-1", "2023-01"),
        ("2023-10-21", "2023-10-21"),
        ("2023-1-2", "2023-01-02"),
        (" 2023-10 \n", "2023-10"),
        ("2023-10-21T09:30:00Z", "2023-10-21"),
        ("2023-10-21 09:30", "2023-10-21"),
        ("2024-02-29", "2024-02-29"),
        ("0001", "0001"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_dates_keep_the_precision_they_have(text: str, date: str) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a date"),
        ("soon", "is not a date"),
        ("October 2023", "is not a date"),
        ("23", "is not a date"),
        ("20231021", "is not a date"),
        ("2023/10/21", "is not a date"),
        ("2023-10-21x", "is not a date"),
        ("2023-10 09:30", "is not a date"),
        ("-2023", "is not a date"),
        ("0000", "no valid year"),
        ("2023-00", "no month 0"),
        ("2023-13", "no month 13"),
        ("2023-10-00", "no day 0"),
        ("2023-10-32", "no day 32"),
        ("2023-02-29", "no day 29"),
        ("1900-02-29", "no day 29"),
    ],
)
def test_other_text_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date(text)


@pytest.mark.parametrize(
    ("date", "span"),
    [
        ("2023", (20230101, 20231231)),
        ("2023-10", (20231001, 20231031)),
        ("2023-02", (20230201, 20230228)),
        ("2024-02", (20240201, 20240229)),
        ("2023-10-21", (20231021, 20231021)),
        ("0001", (10101, 11231)),
    ],
)
def test_a_date_spans_the_days_it_can_mean(date: str, span: tuple[int, int]) -> None:
    assert day_span(date) == span


@given(st.dates(), st.integers(1, 3))
def test_any_day_at_any_precision_reads_back_and_lies_in_its_span(day, parts: int) -> None:
    date = "-".join(day.isoformat().split("-")[:parts])
    assert parse_date(date) == date
    first, last = day_span(date)
    assert first <= day.year * 10000 + day.month * 100 + day.day <= last
    assert last % 100 <= calendar.monthrange(last // 10000, last // 100 % 100)[1]


@given(st.text(max_size=30))
def test_any_text_is_a_canonical_date_or_a_value_error(text: str) -> None:
    try:
        date = parse_date(text)
    except ValueError:
        return
    assert parse_date(date) == date
    assert date.isascii()
