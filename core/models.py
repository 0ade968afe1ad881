"""Tables of the mechanisms: history, inboxes, numbers, idempotency keys, approvals, files and papers."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that happened. Written once; the database refuses to change or delete it (TKT-07, SEC-03).

    `subject` and every element of `about` are references such as ``ticket:17``; the subject is always
    among them, so one index answers "everything about this record".
    """

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    about = ArrayField(models.CharField(max_length=60))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(help_text="When it happened.")
    entered_at = models.DateTimeField(default=timezone.now, help_text="When it was entered.")
    why = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            GinIndex(fields=["about"], name="core_entry_about"),
            models.Index(fields=["kind", "-id"], name="core_entry_kind"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the history';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Inbox(models.Model):
    """An entry that one reader still has to act on."""

    reader = models.CharField(max_length=60)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "entry"], name="core_inbox_once")]
        indexes = [models.Index(fields=["not_before", "id"], name="core_inbox_due")]


class NumberSeries(models.Model):
    """The last number given out in one series of one period, for example WX of 20261121."""

    prefix = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "period"], name="core_series_once")]


class IdempotencyKey(models.Model):
    """The first answer given to a request key of one user; a repeat gets it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="core_idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="core_idempotency_age")]


class Approval(models.Model):
    """One signature that a paper or a step needs, asked of a role and given by a person."""

    class Decision(models.TextChoices):
        OPEN = "open", _("To be signed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    subject = models.CharField(max_length=60)
    step = models.CharField(max_length=40, help_text="What is signed, for example order.head.")
    role = models.CharField(max_length=20, help_text="Role that may sign.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "step"], condition=Q(decision="open"), name="core_approval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["open", "withdrawn"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="core_approval_decided_by",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "decision", "id"], name="core_approval_role"),
            models.Index(fields=["subject"], name="core_approval_subject"),
        ]


class StoredFile(models.Model):
    """An uploaded file whose content was checked; kept under a name of our own."""

    name = models.CharField(max_length=200, help_text="Name as the sender gave it.")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to="files/%Y/%m")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True, help_text="When the picture was taken, as the device says.")
    created_at = models.DateTimeField(default=timezone.now)


class Paper(models.Model):
    """An issued document: rendered once, stored with its checksum, never rendered again."""

    kind = models.CharField(max_length=40, help_text="For example dispatch-order or service-report.")
    number = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=60)
    file = models.FileField(upload_to="papers/%Y/%m")
    content_type = models.CharField(max_length=100, default="application/pdf")
    sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "version", "language", "content_type"], name="core_paper_once"
            )
        ]
        indexes = [models.Index(fields=["subject"], name="core_paper_subject")]


class Heartbeat(models.Model):
    """When a part of the running system was last seen alive."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()
