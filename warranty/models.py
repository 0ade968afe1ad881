"""Warranty as data: component kinds, terms, extensions, replacements, days out, allowances, findings, rights."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.transitions import State
from customers.models import Contract, Equipment, ProductModel
from staff.models import Named, ProductLine, in_language
from warranty.querysets import ExtensionQuerySet, FindingQuerySet, RightQuerySet, TermQuerySet
from warranty.states import EXTENSION, FINDING, RIGHT


class Cover(models.TextChoices):
    """Who pays: nobody asks the customer, the customer pays our cost, the customer pays."""

    FREE = "free", _("Free")
    COST = "cost", _("At cost")
    CHARGED = "charged", _("Charged")


class Mode(models.TextChoices):
    """How service is given in a phase (WAR-03)."""

    ANY = "", _("Either way")
    ON_SITE = "on_site", _("On site")
    SEND_IN = "send_in", _("Send-in")


class Cause(models.TextChoices):
    """Causes that decide about cover; the diagnosis of a visit uses the same codes (WAR-04)."""

    WEAR = "wear", _("Wear")
    MATERIAL = "material", _("Material or manufacture")
    DESIGN = "design", _("Design")
    OPERATION = "operation", _("Wrong operation")
    ALTERATION = "alteration", _("Unauthorised change")
    STORAGE = "storage", _("Wrong storage or installation")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    UNKNOWN = "unknown", _("Not found")


class ComponentKind(Named):
    """A kind of component that terms, fault types and parts speak of, for example electrical."""

    class Meta:
        ordering = ["id"]


class Term(models.Model):
    """One version of a warranty term; a change is a new version, the old one stays (WAR-01 to WAR-05)."""

    class Phase(models.TextChoices):
        FREE = "free", _("Free period")
        COST = "cost", _("Cost price period")
        CHARGED = "charged", _("Lifetime paid service")
        SUPPLY = "supply", _("Spare-part supply")

    class Basis(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        DELIVERY = "delivery", _("Delivery")
        ACCEPTANCE = "acceptance", _("Acceptance")
        FIRST_USE = "first_use", _("First use")
        PREVIOUS = "previous", _("End of the phase before")
        REPLACEMENT = "replacement", _("Replacement of the part")

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField(help_text="Machines sold from this day on; own agreements apply from this day.")
    withdrawn = models.BooleanField(default=False, help_text="From this version on the term is no longer given.")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    product_model = models.ForeignKey(ProductModel, models.PROTECT, null=True, blank=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="warranty_terms")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="warranty_terms")
    component = models.ForeignKey(
        ComponentKind, models.PROTECT, to_field="code", null=True, blank=True, related_name="+"
    )
    phase = models.CharField(max_length=8, choices=Phase, default=Phase.FREE)
    order = models.PositiveSmallIntegerField(default=10, help_text="Order of rows within one phase.")
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.ACCEPTANCE)
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: without end; 0: not given.")
    hours = models.DecimalField(max_digits=9, decimal_places=1, null=True, blank=True)
    labour = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    parts = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    travel = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    mode = models.CharField(max_length=8, choices=Mode, blank=True)
    allowances = models.JSONField(default=list, blank=True, help_text="code, name_zh, name_en, limit, per term|year.")
    excluded_causes = ArrayField(models.CharField(max_length=15, choices=Cause), default=list, blank=True)
    when_excluded = models.CharField(max_length=8, choices=Cover, default=Cover.CHARGED)
    adds_days_out = models.BooleanField(default=False, help_text="Days out of service are added to the end.")
    restarts_machine = models.BooleanField(
        default=False, help_text="Replacing this part starts the machine's warranty anew."
    )
    made_plus_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Without any other day: so many months after production."
    )
    source_zh = models.CharField(max_length=120, blank=True, help_text="Clause or letter the term rests on.")
    source_en = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True, help_text="Why this version was made.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="warranty_term_version"),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gt=0), name="warranty_term_hours"),
            models.CheckConstraint(
                condition=~Q(basis="replacement") | Q(months__isnull=False) | Q(hours__isnull=False),
                name="warranty_part_term_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["contract"], condition=Q(contract__isnull=False), name="warranty_term_contract"),
            models.Index(fields=["equipment"], condition=Q(equipment__isnull=False), name="warranty_term_equipment"),
        ]

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def scope(self) -> int:
        """How specific the term is: 4 one machine, 3 a contract, 2 a model, 1 a line, 0 all."""
        keys = (self.product_line_id, self.product_model_id, self.contract_id, self.equipment_id)
        return max((place for place, key in enumerate(keys, start=1) if key is not None), default=0)


class Extension(models.Model):
    """An extended warranty or a maintenance contract, bought and approved (WAR-02)."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("Extended warranty")
        MAINTENANCE = "maintenance", _("Maintenance contract")

    number = models.CharField(max_length=20, unique=True)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="extensions")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=EXTENSION.choices(), default="asked")
    starts_on = models.DateField()
    ends_on = models.DateField()
    components = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    labour = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    parts = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    travel = models.CharField(max_length=8, choices=Cover, default=Cover.FREE)
    excluded_causes = ArrayField(models.CharField(max_length=15, choices=Cause), default=list, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    note = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="warranty_extension_order")
        ]
        indexes = [models.Index(fields=["equipment"], name="warranty_extension_machine")]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return EXTENSION.state_of(self)


class Replacement(models.Model):
    """A part put in, or the whole machine exchanged; each has a warranty of its own (WAR-05)."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="replacements")
    component = models.CharField(max_length=30, blank=True, help_text="Code of the component kind.")
    whole_machine = models.BooleanField(default=False)
    name = models.CharField(max_length=80, blank=True)
    serial_in = models.CharField(max_length=40, blank=True)
    serial_out = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    source = models.CharField(max_length=60, blank=True, help_text="Reference of what caused it, e.g. ticket:17.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["equipment", "component", "on", "serial_in", "whole_machine"], name="warranty_replacement_once"
            ),
            models.CheckConstraint(
                condition=Q(whole_machine=True) | ~Q(component=""), name="warranty_replacement_of_something"
            ),
        ]
        indexes = [models.Index(fields=["serial_in"], name="warranty_replacement_serial")]


class DaysOut(models.Model):
    """Days a machine was out of service for a repair; `last` is empty while it still is."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="days_out")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, help_text="Reference of the repair, e.g. ticket:17.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["equipment", "source", "first"], name="warranty_days_out_once"),
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=models.F("first")), name="warranty_days_out_order"
            ),
        ]


class AllowanceUse(models.Model):
    """One use of an allowance, such as an inspection of this year (WAR-03)."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="allowance_uses")
    code = models.CharField(max_length=40)
    on = models.DateField()
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["equipment", "code", "source"], name="warranty_allowance_once")]


class Finding(models.Model):
    """A cause found that takes the cover away, with evidence and a second signature (WAR-04)."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="cause_findings")
    source = models.CharField(max_length=60, unique=True, help_text="Reference of the repair, e.g. ticket:17.")
    cause = models.CharField(max_length=15, choices=Cause)
    evidence = models.TextField()
    state = models.CharField(max_length=10, choices=FINDING.choices(), default="proposed")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return FINDING.state_of(self)


class GuaranteeRule(models.Model):
    """One version of a rule of the three guarantees [三包], chosen per product line or contract (WAR-06)."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    active = models.BooleanField(default=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="+")
    trigger = models.CharField(max_length=20)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    remedies = ArrayField(models.CharField(max_length=12))
    claim_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    claim_within_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    source_zh = models.CharField(max_length=120, blank=True)
    source_en = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="warranty_rule_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Right(models.Model):
    """A right of the customer that has arisen, and until when it can be claimed (WAR-06)."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="rights")
    rule = models.ForeignKey(GuaranteeRule, models.PROTECT, related_name="rights")
    source = models.CharField(max_length=60, help_text="Reference of the fault it comes from, e.g. ticket:17.")
    number = models.CharField(max_length=20, blank=True, help_text="Number of that ticket.")
    arose_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day to claim it.")
    state = models.CharField(max_length=10, choices=RIGHT.choices(), default="open")
    remedy = models.CharField(max_length=12, blank=True, help_text="What the customer chose.")
    reason_zh = models.TextField()
    reason_en = models.TextField()

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["equipment", "rule", "source"], name="warranty_right_once")]
        indexes = [models.Index(fields=["state", "ends_on"], name="warranty_right_open")]

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return RIGHT.state_of(self)

    @property
    def reason(self) -> str:
        """Why it arose, in the reader's language."""
        return in_language(self.reason_zh, self.reason_en)

    def holds(self, on: date) -> bool:
        """Whether it can be claimed on a day."""
        return self.state == "open" and (self.ends_on is None or on <= self.ends_on)
