"""Terms, phases, and the one warranty decision."""

from django.apps import AppConfig
from django.urls import reverse


class WarrantyConfig(AppConfig):
    name = "warranty"

    def ready(self) -> None:
        """Declare kinds of entries and records, the reader of replaced components, the language of verdicts."""
        from django.utils.translation import get_language

        from core import history, readers, refs
        from customers import kinds
        from warranty import models, stories, tasks
        from warranty.facts import Reader

        Reader.language = staticmethod(lambda: get_language() or "zh-hans")
        history.declare(stories.KINDS)
        kinds.offer(lambda: [(kind.code, str(kind)) for kind in models.ComponentKind.objects.all()])
        readers.register("warranty.replacements", {"equipment.component_replaced"}, tasks.read_replacement)
        refs.register(models.Term, natural_key="code", url=lambda term: reverse("warranty:term", args=[term.code]))
        for model, key in ((models.Extension, "number"), (models.Right, "pk")):
            refs.register(
                model,
                natural_key=key,
                url=lambda row: reverse("customers:equipment", args=[row.equipment.serial]),
            )
        refs.register(models.GuaranteeRule, natural_key="code", url=lambda rule: reverse("warranty:terms"))
