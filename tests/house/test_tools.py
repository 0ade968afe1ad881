"""The project's own checks see what they are meant to see."""

import sys
from pathlib import Path

import pytest
from django.conf import settings

sys.path.insert(0, str(Path(settings.BASE_DIR) / "bin"))

import check_translations


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('_("Open")', [(None, "Open")]),
        ('label = gettext_lazy("Two " "parts")', [(None, "Two parts")]),
        ('ngettext("%(n)s day", "%(n)s days", n)', [(None, "%(n)s day")]),
        ('pgettext("month", "May")', [("month", "May")]),
        ("_(variable); other('x')", []),
    ],
)
def test_texts_of_code_are_found(source, texts):
    assert [(context, text) for context, text, _ in check_translations.texts_of_python(source)] == texts


def test_texts_of_templates_are_found(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        '{% load i18n %}{% translate "Save" %}{% translate "May" context "month" %}'
        "{% blocktranslate trimmed with name=x %}\n  Call {{ name }}\n  today{% endblocktranslate %}"
        "{% blocktranslate count n=n %}one{% plural %}{{ n }} many{% endblocktranslate %}"
        '{{ _("Later") }}'
    )
    found = {(context, text) for context, text, _ in check_translations.texts_of_template(template)}
    assert found == {
        (None, "Save"),
        ("month", "May"),
        (None, "Call %(name)s today"),
        (None, "one"),
        (None, "Later"),
    }


def test_placeholders_are_compared():
    assert check_translations.fields("%(who)s at {place}") == ["%(who)s", "{place}"]
