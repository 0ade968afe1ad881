"""One person per role, and some of another region, for tests of the whole."""

from io import StringIO

from django.core.management import call_command

from staff.roles import Role
from tests.cast import Cast

ACTORS = {role.value: role.value for role in Role} | {
    "engineer_south": "engineer-south",
    "supervisor_south": "supervisor-south",
}


def everybody():
    """The shipped policy and a user per actor, of region NW or SE where it matters: name → user."""
    call_command("load_defaults", stdout=StringIO())
    cast = Cast()
    return {actor: cast[username] for actor, username in ACTORS.items()}
