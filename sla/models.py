"""Promises, working clocks, escalation chains, and the timers that run on them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sla.querysets import TimerQuerySet
from staff.models import in_language


class Target(models.TextChoices):
    """What is promised; the label is the verb that stands after "by 14:30"."""

    ANSWER = "answer", _("answer")
    CONTACT = "contact", _("contact")
    ARRIVE = "arrive", _("arrive")
    RESOLVE = "resolve", _("fix")
    REPLACE = "replace", _("replace")
    REPORT = "report", _("report")
    CALL_BACK = "call_back", _("call back")
    TEAM = "team", _("hand over")


class PauseReason(models.TextChoices):
    """Why a clock may stand still (SLA-04)."""

    CUSTOMER = "customer", _("Waiting for the customer")
    PARTS = "parts", _("Waiting for agreed parts")
    WEATHER = "weather", _("Weather")
    SITE = "site", _("Site closed")
    CLOSED = "closed", _("Closed in between")


class Version(models.Model):
    """A row of policy: never edited, replaced by the next version of its code."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(help_text="First day it holds.")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Clock(Version):
    """One version of a working clock (SLA-08)."""

    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    weekly = models.JSONField(default=dict, help_text='{"mon": [["08:00", "12:00"], …], …}; a missing day is closed.')
    days = models.JSONField(default=dict, blank=True, help_text='{"2026-10-01": []}: dates that differ.')
    region_days = models.JSONField(default=dict, blank=True, help_text="Region code to dates that differ there only.")
    follows_holidays = models.BooleanField(default=False, help_text="Public holidays concern this clock.")
    published_years = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text="Years whose official holidays are entered; others are provisional.",
    )

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="sla_clock_version")]


class Chain(Version):
    """One version of an escalation chain: who hears of a deadline when (SLA-05)."""

    rungs = models.JSONField(
        default=list, help_text='[{"after": minutes past the deadline, "who": ["engineer", "supervisor", …]}]'
    )
    warn_who = ArrayField(models.CharField(max_length=20), default=list, help_text="Whom the warning goes to.")
    hours = models.CharField(
        max_length=40,
        blank=True,
        help_text="Clock of the receivers' own hours; messages about grades 1 and 2 go out at once.",
    )

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="sla_chain_version")]


class Promise(Version):
    """One version of a promise [服务承诺]: for whom it holds, with its lines (SLA-01)."""

    valid_to = models.DateField(null=True, blank=True, help_text="Last day it holds; empty: until replaced.")
    is_draft = models.BooleanField(default=False, help_text="Only for trying out; binds nobody.")
    by_choice = models.BooleanField(default=False, help_text="Holds only for contracts that chose it.")
    selectors = models.JSONField(
        default=dict,
        blank=True,
        help_text="Lists by name: kind, product_line, product_model, contract, customer, region, province, grade; "
        "is_home and is_remote as true or false.",
    )
    source = models.CharField(max_length=200, blank=True, help_text="Where the words come from.")
    letter_zh = models.TextField(blank=True, help_text="Further sentences of the promise letter.")
    letter_en = models.TextField(blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="sla_promise_version"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="sla_promise_period"
            ),
        ]


class PromiseLine(models.Model):
    """What is promised within how long, from which event to which."""

    class Reopen(models.TextChoices):
        CONTINUE = "continue", _("Go on with what is left")
        NEW = "new", _("Begin anew")
        NONE = "none", _("No further deadline")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    target = models.CharField(max_length=12, choices=Target)
    leg = models.CharField(
        max_length=40, blank=True, help_text="Tells several lines of one target apart, for example two teams."
    )
    label_zh = models.CharField(max_length=60, blank=True)
    label_en = models.CharField(max_length=60, blank=True)
    selectors = models.JSONField(default=dict, blank=True, help_text="As those of the promise, narrower.")
    span = models.JSONField(help_text="{minutes}, {working_days, cutoff}, {days} or {same_day: true}.")
    clock = models.CharField(max_length=40, help_text="Code of the clock.")
    start_kinds = ArrayField(models.CharField(max_length=60))
    restart_kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    stop_kinds = ArrayField(models.CharField(max_length=60))
    cancel_kinds = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Events that make it void."
    )
    pausable = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    remote_minutes = models.PositiveIntegerField(default=0, help_text="Allowance for remote places.")
    warn_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.75")
    chain = models.CharField(max_length=40, blank=True, help_text="Code of the escalation chain.")
    penalty = models.DecimalField(max_digits=10, decimal_places=2, default=0, help_text="Yuan per breach.")
    party = models.CharField(max_length=40, blank=True, help_text="Who has it; waiting is charged to him (SLA-09).")
    reopen = models.CharField(max_length=8, choices=Reopen, default=Reopen.CONTINUE)
    reopen_kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["promise", "position"], name="sla_line_position")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is to be done, as a verb: contact, arrive."""
        return in_language(self.label_zh, self.label_en) or str(Target(self.target).label)


class PromiseChoice(models.Model):
    """A contract chose a promise."""

    contract = models.CharField(max_length=40, help_text="Number of the contract.")
    promise = models.CharField(max_length=40, help_text="Code of the promise.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "promise"], name="sla_choice_once"),
        ]


class Stamp(models.Model):
    """One row that changes with every change of clocks, promises, chains and choices, so that copies are dropped."""

    value = models.CharField(max_length=40)


class Timer(models.Model):
    """One promise line running for one subject (SLA-04 to SLA-06).

    `due_at` is worked out from `started_at`, the line, the clock and the pauses; nothing is summed up over time.
    While held it is the deadline as if the clock went on at the pause.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        HELD = "held", _("On hold")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        CANCELLED = "cancelled", _("Cancelled")

    subject = models.CharField(max_length=60, help_text="Reference of what it runs for.")
    about = ArrayField(models.CharField(max_length=60), default=list)
    kind = models.CharField(max_length=20, default="ticket")
    line = models.ForeignKey(PromiseLine, models.PROTECT, related_name="timers")
    target = models.CharField(max_length=12, choices=Target)
    leg = models.CharField(max_length=40, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    grade = models.PositiveSmallIntegerField(null=True)
    region = models.CharField(max_length=30, blank=True)
    engineer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list, help_text="Which selectors decided for this promise.")
    clock_version = models.PositiveIntegerField(default=1, help_text="Newest version of the clock that counts.")
    start_kind = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    span_seconds = models.PositiveBigIntegerField(help_text="Counted time in all, with the allowance.")
    allowance_seconds = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    held_reason_code = models.CharField(max_length=12, choices=PauseReason, blank=True)
    left_seconds = models.BigIntegerField(null=True, help_text="Counted time left, while held.")
    ended_at = models.DateTimeField(null=True)
    end_kind = models.CharField(max_length=60, blank=True)
    next_at = models.DateTimeField(null=True, help_text="When the sweep looks again.")
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True, help_text="The deadline that was missed.")
    told = models.PositiveSmallIntegerField(default=0, help_text="Rungs of the chain that were told.")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    breach_reason = models.CharField(max_length=300, blank=True)
    responsible = models.CharField(max_length=40, blank=True)
    agreed_at = models.DateTimeField(null=True, help_text="A moment agreed with the customer instead of the span.")
    changes = models.JSONField(default=list, help_text="Re-gradings and the like: what they did to the deadline.")

    objects = TimerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="sla_timer_subject"),
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="sla_timer_sweep"),
            models.Index(fields=["state", "due_at", "id"], name="sla_timer_state"),
            models.Index(fields=["-due_at", "-id"], name="sla_timer_due"),
            models.Index(fields=["line", "-due_at"], name="sla_timer_line"),
            models.Index(
                fields=["due_at"],
                include=["id", "target", "state", "end_kind", "region"],
                condition=Q(state__in=["kept", "broken"]),
                name="sla_timer_decided",
            ),
            models.Index(fields=["engineer", "due_at"], condition=Q(ended_at__isnull=True), name="sla_timer_engineer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "target", "leg", "cycle"], name="sla_timer_once"),
        ]

    def __str__(self) -> str:
        return self.target_label

    @property
    def is_open(self) -> bool:
        """Whether what was promised is still to be done."""
        return self.ended_at is None and self.state != self.State.CANCELLED

    @property
    def target_label(self) -> str:
        """The verb of the promise."""
        return self.line.label

    @property
    def held_reason(self) -> str:
        """Why the clock stands still, in words."""
        return str(PauseReason(self.held_reason_code).label) if self.held_reason_code else ""

    @property
    def left(self) -> timedelta | None:
        """Counted time left while held."""
        return None if self.left_seconds is None else timedelta(seconds=self.left_seconds)

    @cached_property
    def share_used(self) -> float:
        """Share of the counted time that is used up, 0 to 1."""
        from sla import reckoning

        return reckoning.share_used(self, timezone.now())

    @property
    def url(self) -> str:
        """The page of the ledger."""
        return reverse("sla:ledger", args=[self.pk])

    def get_absolute_url(self) -> str:
        """The page of the ledger."""
        return self.url

    def explain(self, at: datetime | None = None) -> Any:
        """The ledger: how the deadline came about, line by line (SLA-06)."""
        from sla import ledger

        return ledger.of(self, at or timezone.now())


class TimerPause(models.Model):
    """A stretch in which a timer stands still; `resumed_at` is empty while it does."""

    timer = models.ForeignKey(Timer, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=12, choices=PauseReason)
    why = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["paused_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")),
                name="sla_pause_order",
            ),
            models.UniqueConstraint(fields=["timer"], condition=Q(resumed_at__isnull=True), name="sla_pause_one_open"),
        ]
