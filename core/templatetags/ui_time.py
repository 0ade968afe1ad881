"""Time in words: spans, moments, and the chip and ledger of a deadline."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui_marks import icon

register = template.Library()

DAY = 24 * 60
ICONS = {"held": "player-pause", "kept": "check", "late": "alert-triangle", "broken": "alert-triangle"}


def weekday(day: date) -> str:
    """周日, Sun."""
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return names[day.weekday()]


def span_words(span: timedelta, brief: bool = True) -> str:
    """A length of time: 6 分, 3 时 36 分; brief drops minutes from one day on and hours from three days on."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return _("under 1 min")
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return _("%(minutes)d min") % {"minutes": rest}
    if minutes >= 3 * DAY:
        days, hours = divmod(hours, 24)
        text = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return text if brief or not hours else _("%(days)s %(hours)d h") % {"days": text, "hours": hours}
    if rest == 0 or (brief and minutes >= DAY):
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def moment_words(moment: datetime, at: datetime, today: bool = False) -> str:
    """A moment as short as it can be without doubt: 14:30, 明天 06:42, 周日 06:42, 11-23 09:00, 2027-01-14."""
    local, now = timezone.localtime(moment), timezone.localtime(at)
    clock, days = f"{local:%H:%M}", (local.date() - now.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": clock} if today else clock
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    if 1 < days < 7:
        return f"{weekday(local.date())} {clock}"
    if days == -1 and today:
        return _("yesterday %(time)s") % {"time": clock}
    if abs(days) < 300:
        return f"{local:%m-%d} {clock}"
    return f"{local:%Y-%m-%d}"


def day_words(day: date) -> str:
    """11 月 20 日 周五, Fri 20 Nov."""
    months = [_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")]
    months += [_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")]
    return _("%(weekday)s %(day)d %(month)s") % {
        "weekday": weekday(day),
        "day": day.day,
        "month": months[day.month - 1],
    }


@register.simple_tag
def local_time(moment: datetime | date | None, style: str = "short", at: datetime | None = None) -> str:
    """A moment in <time>. Styles: short (今天 14:30), long (with year), time, date, day (11 月 20 日 周五)."""
    if moment is None:
        return format_html('<span class="quiet">{}</span>', "—")
    if not isinstance(moment, datetime):
        text = day_words(moment) if style == "day" else f"{moment:%Y-%m-%d}"
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)
    local, now = timezone.localtime(moment), at or timezone.now()
    text = {
        "short": lambda: moment_words(moment, now, today=True),
        "long": lambda: f"{local:%Y-%m-%d %H:%M}",
        "time": lambda: f"{local:%H:%M}",
        "date": lambda: f"{local:%Y-%m-%d}",
        "day": lambda: day_words(local.date()),
    }[style]()
    exact = local.isoformat(timespec="seconds")
    return mark_safe(  # noqa: S308 - the words come from the catalogue and are escaped
        f'<time datetime="{exact}" title="{local:%Y-%m-%d %H:%M}">{escape(text)}</time>'
    )


@register.simple_tag
def duration(span: timedelta | None, brief: bool = False) -> str:
    """A length of time in words; nothing known is a dash."""
    return "—" if span is None else span_words(span, brief)


@register.simple_tag
def clock_day(at: datetime | None = None) -> str:
    """Today's date for the top bar."""
    return day_words(timezone.localtime(at or timezone.now()).date())


@register.simple_tag
def clock_time(at: datetime | None = None) -> str:
    """The time now for the top bar."""
    return f"{timezone.localtime(at or timezone.now()):%H:%M}"


@register.filter
def day_name(day: date) -> str:
    """11 月 20 日 周五, with 今天 or 昨天 before it; a day of another year with its year."""
    today = timezone.localdate()
    name = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}.get((day - today).days)
    words = day_words(day)
    if day.year != today.year:
        words = _("%(day)s, %(year)d") % {"day": words, "year": day.year}
    return f"{name}\u3000{words}" if name else words


def _tone(timer: Any, at: datetime) -> str:
    if timer.state != "running":
        return {"held": "held", "kept": "kept", "broken": "broken"}.get(timer.state, "gone")
    if at > timer.due_at:
        return "late"
    return "soon" if timer.warn_at and at >= timer.warn_at else "calm"


def _words(timer: Any, tone: str, at: datetime, brief: bool) -> tuple[str, str]:
    """The bold part (how much) and the plain part (what until when)."""
    target = timer.target_label
    due = moment_words(timer.due_at, at) if timer.due_at else ""
    ended = getattr(timer, "ended_at", None)
    if tone in ("calm", "soon"):
        left = span_words(timer.due_at - at, brief)
        return _("%(span)s left") % {"span": left}, _("%(target)s by %(moment)s") % {
            "target": target,
            "moment": due,
        }
    if tone == "late":
        over = span_words(at - timer.due_at, brief)
        return _("%(span)s overdue") % {"span": over}, _("%(target)s by %(moment)s") % {
            "target": target,
            "moment": due,
        }
    if tone == "held":
        kept, reason = getattr(timer, "left", None), timer.held_reason or target
        if kept:
            reason = _("%(reason)s, %(span)s left") % {"reason": reason, "span": span_words(kept, brief)}
        return _("On hold"), str(reason)
    if tone == "kept":
        done = {"target": target, "moment": moment_words(ended, at) if ended else "", "due": due}
        return _("On time"), _("%(target)s %(moment)s, due %(due)s") % done
    if tone == "broken":
        over = span_words(ended - timer.due_at, brief) if ended else span_words(at - timer.due_at, brief)
        return _("%(span)s late") % {"span": over}, _("%(target)s, due %(due)s") % {
            "target": target,
            "due": due,
        }
    return _("Cancelled"), str(target)


@register.simple_tag
def time_chip(timer: Any, full: bool = False, link: bool = True, at: datetime | None = None) -> SafeString:
    """Time left, everywhere the same. `link=False` inside a row that is a link itself; `full` shows the minutes too."""
    now = at or timezone.now()
    tone = _tone(timer, now)
    much, until = _words(timer, tone, now, not full)
    share = min(max(float(getattr(timer, "share_used", 0) or 0), 0), 1)
    used = 100 if tone in ("late", "broken") else 0 if tone == "gone" else round(share * 100)
    url = getattr(timer, "url", "") if link else ""
    element, leads = ("a", f' href="{escape(url)}" data-ledger') if url else ("span", "")
    live = _for_the_clock(timer, full) if timer.state == "running" else ""
    mark = icon(ICONS.get(tone, "clock"))
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<{element} class="time-chip"{leads} data-time="{tone}" data-vars="--used:{used}"{live}>'
        f"{mark}<b>{escape(much)}</b><span>{escape(until)}</span></{element}>"
    )


def _for_the_clock(timer: Any, full: bool) -> str:
    """What the script needs to let the chip run on."""
    moments = {"due": timer.due_at, "warn": timer.warn_at, "start": timer.started_at}
    told = "".join(f' data-{name}="{at.isoformat() if at else ""}"' for name, at in moments.items())
    return f'{told} data-target="{escape(timer.target_label)}"{" data-full" if full else ""}'


@register.inclusion_tag("components/ledger.html")
def ledger(account: Any) -> dict[str, Any]:
    """How a deadline came about; the changes of the rows add up to the total."""
    return {"ledger": account, "timer": account}


@register.simple_tag
def signed_duration(span: timedelta | None) -> str:
    """A change of a deadline: +6 时, −30 分, 0."""
    if span is None:
        return ""
    if not span:
        return "0"
    sign = "+" if span > timedelta(0) else "−"
    return f"{sign}{span_words(span, brief=False)}"
