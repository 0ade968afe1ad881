"""People and organisation: users, divisions, product lines, regions, engineers and their proofs."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.querysets import (
    EngineerQuerySet,
    QualificationQuerySet,
    SharedQuerySet,
    TimespanQuerySet,
    UserManager,
)
from staff.roles import Role


def in_language(chinese: str, english: str) -> str:
    """The name in the reader's language; the other one where it is missing."""
    wanted, other = (chinese, english) if (get_language() or "zh").startswith("zh") else (english, chinese)
    return wanted or other


class Named(models.Model):
    """A row with a code and a name in both languages."""

    code = models.CharField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Division(Named):
    """A division [处] of the service department (ORG-01)."""


class ProductLine(Named):
    """A product line; it belongs to a division (ORG-01)."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="product_lines")


class Region(Named):
    """A region [大区] with its provinces, or the mobile team that serves everywhere (ORG-02)."""

    is_mobile = models.BooleanField(
        default=False, help_text="The mobile team: home province and all that no region holds."
    )
    supervisor = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="supervised_regions"
    )


class Province(models.Model):
    """A province: GB/T 2260 code, names, centre, and the region that serves it (null: the mobile team)."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40)
    latitude = models.DecimalField(max_digits=6, decimal_places=3, help_text="Degrees, of the capital.")
    longitude = models.DecimalField(max_digits=6, decimal_places=3, help_text="Degrees, of the capital.")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="provinces")
    is_home = models.BooleanField(default=False, help_text="The maker's own province.")

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)


class User(AbstractUser):
    """A person with an account. Sees and does what the roles need (ORG-03)."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    name = models.CharField(max_length=60, help_text="As colleagues call the person.")
    phone = models.CharField(max_length=30, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="people")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")])
    theme = models.CharField(max_length=5, default=Theme.AUTO, choices=Theme)
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Raised to end all sessions of the account at once."
    )

    objects = UserManager()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.name or self.username

    def has_role(self, *roles: str) -> bool:
        """Whether the person has at least one of the roles; an inactive account has none."""
        return self.is_active and any(role in self.roles for role in roles)

    @property
    def role_labels(self) -> list[str]:
        """The roles in words, in the order of the list of roles."""
        return [str(role.label) for role in Role if role in self.roles]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends when the password changes or the epoch is raised."""
        return f"{super()._get_session_auth_hash(secret)}{self.session_epoch}"  # type: ignore[misc]


class Tier(Named):
    """Tier of an engineer [特级/高级/中级/初级]: authority and pay band are data (ORG-04)."""

    rank = models.PositiveSmallIntegerField(unique=True, help_text="1 is the highest.")
    may_decide_up_to = models.DecimalField(
        max_digits=10, decimal_places=2, default=0, help_text="Yuan he may grant a customer alone."
    )
    highest_grade_alone = models.PositiveSmallIntegerField(
        default=4, help_text="The gravest fault grade (1 to 4) he may be sent to alone."
    )
    pay_band = models.CharField(max_length=20, blank=True)


class Engineer(models.Model):
    """An engineer or contractor who is sent to customers (ORG-04)."""

    class Standby(models.TextChoices):
        READY = "ready", _("On standby")
        BUSY = "busy", _("On an order")
        OFF = "off", _("Off duty")

    user = models.OneToOneField(User, models.PROTECT, related_name="engineer")
    staff_number = models.CharField(max_length=20, unique=True)
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="engineers")
    region = models.ForeignKey(Region, models.PROTECT, related_name="engineers")
    base_province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    base_city = models.CharField(max_length=40, blank=True)
    standby = models.CharField(max_length=5, choices=Standby, default=Standby.READY)
    active = models.BooleanField(default=True)

    objects = EngineerQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.user)


class Skill(models.Model):
    """How well an engineer knows a product line, 1 (assists) to 5 (teaches)."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="skills")
    product_line = models.ForeignKey(ProductLine, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engineer", "product_line"], name="staff_skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="staff_skill_level"),
        ]


class Qualification(models.Model):
    """Trained and examined for a product line: without a valid one nobody is dispatched (ORG-05)."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="qualifications")
    product_line = models.ForeignKey(ProductLine, models.PROTECT, related_name="+")
    certificate = models.CharField(max_length=40, unique=True)
    passed_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last valid day; empty: without end.")
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.TextField(blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["engineer", "product_line"], name="staff_qualification_line")]


class Absence(models.Model):
    """Leave, training or illness: an engineer who is not there."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        ILL = "ill", _("Illness")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind)
    during = DateTimeRangeField()
    note = models.CharField(max_length=200, blank=True)

    objects = TimespanQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="staff_absence_overlap",
                expressions=[
                    (
                        Func(F("engineer_id"), F("engineer_id"), models.Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]


class StandbyDuty(models.Model):
    """A turn of the on-call rota [待命]."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="standby_duties")
    during = DateTimeRangeField()

    objects = TimespanQuerySet.as_manager()


class PhoneOff(models.Model):
    """An engineer on standby who could not be reached."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="phone_offs")
    at = models.DateTimeField()
    noticed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)


class ApiToken(models.Model):
    """A token for the API; only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"
