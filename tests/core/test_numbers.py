"""Document numbers are gapless and never given out twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core import numbers

EVENING = dt.datetime(2026, 10, 5, 17, 30, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_a_daily_number_carries_the_local_day():
    assert numbers.daily("WX", EVENING) == "WX20261006-0001"
    assert numbers.daily("WX", EVENING) == "WX20261006-0002"
    assert numbers.daily("PG", EVENING) == "PG20261006-0001"


@pytest.mark.django_db
def test_a_second_paper_of_a_month_is_numbered_as_such():
    month = dt.date(2026, 10, 1)
    assert [numbers.monthly("YB", month), numbers.monthly("YB", month)] == ["YB202610", "YB202610-2"]


@pytest.mark.django_db(transaction=True)
def test_a_number_of_a_failed_transaction_is_given_out_again():
    with transaction.atomic():
        numbers.running("KH")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert numbers.running("KH") == "KH00001"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers_without_a_gap():
    def take(_turn):
        try:
            with transaction.atomic():
                return numbers.running("KH")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(40)))
    assert sorted(taken) == [f"KH{n:05d}" for n in range(1, 41)]


@pytest.mark.django_db(transaction=True)
def test_numbers_outside_a_transaction_are_refused():
    with pytest.raises(RuntimeError):
        numbers.running("KH")
