"""Telling people: one delivery per channel, made in the caller's transaction and sent after commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import history, nudges
from core.errors import Forbidden, NotAllowed, Refused
from core.refs import ref
from notices import texts, wording
from notices.kinds import KINDS, PLACES
from notices.models import Delivery, Template
from notices.querysets import ADMIN

Channel, State = Delivery.Channel, Delivery.State


@dataclass(frozen=True)
class Letter:
    """One message to one person, for `tell_many`; the fields are those of `tell`."""

    kind: str
    to: Any
    about: models.Model | str
    context: Mapping[str, Any]
    at: datetime
    not_before: datetime | None = None
    dedupe: str = ""


@transaction.atomic
def tell(
    kind: str,
    *,
    to: Any,
    about: models.Model | str,
    context: Mapping[str, Any],
    at: datetime | None = None,
    not_before: datetime | None = None,
    dedupe: str = "",
    channels: Iterable[str] | None = None,
) -> list[Delivery]:
    """Tell a person something once per kind, record and `dedupe`; saying it again changes nothing (OPN-03).

    The text is made now, in the receiver's language. Outside channels send it not before `not_before`, and
    the inbox shows it from then on. An ended account is told nothing.
    """
    letter = Letter(kind, to, about, context, at or timezone.now(), not_before, dedupe)
    wanted = list(channels) if channels is not None else _channels_of(to)
    _post(_deliveries(letter, wanted, {}))
    found = Delivery.objects.filter(kind=kind, about=ref(about), receiver=to, dedupe=dedupe)
    return list(found.filter(channel__in=wanted).order_by("id"))


@transaction.atomic
def tell_many(letters: Iterable[Letter]) -> None:
    """As `tell` for each letter, with few statements; for sweeps that have much to say at once."""
    known: dict[tuple[str, str], Template] = {}
    _post([row for letter in letters for row in _deliveries(letter, _channels_of(letter.to), known)])


def _deliveries(letter: Letter, channels: Iterable[str], known: dict[tuple[str, str], Template]) -> list[Delivery]:
    """Rows of a letter, one per channel; `known` keeps the texts that were looked up."""
    if letter.kind not in KINDS:
        raise KeyError(f"message kind {letter.kind} is not known")
    to = letter.to
    if not to.is_active:
        return []
    key = (letter.kind, to.language)
    if key not in known:
        known[key] = texts.valid(*key, letter.at)
    template = known[key]
    with translation.override(to.language):
        values = {name: _plain(value) for name, value in {"name": to.name, **letter.context}.items()}
    from_then = letter.not_before or letter.at
    return [
        Delivery(
            kind=letter.kind,
            about=ref(letter.about),
            receiver=to,
            channel=channel,
            dedupe=letter.dedupe,
            template=template if template.pk else None,
            language=to.language,
            subject=wording.fill(template.subject, values)[:300],
            body=wording.fill(template.body, values),
            url=values.get("url", ""),
            at=letter.at,
            not_before=from_then,
            **({"state": State.SENT, "sent_at": from_then} if channel == Channel.INBOX else {}),
        )
        for channel in channels
    ]


def _post(rows: list[Delivery]) -> None:
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == State.WAITING for row in rows):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Wake a worker for the messages; losing this call costs one sweep period."""
    nudges.send("notices.tasks.send_due")


def mark_read(deliveries: Any, *, by: Any, at: datetime | None = None) -> int:
    """The receiver has seen these messages of the own inbox; returns how many were unread."""
    own = deliveries.filter(receiver=by, channel=Channel.INBOX).unread()
    return int(own.update(read_at=at or timezone.now()))


@transaction.atomic
def send_again(delivery: Delivery, *, by: Any, at: datetime | None = None) -> Delivery:
    """Try a delivery anew that was given up."""
    _managing(by)
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != State.DEAD:
        raise NotAllowed(_("Only a message that was given up is sent again."))
    delivery.state, delivery.attempts, delivery.not_before = State.WAITING, 0, at or timezone.now()
    delivery.save(update_fields=["state", "attempts", "not_before"])
    history.record("delivery.sent_again", delivery, by=by, at=at, data={"message": delivery.kind})
    transaction.on_commit(nudge)
    return delivery


@transaction.atomic
def settle_past(before: datetime) -> int:
    """For a past that was entered afterwards: nothing of before a moment is sent out or shown as unread."""
    past = Delivery.objects.filter(at__lt=before)
    past.unread().filter(channel=Channel.INBOX).update(read_at=before)
    return past.filter(state=State.WAITING).update(state=State.SENT, sent_at=before)


@transaction.atomic
def change_text(code: str, language: str, *, subject: str, body: str, by: Any, at: datetime | None = None) -> Template:
    """A new version of a message text; messages made before keep theirs."""
    _managing(by)
    problems = {
        field: _("There is no place {%(name)s}.") % {"name": "}, {".join(strange)}
        for field, text in (("subject", subject), ("body", body))
        if (strange := wording.unknown_places(text, [*PLACES, "url"]))
    }
    if not subject.strip():
        problems["subject"] = _("A subject is needed.")
    if problems:
        raise Refused(problems)
    template = Template.objects.create(
        code=code, language=language, subject=subject, body=body, valid_from=at or timezone.now(), by=by
    )
    data = {"code": code, "language": language, "subject": subject, "body": body}
    history.record("template.changed", template, by=by, at=at, about=[f"text:{code}"], data=data)
    return template


def _channels_of(user: Any) -> list[str]:
    return [Channel.INBOX, Channel.EMAIL if user.email else Channel.LOG]


def _plain(value: Any) -> str:
    """Text of a value in the language that is active; moments in local time."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "m-d H:i")
    return "" if value is None else str(value)


def _managing(by: Any) -> None:
    if by is not None and not by.has_role(ADMIN):
        raise Forbidden(_("Only an administrator manages messages."))
