"""Deadlines in words: how long, why this promise, the sentence a dispatcher reads aloud."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.ui_time import day_words, span_words
from sla import definitions
from sla.facts import Facts
from sla.models import PauseReason, Promise, PromiseLine, Target
from staff.models import ProductLine, Province, Region


def span(raw: Mapping[str, Any], allowance: int = 0) -> str:
    """A span as promised: 15 min, 3 working days, the same day; with the allowance in minutes."""
    if "minutes" in raw:
        text = span_words(timedelta(minutes=int(raw["minutes"])), brief=False)
    elif raw.get("working_days"):
        count = int(raw["working_days"])
        text = ngettext("%(n)d working day", "%(n)d working days", count) % {"n": count}
        if raw.get("cutoff"):
            text = _("%(span)s (calls after %(hour)s count as the next day's)") % {"span": text, "hour": raw["cutoff"]}
    elif raw.get("days"):
        count = int(raw["days"])
        text = ngettext("%(n)d calendar day", "%(n)d calendar days", count) % {"n": count}
    else:
        text = _("the same day")
    if allowance:
        more = span_words(timedelta(minutes=allowance), brief=False)
        text = _("%(span)s and %(more)s for a remote place") % {"span": text, "more": more}
    return text


def minutes(count: int) -> str:
    """A number of minutes as a length of time."""
    return span_words(timedelta(minutes=count), brief=False)


def pause(reason: str) -> str:
    """Why a clock may stand still."""
    return str(PauseReason(reason).label)


def reasons(codes: Iterable[str]) -> str:
    """Reasons for which a clock may stand still, as one phrase."""
    return _(", ").join(pause(code) for code in codes)


def events(kinds: Iterable[str]) -> str:
    """Events as one phrase."""
    return _(", ").join(kind_label(kind) for kind in kinds)


def whom(selectors: Mapping[str, Any]) -> str:
    """Whom selectors let in, as one phrase; provinces, regions and product lines by name."""
    names = _names_of(selectors)
    told = []
    for name, value in selectors.items():
        values = value if isinstance(value, list) else [value]
        told.append(_(", ").join(fact(name, {name: names.get((name, one), one)}) for one in values))
    return _("; ").join(told)


def _names_of(selectors: Mapping[str, Any]) -> dict[tuple[str, Any], str]:
    found: dict[tuple[str, Any], str] = {}
    for name, model in (("province", Province), ("region", Region), ("product_line", ProductLine)):
        if selectors.get(name):
            rows = model._default_manager.filter(code__in=selectors[name])
            found |= {(name, row.code): str(row) for row in rows}
    return found


def clock_name(code: str) -> str:
    """A clock's name in the reader's language."""
    rows = definitions.at_hand().clocks.get(code, [])
    return str(rows[-1]) if rows else code


def fact(name: str, facts: Mapping[str, Any]) -> str:
    """One fact that decided, in words."""
    value = facts.get(name)
    return {
        "contract": _("contract %(value)s"),
        "customer": _("customer %(value)s"),
        "product_model": _("model %(value)s"),
        "product_line": _("product line %(value)s"),
        "fault_type": _("fault type %(value)s"),
        "province": _("province %(value)s"),
        "region": _("region %(value)s"),
        "is_home": _("home province") if value else _("outside the home province"),
        "is_remote": _("remote place") if value else _("not a remote place"),
        "grade": _("grade %(value)s"),
        "kind": "%(value)s",
    }[name] % {"value": _kind_words(value) if name == "kind" else value}


def _kind_words(value: Any) -> Any:
    return {
        "ticket": _("fault tickets"),
        "order": _("dispatch orders"),
        "complaint": _("complaints"),
        "feedback": _("internal feedback"),
        "followup": _("follow-ups"),
        "training": _("training"),
        "call": _("phone calls"),
    }.get(str(value), value)


def why(reasons: Iterable[str], facts: Mapping[str, Any], promise: Promise, beaten: Iterable[str] = ()) -> str:
    """Why this promise holds: what it is made for, and which others it came before."""
    named = [fact(name, facts) for name in reasons if name != "kind"]
    text = _("%(promise)s, version %(version)d") % {"promise": promise, "version": promise.version}
    if named:
        text = _("%(text)s: holds for %(facts)s") % {"text": text, "facts": _(", ").join(named)}
    else:
        text = _("%(text)s: holds for everybody") % {"text": text}
    others = list(beaten)
    if others:
        text = _("%(text)s; more specific than %(others)s") % {"text": text, "others": _(", ").join(others)}
    elif facts.get("contract") and "contract" not in reasons:
        text = _("%(text)s; contract %(contract)s says nothing else") % {"text": text, "contract": facts["contract"]}
    return text


def aloud(line: PromiseLine, due: datetime, at: datetime, facts: Facts) -> str:
    """The sentence a dispatcher reads to the customer."""
    grade = _("grade %(grade)d") % {"grade": facts.grade} if facts.grade else ""
    values = {
        "span": span(line.span, line.remote_minutes if facts.is_remote else 0),
        "moment": moment(due, at),
        "grade": grade,
        "what": line.label,
    }
    sentence = {
        Target.ANSWER: _("We answer you by %(moment)s."),
        Target.CONTACT: _("An engineer calls you within %(span)s of the dispatch."),
        Target.ARRIVE: _("An engineer is with you by %(moment)s at the latest."),
        Target.RESOLVE: _("The fault is fixed by %(moment)s at the latest."),
        Target.REPLACE: _("We exchange it by %(moment)s at the latest."),
        Target.REPORT: _("You receive the report of the visit: %(span)s."),
        Target.CALL_BACK: _("We call you back by %(moment)s."),
        Target.TEAM: _("%(what)s by %(moment)s."),
    }[Target(line.target)]
    return sentence % values


def moment(due: datetime, at: datetime) -> str:
    """A moment as it is said on the phone: today 14:30, 11 月 22 日 周日 06:42."""
    local, now = timezone.localtime(due), timezone.localtime(at)
    days = (local.date() - now.date()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return f"{day_words(local.date())} {clock}"


def kind_label(kind: str) -> str:
    """An event in words; one that nobody named shows its code."""
    return str(_EVENTS.get(kind, kind))


_EVENTS: dict[str, Any] = {
    "ticket.opened": gettext_lazy("fault reported"),
    "ticket.graded": gettext_lazy("fault graded"),
    "ticket.solved": gettext_lazy("fault fixed"),
    "ticket.solved_by_phone": gettext_lazy("solved by phone"),
    "ticket.closed": gettext_lazy("ticket closed"),
    "ticket.reopened": gettext_lazy("ticket reopened"),
    "ticket.charges_agreed": gettext_lazy("charges agreed"),
    "order.issued": gettext_lazy("order issued"),
    "order.accepted": gettext_lazy("order accepted"),
    "order.contacted": gettext_lazy("customer called"),
    "order.departed": gettext_lazy("engineer set off"),
    "order.arrived": gettext_lazy("engineer arrived"),
    "order.left": gettext_lazy("engineer left"),
    "order.reported": gettext_lazy("visit reported"),
    "order.left_unsolved": gettext_lazy("left unsolved"),
    "order.refused": gettext_lazy("order refused"),
    "order.cancelled": gettext_lazy("order cancelled"),
    "ticket.step_tried": gettext_lazy("step tried by phone"),
    "ticket.exchanged": gettext_lazy("machine exchanged"),
    "complaint.opened": gettext_lazy("complaint came in"),
    "complaint.acknowledged": gettext_lazy("complaint acknowledged"),
    "complaint.answer_agreed": gettext_lazy("time of the answer agreed"),
    "complaint.answered": gettext_lazy("complaint answered"),
    "complaint.reopened": gettext_lazy("complaint reopened"),
    "complaint.decided": gettext_lazy("complaint decided"),
    "complaint.closed": gettext_lazy("complaint closed"),
    "feedback.opened": gettext_lazy("feedback came in"),
    "feedback.handled": gettext_lazy("feedback handled"),
    "feedback.closed": gettext_lazy("feedback closed"),
    "part.requested": gettext_lazy("part requested"),
    "part.sent": gettext_lazy("part sent"),
    "part.handed_over": gettext_lazy("part handed over"),
    "followup.escalated": gettext_lazy("question handed to the superior"),
    "followup.resolved": gettext_lazy("customer has the answer"),
    "training.planned": gettext_lazy("training planned"),
    "training.held": gettext_lazy("training held"),
    "call.recorded": gettext_lazy("call recorded"),
    "call.answered": gettext_lazy("question answered"),
}


def date_words(at: datetime) -> str:
    """A moment with its day, for tables."""
    return date_format(timezone.localtime(at), "m-d H:i")
