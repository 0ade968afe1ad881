"""A database of its own beside the one of the settings, filled once with a load of a given size."""

import os
from collections.abc import Callable
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils.connection import ConnectionDoesNotExist

from staff.models import User


def has_tables() -> bool:
    """Whether the database of the settings has been migrated."""
    return User._meta.db_table in connection.introspection.table_names()


def use(tickets: int, say: Callable[[str], None]) -> None:
    """Turn this process and those it starts to the scratch database of a size; make and fill it when it is new."""
    name = f"aftersales_bench_{tickets}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            say(f"creating the database {name}")
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    _turn_to(name)
    call_command("migrate", verbosity=0)
    if not User.objects.filter(username="load-desk-1").exists():
        say(f"filling it with {tickets} tickets")
        call_command("load_defaults", verbosity=0)
        call_command("make_load", tickets=tickets)


def _turn_to(name: str) -> None:
    values = settings.DATABASES["default"]
    values["NAME"] = name
    try:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
    except ConnectionDoesNotExist:
        pass
    user = quote(values["USER"]) + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    options = {"host": values["HOST"], **values["OPTIONS"]}
    port = f"localhost:{values['PORT']}" if values["PORT"] else ""
    known = {key: value for key, value in options.items() if isinstance(value, str) and value}
    os.environ["DATABASE_URL"] = f"postgresql://{user}@{port}/{name}?{urlencode(known)}"
