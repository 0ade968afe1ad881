"""The index over search pieces (see `core.search`)."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex

STATISTICS = 1000


class SearchIndex(GinIndex):
    """A GIN index over a column of pieces, and statistics fine enough for the planner to tell rare from common.

    A rare piece is looked up in the index and sorted; one that stands in most rows is met soon enough when the rows
    are read in the order of the list. With ordinary statistics the planner takes the one for the other.
    """

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """The statement for the index, followed by the one for the statistics."""
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        column = schema_editor.quote_name(model._meta.get_field(self.fields[0]).column)
        statement.template += f"; ALTER TABLE %(table)s ALTER COLUMN {column} SET STATISTICS {STATISTICS}"
        return statement
