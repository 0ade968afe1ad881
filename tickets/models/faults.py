"""What is known about faults: types that bring steps and skills with them, cases, grading questions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from core.indexes import SearchIndex
from customers.models import ProductModel
from staff.models import Named, ProductLine


class FaultType(Named):
    """A kind of fault; brings grade questions, steps, parts, skills and the usual repair time (TKT-11)."""

    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    component = models.CharField(max_length=30, blank=True, help_text="Component kind that the warranty asks for.")
    usual_minutes = models.PositiveIntegerField(default=120, help_text="Usual time of a repair on site.")
    steps_zh = models.JSONField(default=list, help_text="Steps to try by phone, in order.")
    steps_en = models.JSONField(default=list)
    parts = models.JSONField(default=list, help_text="Parts to take along: name and model.")
    skill_level = models.PositiveSmallIntegerField(default=2, help_text="Least skill level 1 to 5.")
    is_active = models.BooleanField(default=True)


class GradeQuestion(models.Model):
    """A question of the guided grading; each answer proposes a grade (TKT-04)."""

    code = models.CharField(max_length=30, unique=True)
    position = models.PositiveSmallIntegerField()
    fault_type = models.ForeignKey(FaultType, models.CASCADE, null=True, blank=True, related_name="questions")
    text_zh = models.CharField(max_length=120)
    text_en = models.CharField(max_length=200)
    answers = models.JSONField(help_text="List of {code, zh, en, grade}; grade null says nothing.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]


class FaultCase(models.Model):
    """What solved a fault before: symptom, cause, remedy; counted by how often it solved a call (TKT-05)."""

    product_line = models.ForeignKey(ProductLine, models.PROTECT, related_name="fault_cases")
    product_model = models.ForeignKey(ProductModel, models.PROTECT, null=True, blank=True, related_name="+")
    fault_type = models.ForeignKey(FaultType, models.PROTECT, null=True, blank=True, related_name="cases")
    title = models.CharField(max_length=120)
    symptom = models.TextField()
    cause = models.TextField(blank=True)
    remedy = models.TextField(help_text="Steps, one a line.")
    parts = models.CharField(max_length=200, blank=True)
    by_phone = models.BooleanField(default=False, help_text="Can be solved by phone.")
    times_tried = models.PositiveIntegerField(default=0)
    times_solved = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    search = ArrayField(models.CharField(max_length=8, db_collation="C"), default=list, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [SearchIndex(fields=["search"], name="tickets_case_search")]

    def __str__(self) -> str:
        return self.title
