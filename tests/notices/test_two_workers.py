"""Two workers at the same time."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection

from notices import actions, sending
from staff import defaults
from tests.cast import Cast

AT = dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC)


@pytest.mark.req("OPN-03", "SEC-01")
@pytest.mark.django_db(transaction=True)
def test_a_message_that_one_worker_is_sending_is_left_alone_by_another():
    defaults.load()
    cast = Cast()
    actions.tell("order.issued", to=cast.engineer, about="dispatchorder:7", context={"number": "PG1"}, at=AT)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM notices_delivery WHERE state = 'waiting' FOR UPDATE")
            assert cursor.fetchone() is not None
        assert sending.send_due(AT) == 0
        other.rollback()
    finally:
        other.close()
    assert sending.send_due(AT) == 1
    assert len(mail.outbox) == 1
