"""Controls of forms written in one go: the markup is Django's own, but pages with many fields need no template each."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_WIDGETS = "django/forms/widgets/"
_INPUTS = {
    f"{_WIDGETS}{name}.html"
    for name in (
        "text",
        "number",
        "email",
        "url",
        "hidden",
        "date",
        "datetime",
        "time",
        "checkbox",
        "input",
        "password",
    )
}


class Renderer(TemplatesSetting):
    """Inputs, selects and text areas by hand; everything else by template."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The control as markup."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == f"{_WIDGETS}select.html":
            return _select(context["widget"])
        if template_name == f"{_WIDGETS}textarea.html":
            return _textarea(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else f' value="{conditional_escape(str(value))}"'
    return _markup(
        f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{shown}{_attributes(widget)}>'
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        rows = [
            f'<option value="{conditional_escape(str(option["value"]))}"{_attributes(option)}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        ]
        parts += [f'<optgroup label="{conditional_escape(group)}">', *rows, "</optgroup>"] if group else rows
    return _markup("".join([*parts, "</select>"]))


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    text = conditional_escape(widget["value"] or "")
    return _markup(f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>')


def _attributes(widget: Mapping[str, Any]) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {name}")
        elif value is not False:
            parts.append(f' {name}="{conditional_escape(str(value))}"')
    return "".join(parts)


def _markup(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 - every value is escaped where it is put in
