"""Follow-up calls [回访]: rules and questionnaires as data, calls, attempts, answers, draws, service cards."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.transitions import State
from customers.models import Customer, Equipment
from followups.querysets import FollowUpQuerySet, VersionedQuerySet
from followups.states import FOLLOWUP
from staff.models import Region, in_language
from staff.roles import Role
from tickets.models import DispatchOrder, Ticket


class Policy(models.Model):
    """A row of policy: code, version, names; a change is a new version."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    why = models.TextField(blank=True, help_text="Why this version was made.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Questionnaire(Policy):
    """A form to ask by, for example F05 [产品售后情况回访表]; sections with questions are data (FUP-02, FUP-05).

    `sections`: list of {zh, en, questions}; a question is {code, kind rating|yesno|text, zh, en, required, low,
    reopens}. A rating up to `low` goes to the superior; a "no" to a question that `reopens` reopens the ticket.
    """

    sections = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="followups_questionnaire_version")]

    @property
    def questions(self) -> list[dict[str, object]]:
        """All questions in the order they are asked."""
        return [question for section in self.sections for question in section["questions"]]


class Rule(Policy):
    """What makes a follow-up come by itself (FUP-01)."""

    class Trigger(models.TextChoices):
        HISTORY = "history", _("When something happens")
        DATE = "date", _("Days after a date of the machine")
        INTERVAL = "interval", _("Every so many months in warranty")
        SAMPLE = "sample", _("Random sample on weekdays")

    active = models.BooleanField(default=True)
    trigger = models.CharField(max_length=10, choices=Trigger)
    spec = models.JSONField(
        default=dict,
        help_text="history: kinds, when, joins_open; date: field, lookback_days; interval: fields, every_months, "
        "lookback_days; sample: weekdays, size, lookback_days.",
    )
    delay = models.JSONField(help_text="minutes or hours after, or local days after, by a time.")
    questionnaire = models.CharField(max_length=40, help_text="Code of the questionnaire.")
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    retry_hours = ArrayField(models.FloatField(), default=list, help_text="Hours until the next attempt, in turn.")
    script_zh = models.TextField(blank=True)
    script_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="followups_rule_version"),
            models.CheckConstraint(condition=Q(max_attempts__gte=1), name="followups_rule_attempts"),
        ]

    @property
    def script(self) -> str:
        """What to say, in the caller's language."""
        return in_language(self.script_zh, self.script_en)


class FollowUp(models.Model):
    """One customer to be called back for one reason."""

    number = models.CharField(max_length=20, unique=True)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+", help_text="Empty: made by hand.")
    rule_code = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, help_text="Reference of what it is about, e.g. ticket:17.")
    slot = models.CharField(max_length=40, help_text="The occasion: each rule, subject and occasion once.")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="followups")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, related_name="followups")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="followups")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=FOLLOWUP.choices(), default="due")
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="When to call next.")
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="followups"
    )
    attempts_count = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    overall = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Overall rating 1 to 5.")
    lowest = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Lowest rating given.")
    question = models.TextField(blank=True, help_text="What the customer asked that could not be answered at once.")
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="What the superior had the customer told.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_code", "subject", "slot"], name="followups_occasion_once"),
        ]
        indexes = [
            models.Index(fields=["state", "next_at", "id"], name="followups_queue"),
            models.Index(fields=["region", "state", "next_at"], name="followups_region"),
            models.Index(fields=["ticket"], name="followups_ticket"),
            models.Index(fields=["due_at"], include=["id", "state", "reached_at"], name="followups_due"),
            models.Index(fields=["-done_at", "-id"], condition=Q(done_at__isnull=False), name="followups_done"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return FOLLOWUP.state_of(self)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status.open

    def get_absolute_url(self) -> str:
        """The page of the follow-up."""
        return reverse("followups:followup", args=[self.number])


class Attempt(models.Model):
    """One call: reached or not, when to try again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        OFF = "off", _("Switched off")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        CALL_LATER = "call_later", _("Asked to call later")

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="attempts")
    outcome = models.CharField(max_length=12, choices=Outcome)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]


class Answer(models.Model):
    """The customer's answer to one question."""

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=30)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    yes = models.BooleanField(null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["followup", "question"], name="followups_answer_once"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="followups_rating_1_to_5"
            ),
        ]
        indexes = [models.Index(fields=["question"], name="followups_answer_question")]


class Draw(models.Model):
    """One random sample: of whom, with which seed, and who came out (FUP-01)."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="draws")
    rule_code = models.CharField(max_length=40)
    slot = models.DateField()
    seed = models.CharField(max_length=64)
    population = models.JSONField(help_text="Numbers of the tickets it was drawn from.")
    chosen = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule_code", "slot"], name="followups_draw_once")]
        ordering = ["-slot"]


class ServiceCard(models.Model):
    """A service card [售后服务卡] that came back with the engineer or by post."""

    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(DispatchOrder, models.PROTECT, related_name="service_cards")
    returned_at = models.DateTimeField()
    sealed = models.BooleanField(default=True, help_text="Sealed by the customer.")
    stamped = models.BooleanField(default=True, help_text="Stamped by the customer.")
    note = models.CharField(max_length=200, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.number
