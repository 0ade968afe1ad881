"""Every state table: each state, verb and role is allowed, refused for the state, or refused for the role."""

from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings

from core.errors import Forbidden, NotAllowed
from core.transitions import StateTable
from staff.roles import Role

pytestmark = pytest.mark.req("TKT-07")

TABLES = {
    f"{app}.{name}": value
    for app in settings.OUR_APPS
    if find_spec(f"{app}.states")
    for name, value in vars(import_module(f"{app}.states")).items()
    if isinstance(value, StateTable)
}
each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())


def person(*roles):
    return SimpleNamespace(has_role=lambda *wanted: bool(set(wanted) & set(roles)))


ASKING = {role.value: person(role.value) for role in Role} | {"nobody's role": person(), "the system": None}


@each_table
def test_every_pair_of_state_and_role_is_answered_by_the_table(table):
    for name, by in ASKING.items():
        for state in table.states:
            for code, verb in table.moves.items():
                record = SimpleNamespace(**{table.field: state})
                may = verb.system if by is None else by.has_role(*verb.roles)
                if may and state in verb.sources:
                    table.move(record, code, by)
                    assert getattr(record, table.field) == (verb.target or state)
                    continue
                with pytest.raises(NotAllowed if may else Forbidden) as refusal:
                    table.move(record, code, by)
                assert getattr(record, table.field) == state, f"{code} by {name} changed a refused record"
                if may:
                    assert refusal.value.allowed == table.possible(state, by)


@each_table
def test_every_verb_may_be_done_by_somebody(table):
    idle = [code for code, verb in table.moves.items() if not verb.roles and not verb.system]
    assert idle == []
    unknown = {role for verb in table.moves.values() for role in verb.roles} - set(Role.values)
    assert unknown == set()


@each_table
def test_every_state_can_be_reached_and_every_open_one_can_be_left_for_an_end(table):
    steps = {state: set() for state in table.states}
    for verb in table.moves.values():
        for source in verb.sources:
            if verb.target:
                steps[source].add(verb.target)
    first = next(iter(table.states))
    assert reachable(steps, first) == set(table.states), f"not reachable from {first}"
    ends = {code for code, state in table.states.items() if not state.open}
    stuck = [state for state in table.open_states if not reachable(steps, state) & ends]
    assert stuck == []


def reachable(steps, start):
    found, waiting = {start}, [start]
    while waiting:
        for state in steps[waiting.pop()] - found:
            found.add(state)
            waiting.append(state)
    return found


def test_the_states_of_records_are_those_of_the_tables():
    """A model with a `state` field of choices offers exactly the states of one table, and begins in one of them."""
    known = {frozenset(table.states) for table in TABLES.values()}
    for model in apps.get_models():
        if model._meta.app_label not in settings.OUR_APPS or "state" not in {f.name for f in model._meta.fields}:
            continue
        field = model._meta.get_field("state")
        offered = frozenset(code for code, _ in field.choices or [])
        if offered in known:
            assert field.default in offered, model._meta.label
