"""Training of customers' operators after a sale (TRN-01)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import State
from customers.models import Equipment
from staff.models import ProductLine
from training.querysets import TrainingQuerySet
from training.states import TRAINING


class TrainingTerm(models.Model):
    """Days allowed for the initial training of a product line, and what late or repeated ones cost (form F03)."""

    product_line = models.OneToOneField(ProductLine, models.PROTECT, related_name="training_term")
    days_allowed = models.PositiveSmallIntegerField(help_text="Days from delivery.")
    charge = models.DecimalField(max_digits=10, decimal_places=2, help_text="Yuan for a late or repeated one.")


class CustomerTraining(models.Model):
    """One initial training [初始培训] of a customer on a machine."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("Systematic, at the training centre")
        ON_SITE = "on_site", _("Operational, on site")

    class Satisfaction(models.TextChoices):
        UNKNOWN = "", _("Not asked")
        CONTENT = "content", _("Content")
        PARTLY = "partly", _("Partly content")
        NOT_CONTENT = "not_content", _("Not content")

    number = models.CharField(max_length=20, unique=True)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="trainings")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=TRAINING.choices(), default="planned")
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    planned_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="Last day of the allowed time.")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    trainees = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfaction = models.CharField(max_length=12, choices=Satisfaction, blank=True)
    is_late = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    charge = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    notes = models.TextField(blank=True)
    ended_why = models.TextField(blank=True, help_text="Reason of a cancellation.")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "planned_on", "id"], name="training_planned"),
            models.Index(fields=["ended_on"], name="training_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed__isnull=True) | Q(trainees__isnull=False, passed__lte=F("trainees")),
                name="training_passed_of_trainees",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=False, ended_on__gte=F("started_on")),
                name="training_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return TRAINING.state_of(self)

    @property
    def is_overdue(self) -> bool:
        """Still to be held though the allowed time is over."""
        return self.status.open and self.due_on is not None and self.due_on < timezone.localdate()

    def get_absolute_url(self) -> str:
        """The page of the training."""
        return reverse("training:training", args=[self.number])
