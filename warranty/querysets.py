"""Questions about terms, extensions and rights: which may apply, what a person may see, what is open."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet


def _of_seen_machines(rows: Any, user: Any) -> Any:
    """Rows of the machines that a person may see."""
    machines = rows.model.equipment.field.related_model
    return rows.filter(equipment__in=machines.objects.visible_to(user))


class TermQuerySet(QuerySet[Any]):
    """Warranty term rows."""

    def for_machine(self, machine: Any) -> "TermQuerySet":
        """All versions of all terms that may apply to a machine."""
        return self.filter(
            Q(equipment=machine.pk)
            | Q(equipment=None, contract=machine.contract_id, contract__isnull=False)
            | Q(equipment=None, contract=None, product_model=machine.model_id)
            | Q(equipment=None, contract=None, product_model=None, product_line=machine.model.product_line_id)
            | Q(equipment=None, contract=None, product_model=None, product_line=None)
        )

    def newest(self) -> "TermQuerySet":
        """The newest version of each term."""
        later = self.model.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
        return self.exclude(Exists(later))


class ExtensionQuerySet(QuerySet[Any]):
    """Extension rows."""

    def visible_to(self, user: Any) -> "ExtensionQuerySet":
        """Those of the machines the person may see."""
        return _of_seen_machines(self, user)

    def approved(self) -> "ExtensionQuerySet":
        """Bought and approved."""
        return self.filter(state="approved")


class FindingQuerySet(QuerySet[Any]):
    """Causes found."""

    def visible_to(self, user: Any) -> "FindingQuerySet":
        """Those of the machines the person may see."""
        return _of_seen_machines(self, user)


class RightQuerySet(QuerySet[Any]):
    """Rights that arose."""

    def visible_to(self, user: Any) -> "RightQuerySet":
        """Those of the machines the person may see."""
        return _of_seen_machines(self, user)

    def open(self, on: Any) -> "RightQuerySet":
        """Rights that can be claimed on a day, the one that ends first on top."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), state="open").order_by(
            F("ends_on").asc(nulls_last=True), "id"
        )
