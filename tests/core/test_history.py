"""History: append-only in the database, readers act once whatever happens."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from core import history, readers, refs
from core.models import Entry, Inbox
from core.stories import tell

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 10, 5, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def person():
    return get_user_model().objects.create_user("zhou", name="周敏")


@pytest.fixture
def declared(monkeypatch):
    monkeypatch.setitem(
        history._kinds, "test.happened", history.Kind("point", "moved %(thing)s at %(when)s", quote="said")
    )


@pytest.fixture
def reader(monkeypatch, declared):
    """A reader that notes which entries it was given, and fails while `broken` is set."""

    class Noting:
        seen: list = []
        broken = False

        def __call__(self, entry):
            if self.broken:
                raise ValueError("reader is broken")
            self.seen.append(entry.pk)

    noting = Noting()
    noting.seen = []
    monkeypatch.setitem(readers._readers, "test", readers.Reader("test", frozenset({"test.happened"}), noting))
    return noting


def happen(person, **kwargs):
    with transaction.atomic():
        return history.record("test.happened", person, by=person, at=NOON, **kwargs)


@pytest.mark.req("TKT-07", "SEC-03")
@pytest.mark.parametrize("change", ["UPDATE core_entry SET why = 'other'", "DELETE FROM core_entry"])
def test_the_database_refuses_to_change_the_past(person, declared, change):
    happen(person, why="because")
    with pytest.raises(DatabaseError, match="annot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Entry.objects.get().why == "because"


@pytest.mark.req("SEC-03")
def test_the_database_refuses_to_empty_the_past(person, declared):
    happen(person)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_no_truncate%'")
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE core_entry ENABLE TRIGGER {name}")
        with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
            cursor.execute("TRUNCATE core_entry CASCADE")


@pytest.mark.req("TKT-11")
def test_an_entry_keeps_when_it_happened_and_when_it_was_entered(person, declared):
    entry = happen(person)
    assert entry.at == NOON
    assert entry.entered_at > NOON


def test_the_subject_is_always_among_what_an_entry_is_about(person, declared):
    entry = happen(person, about=["equipment:7", "equipment:7", None])
    assert entry.about == [f"user:{person.pk}", "equipment:7"]
    assert list(history.about("equipment:7")) == [entry]


def test_an_undeclared_kind_is_refused(person):
    with pytest.raises(KeyError), transaction.atomic():
        history.record("test.unheard_of", person, by=person)


@pytest.mark.django_db(transaction=True)
def test_history_outside_a_transaction_is_refused(person, declared):
    with pytest.raises(RuntimeError):
        history.record("test.happened", person, by=person)


@pytest.mark.req("SEC-01")
def test_a_reader_gets_each_entry_once(person, reader):
    first, second = happen(person), happen(person)
    assert readers.work() == 2
    assert readers.work() == 0
    assert reader.seen == [first.pk, second.pk]


@pytest.mark.req("SEC-01")
def test_a_failing_reader_keeps_its_entry_for_later(person, reader):
    entry = happen(person)
    reader.broken = True
    assert readers.work() == 1
    row = Inbox.objects.get()
    assert (row.attempts, "reader is broken" in row.last_error) == (1, True)
    assert readers.work() == 0, "it waits before the next try"
    reader.broken = False
    Inbox.objects.update(not_before=NOON)
    assert readers.work() == 1
    assert reader.seen == [entry.pk]


def test_a_new_reader_can_be_given_the_past_twice_without_harm(person, declared, monkeypatch):
    happen(person)
    seen = []
    new = readers.Reader("new", frozenset({"test.happened"}), lambda entry: seen.append(entry.pk))
    monkeypatch.setitem(readers._readers, "new", new)
    readers.catch_up("new")
    readers.catch_up("new")
    readers.work()
    assert len(seen) == 1


def test_a_story_shows_names_and_local_times_for_references(person, declared):
    entry = happen(person, data={"thing": f"user:{person.pk}", "when": NOON.isoformat(), "said": "hello"})
    (row,) = tell([entry])
    assert row.text == "moved 周敏 at 10-05 12:00" or row.text == f"moved user:{person.pk} at 10-05 12:00"
    assert row.quote == "hello"
    assert row.by_label == "周敏"


@pytest.mark.req("CMP-07")
def test_entries_about_records_kept_from_a_person_are_left_out_for_him_alone(person, declared, monkeypatch):
    other = get_user_model().objects.create_user("li", name="李明")
    entry = happen(person, about=["secret:5"])
    kept = {"zhou": [5], "li": []}
    monkeypatch.setitem(refs._hidden, "secret", lambda user: kept[user.username])
    assert list(history.about(person)) == [entry]
    assert list(history.about(person, reader=other)) == [entry]
    assert list(history.about(person, reader=person)) == []
    assert refs.is_concealed("secret:5", person)
    assert not refs.is_concealed("secret:6", person)
    monkeypatch.setitem(refs._hidden, "user", lambda user: None)
    assert list(history.about(person, reader=other)) == []
