"""The API, fed with what its own description allows: it answers, refuses or asks again, and never breaks."""

import json
import re

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator

from tests.house import access_rows
from tests.house.people import everybody

pytestmark = [pytest.mark.django_db, pytest.mark.req("OPN-01")]

DESCRIPTION = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
FOUND = [found.ok() for found in schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()]
OPERATIONS = {operation.label: operation for operation in FOUND}
EXAMPLES = 6
ASKING = ("admin", "dispatcher")


def shape(path):
    """A path with its parts left open: `/api/v1/tickets/{}/`."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)


ROWS = {shape(row.route): row for app in access_rows.apps() for row in access_rows.rows(app) if row.args}


def real_path(path, people):
    """The path of an existing record where tests/house/access knows one."""
    row = ROWS.get(shape(path))
    if row is None:
        return None
    values = access_rows.records(row.app, people)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[row.args[match[1]]]), row.route)


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_generated_requests_never_break_the_server(label):
    operation = OPERATIONS[label]
    people = everybody()
    path = real_path(operation.path, people)
    clients = [Client() for _ in ASKING]
    for client, name in zip(clients, ASKING, strict=True):
        client.force_login(people[name])

    @settings(
        phases=[Phase.generate],
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def probe(case):
        for client in clients:
            code = send(client, case, path or case.formatted_path)
            assert code < 500, f"{case.method} {case.formatted_path} {case.query} {case.body!r}: {code}"

    probe()


def send(client, case, path):
    """The status of the answer; whatever the request changed is taken back."""
    sent = case.as_transport_kwargs(base_url="http://testserver")
    body = sent.get("json", sent.get("data"))
    with transaction.atomic():
        point = transaction.savepoint()
        response = client.generic(
            case.method,
            path,
            body if isinstance(body, str | bytes) else json.dumps(body),
            content_type="application/json",
            query_params={key: str(value) for key, value in (case.query or {}).items()},
        )
        transaction.savepoint_rollback(point)
    return response.status_code


def test_the_description_is_a_valid_one():
    assert DESCRIPTION["openapi"].startswith("3.")
    assert DESCRIPTION["paths"]
    for schema in DESCRIPTION["components"]["schemas"].values():
        Draft202012Validator.check_schema({key: value for key, value in schema.items() if key != "nullable"})
