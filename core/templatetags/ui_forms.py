"""Forms, filters and the answers to a click: fields with their errors, next actions, pagers."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.templatetags.ui_marks import icon

register = template.Library()

SELECTS = (forms.Select, forms.SelectMultiple)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "ticks"
    if isinstance(widget, forms.RadioSelect):
        return "choice"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "hidden" if widget.is_hidden else "control"


def _control(bound: BoundField, kind: str, extra: dict[str, Any]) -> SafeString:
    """The control with its class and what ties it to help and error."""
    attrs = dict(extra)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if kind == "control":
        base = "form-select" if isinstance(bound.field.widget, SELECTS) else "form-control"
        attrs["class"] = " ".join(
            filter(None, [base, bound.field.widget.attrs.get("class", ""), attrs.get("class", "")])
        )
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def field(
    bound: BoundField,
    label: Any = None,
    help: Any = None,
    wide: bool = False,
    down: bool = False,
    unit: Any = "",
    optional: bool = False,
    hide_label: bool = False,
    picks: str = "",
    css: str = "",
    **attrs: Any,
) -> SafeString:
    """A field with label, help and error. Radios become segmented answers (`down`: one per line; `picks`: large keys).

    Further keyword arguments become attributes of the control; underscores turn into hyphens.
    """
    kind = _kind(bound.field.widget)
    extra = {name.strip("_").replace("_", "-"): value for name, value in attrs.items()}
    label = bound.label if label is None else label
    notes = _notes(bound, bound.help_text if help is None else help)
    mark = _mark(bound, optional)
    if kind in ("choice", "ticks"):
        return _group(bound, kind, label, mark, notes, _box(bound, wide, css), down, hide_label, picks)
    control = _control(bound, kind, extra)
    if kind == "hidden":
        return control
    name = escape(bound.id_for_label)
    if kind == "tick":
        inner = f'<label class="tick" for="{name}">{control}<span>{conditional_escape(label)}{mark}</span></label>'
    else:
        hidden = " visually-hidden" if hide_label else ""
        begin, end = "", ""
        if unit:
            begin, end = '<div class="with-unit">', f'<span class="unit">{conditional_escape(unit)}</span></div>'
        legend = f'<label class="form-label{hidden}" for="{name}">{conditional_escape(label)}{mark}</label>'
        inner = f"{legend}{begin}{control}{end}"
    return mark_safe(f'<div class="{_box(bound, wide, css)}">{inner}{notes}</div>')  # noqa: S308 - all parts are escaped


def _box(bound: BoundField, wide: bool, css: str) -> str:
    return "".join(["field", f" {escape(css)}" * bool(css), " wide" * bool(wide), " has-error" * bool(bound.errors)])


def _mark(bound: BoundField, optional: bool) -> str:
    """The star of what must be filled in, or that it is wanted only if known."""
    if bound.field.required:
        return f' <span class="required" title="{escape(_("required"))}">*</span>'
    return f' <span class="optional">{escape(_("if known"))}</span>' if optional else ""


def _notes(bound: BoundField, help: Any) -> str:
    """Help and errors below a control."""
    text = f'<div class="help" id="{bound.auto_id}_help">{conditional_escape(help)}</div>' if help else ""
    if bound.errors:
        said = " ".join(conditional_escape(str(error)) for error in bound.errors)
        text += f'<div class="error" id="{bound.auto_id}_error">{icon("alert-triangle")}<span>{said}</span></div>'
    return text


def _group(
    bound: BoundField,
    kind: str,
    label: Any,
    mark: str,
    notes: str,
    box: str,
    down: bool,
    hide_label: bool,
    picks: str,
) -> SafeString:
    """Radios or ticks under one legend."""
    described = [f"{bound.auto_id}_help"] * bool(bound.help_text) + [f"{bound.auto_id}_error"] * bool(bound.errors)
    context = {
        "bound": bound,
        "kind": kind,
        "label": label,
        "mark": mark_safe(mark),  # noqa: S308 - from `_mark`
        "notes": mark_safe(notes),  # noqa: S308 - from `_notes`
        "options": list(bound),
        "box": box,
        "down": down,
        "hide_label": hide_label,
        "picks": picks,
        "describedby": " ".join(described),
    }
    return render_to_string("components/field_group.html", context)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm, title: Any = "") -> dict[str, Any]:
    """What keeps the form from being saved; takes the focus, each line leads to its field."""
    rows = (
        [(form[name], errors) for name, errors in form.errors.items() if name in form.fields] if form.is_bound else []
    )
    return {
        "form": form,
        "rows": rows,
        "general": form.non_field_errors() if form.is_bound else [],
        "title": title,
    }


@register.simple_tag
def idempotency_key(key: str = "") -> SafeString:
    """A hidden field that makes sending the same form twice one record."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', key or uuid.uuid4())


@register.inclusion_tag("components/next_actions.html", takes_context=True)
def next_actions(context: Any, actions: Sequence[Any], slot: str = "action-slot") -> dict[str, Any]:
    """Buttons of what is sensible now; a blocked one stays and says why. 'hx' actions open in the slot below."""
    return {"actions": actions, "slot": slot, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/action_panel.html", takes_context=True)
def action_panel(
    context: Any,
    label: Any,
    url: str,
    form: forms.BaseForm,
    submit: Any = "",
    icon: str = "",
    alt: str = "",
    primary: bool = False,
    opened: bool = False,
    draft: str = "",
    lead: Any = "",
) -> dict[str, Any]:
    """A button that opens its form in place. Opens by itself when the form has errors."""
    return {
        "label": label, "url": url, "form": form, "submit": submit or label, "icon": icon, "alt": alt,
        "primary": primary, "opened": opened or bool(form.is_bound and form.errors), "draft": draft, "lead": lead,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Any, form: forms.BaseForm, grow: str = "q", count: Any = "", action: str = ""
) -> dict[str, Any]:
    """The filters of a list as a GET form; `grow` names the text field that takes the room."""
    request = context["request"]
    kept = [(name, request.GET[name]) for name in ("view", "sort") if name in request.GET and name not in form.fields]
    active = any(request.GET.get(form.add_prefix(name)) for name in form.fields)
    return {
        "form": form,
        "grow": grow,
        "count": count,
        "kept": kept,
        "active": active,
        "path": action or request.path,
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Any, page: Any, count: Any = "") -> dict[str, Any]:
    """Newer and older links of a page by key (core.paging)."""
    request = context["request"]

    def link(cursor: str) -> str:
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"?{query.urlencode()}"

    return {
        "newer": link(page.newer) if page.newer else "",
        "older": link(page.older) if page.older else "",
        "first": _without(request, "cursor") if page.newer else "",
        "shown": len(page),
        "count": count,
    }


def _without(request: Any, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Any, name: str, label: Any, numeric: bool = False, default: str = "") -> dict[str, Any]:
    """A column head that sorts by ?sort=name or ?sort=-name; `default` is the order when none is asked for."""
    request = context["request"]
    now = request.GET.get("sort") or default
    query = request.GET.copy()
    query["sort"] = f"-{name}" if now == name else name
    query.pop("cursor", None)
    order = {"": "", name: "ascending", f"-{name}": "descending"}.get(now, "")
    return {"label": label, "url": f"?{query.urlencode()}", "order": order, "numeric": numeric}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: Any = "") -> dict[str, Any]:
    """Views of the same thing as chips: objects or dicts with label, url, current, and count if there is one."""
    return {"items": items, "label": label or _("Views")}
