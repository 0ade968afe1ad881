"""Terms, phases, and the one warranty decision."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class WarrantyConfig(AppConfig):
    name = "warranty"

    def ready(self) -> None:
        """Declare kinds of entries and records, the reader of replaced components, the language of verdicts."""
        from core import history, readers, refs
        from customers import kinds
        from warranty import models, stories, tasks
        from warranty.facts import Reader

        Reader.language = staticmethod(lambda: get_language() or "zh-hans")
        history.declare(stories.KINDS)
        kinds.offer(lambda: [(kind.code, str(kind)) for kind in models.ComponentKind.objects.all()])
        readers.register("warranty.replacements", {"equipment.component_replaced"}, tasks.read_replacement)
        refs.register(models.Term, natural_key="code", url=lambda term: reverse("warranty:term", args=[term.code]))
        refs.register(models.GuaranteeRule, natural_key="code", url=lambda rule: reverse("warranty:terms"))
        for model, key in ((models.Extension, "number"), (models.Right, "pk")):
            refs.register(
                model, natural_key=key, url=lambda row: reverse("customers:equipment", args=[row.equipment.serial])
            )
        self._show_in_settings()

    @staticmethod
    def _show_in_settings() -> None:
        from staff import settings_index
        from staff.roles import Role
        from warranty import permissions

        house = set(Role.values) - {Role.CONTRACTOR.value}
        about = _("Terms, phases and the three guarantees, each with its versions.")
        settings_index.register("warranty", _("Warranty terms"), "warranty:terms", house, about)
        about = _("Machines whose free period ends soon, and what could be offered.")
        settings_index.register("warranty", _("Warranties ending soon"), "warranty:ending", permissions.TALKERS, about)
