"""Unsaved rows into their tables by COPY: a hundred times as fast as an action, and nothing is told to readers."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})


def keys(model: type[models.Model], count: int) -> list[int]:
    """So many fresh primary keys of a table, in order."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return sorted(key for (key,) in cursor.fetchall())


def write(rows: Sequence[models.Model]) -> None:
    """Write rows of one model; those without a primary key get it from the table."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    for row in rows:
        _point_to_keys(row)
    parts = [(field.attname, _writer(field)) for field in fields]
    statement = f"COPY {connection.ops.quote_name(meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, _Stream(_lines(rows, parts)))


def _point_to_keys(row: models.Model) -> None:
    """Related rows may have got their keys after they were named."""
    for name, related in row._state.fields_cache.items():
        if related is not None:
            row.__dict__[f"{name}_id"] = related.pk


def _lines(rows: Iterable[models.Model], parts: list[tuple[str, Callable[[Any], str]]]) -> Iterator[str]:
    for row in rows:
        values = row.__dict__
        yield "\t".join(["\\N" if values[name] is None else write(values[name]) for name, write in parts]) + "\n"


def _writer(field: "models.Field[Any, Any]") -> Callable[[Any], str]:
    """How values of a field are spelled in a COPY."""
    if isinstance(field, ArrayField):
        return _array
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    if isinstance(field, models.DateTimeField | models.DateField):
        return _moment
    if isinstance(field, models.CharField | models.TextField):
        return lambda value: str(value).translate(_ESCAPES)
    return str


def _moment(value: datetime | date) -> str:
    return value.isoformat()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def _array(value: Iterable[Any]) -> str:
    inner = ",".join(['"' + str(one).translate(_IN_ARRAY) + '"' for one in value])
    return ("{" + inner + "}").translate(_ESCAPES)


class _Stream:
    """Lines as the file that the driver reads from."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = b""

    def read(self, size: int = 8192) -> bytes:
        """The next bytes, at most `size`; empty at the end."""
        while len(self._rest) < size:
            chunk = "".join(islice(self._lines, 64))
            if not chunk:
                break
            self._rest += chunk.encode()
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
