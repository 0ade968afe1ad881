"""How a verb of the API runs: role first, then the body, then the action, then the record as it stands."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.errors import Forbidden
from core.transitions import StateTable


class VerbMixin:
    """Reads the body of a verb; wrong roles are refused before anything is read."""

    def given(self: Any, shape: type[serializers.BaseSerializer], request: Request) -> dict[str, Any]:
        """The checked body. Raises a ValidationError by field."""
        form = shape(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return {name: value for name, value in form.validated_data.items() if value is not None}

    def asked(self: Any, shape: type[serializers.BaseSerializer], request: Request) -> dict[str, Any]:
        """The checked query parameters."""
        form = shape(data=request.query_params, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def demand(self: Any, table: StateTable, code: str) -> None:
        """Forbidden unless the person's role includes the verb."""
        if not table.permitted(code, self.request.user):
            raise Forbidden(_("Your role does not include: %(verb)s.") % {"verb": table.moves[code].label})

    def demand_that(self: Any, can: Callable[[Any], bool]) -> None:
        """Forbidden unless a permission says yes."""
        if not can(self.request.user):
            raise Forbidden(_("Your role does not include this."))
