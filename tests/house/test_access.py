"""Every URL, asked as every role and as nobody: the answers stand in tests/house/access."""

import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client

from tests.house import access_rows
from tests.house.people import everybody

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEC-02", "ORG-03")]

ROWS = [row for app in access_rows.apps() for row in access_rows.rows(app)]


def fill(route, args, values):
    """The route with its parts replaced by records, and the names that are missing."""
    missing = [name for name in args.values() if name not in values]
    parts = {part: values.get(name) for part, name in args.items()}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(parts.get(match[1], "-")), route), missing


def signed_in(people):
    """A client per actor, and one of nobody."""
    clients = {actor: Client(raise_request_exception=False) for actor in (None, *people)}
    for actor, user in people.items():
        clients[actor].force_login(user)
    return clients


def ask(row, client, url, values):
    """Send the request; whatever it changed is taken back, a sign-out too."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    body = values[row.body] if isinstance(row.body, str) else row.body
    kind = {"content_type": "application/json"} if row.is_api else {}
    with transaction.atomic():
        point = transaction.savepoint()
        if row.method == "GET":
            response = client.get(url)
        elif row.method == "POST":
            response = client.post(url, body, **kind)
        else:
            response = client.generic(row.method, url, content_type="application/json")
        transaction.savepoint_rollback(point)
    client.cookies = cookies
    return access_rows.meaning(response)


def test_every_route_has_a_row():
    listed = {row.route for row in ROWS}
    assert sorted(set(access_rows.routes()) - listed) == [], "routes without a row in tests/house/access"
    assert sorted(listed - set(access_rows.routes())) == [], "rows without a route"


def test_every_verb_of_the_api_has_a_row():
    listed = {(row.route, row.method) for row in ROWS}
    missing = [
        f"{method.upper()} {route}"
        for route, view in access_rows.routes().items()
        for method in getattr(view, "actions", None) or {}
        if method.upper() in access_rows.METHODS and (route, method.upper()) not in listed
    ]
    assert missing == []


@pytest.mark.parametrize("app", access_rows.apps())
def test_every_role_is_answered_as_listed(app):
    people = everybody()
    values = access_rows.records(app, people)
    clients = signed_in(people)
    faults = []
    for row in access_rows.rows(app):
        url, missing = fill(row.route, row.args, values)
        if missing:
            faults.append(f"{row.method} {row.route}: no record {missing}")
            continue
        for actor in (None, "dispatcher") if access_rows.PUBLIC in row.may else clients:
            wanted = row.expected(actor)
            found = ask(row, clients[actor], f"{url}?{row.query}" if row.query else url, values)
            if found != wanted:
                faults.append(f"{row.method} {row.route} as {actor or 'nobody'}: {found}, listed: {wanted}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("app", access_rows.apps())
def test_methods_that_are_not_listed_are_refused(app):
    people = everybody()
    values = access_rows.records(app, people)
    by_route = {}
    for row in access_rows.rows(app):
        by_route.setdefault(row.route, []).append(row)
    faults = []
    for route, listed in by_route.items():
        url, _ = fill(route, listed[0].args, values)
        client = Client(raise_request_exception=False)
        client.force_login(people["admin"])
        for method in set(access_rows.METHODS) - {row.method for row in listed}:
            with transaction.atomic():
                point = transaction.savepoint()
                code = client.generic(method, url, content_type="application/json").status_code
                transaction.savepoint_rollback(point)
            if code not in {403, 404, 405}:
                faults.append(f"{method} {route}: {code}")
    assert not faults, "\n".join(sorted(faults))
