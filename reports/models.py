"""Monthly reports: the papers of a closed month and the figures and rows frozen with them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Paper
from core.transitions import State
from reports.querysets import ReportQuerySet
from reports.states import REPORT


class Report(models.Model):
    """One issue of a month's report. Its figures are frozen once and printed from then on (REP-01)."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("Monthly report")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MONTHLY)
    month = models.DateField(help_text="First day of the month.")
    issue = models.PositiveSmallIntegerField(default=1, help_text="1 for the first, then one more with each re-issue.")
    state = models.CharField(max_length=10, choices=REPORT.choices(), default="wanted")
    is_preliminary = models.BooleanField(default=False, help_text="Asked for before the month was over.")
    why = models.TextField(blank=True, help_text="Reason of a re-issue.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, help_text="When the figures were taken.")
    issued_at = models.DateTimeField(null=True)
    figures_sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    papers = models.ManyToManyField(Paper, related_name="+", blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "month", "issue"], name="reports_issue_once")]
        indexes = [models.Index(fields=["-month", "-issue"], name="reports_month")]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return REPORT.state_of(self)

    def get_absolute_url(self) -> str:
        """The page of the report."""
        return reverse("reports:report", args=[self.number])


class FrozenFigure(models.Model):
    """A figure of the month as it was counted when the report was frozen."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    code = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    part = models.DecimalField(max_digits=16, decimal_places=4, null=True, help_text="What was counted.")
    whole = models.DecimalField(max_digits=16, decimal_places=4, null=True, help_text="From how many.")
    previous = models.DecimalField(max_digits=16, decimal_places=4, null=True, help_text="The month before.")
    year_before = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    series = models.JSONField(default=list, help_text="Thirteen months, oldest first; null where unknown.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="reports_figure_once")]


class FrozenTable(models.Model):
    """A table of the report: its rows as plain values, in print order."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="tables")
    code = models.CharField(max_length=40)
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="reports_table_once")]
