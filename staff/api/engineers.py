"""Engineers in the API, with standby, absences and certificates."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin
from staff import actions
from staff.authentication import person
from staff.models import Absence, Engineer, PhoneOff, ProductLine, Qualification, Skill


class VisibleMixin:
    """Rows that the person may see."""

    def get_queryset(self):
        """Rows visible to the person."""
        rows = super().get_queryset()  # type: ignore[misc]
        return rows if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)  # type: ignore[attr-defined]


class SkillSerializer(serializers.ModelSerializer):
    """A skill."""

    product_line = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Skill
        fields = ["product_line", "level"]


class QualificationSerializer(serializers.ModelSerializer):
    """A certificate; `engineer` is the account, `product_line` the code."""

    engineer = serializers.CharField(source="engineer.user.username", read_only=True)
    product_line = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Qualification
        fields = [
            "certificate", "engineer", "product_line", "passed_on", "valid_until", "score", "revoked_at",
            "revoked_why",
        ]  # fmt: skip


class EngineerSerializer(serializers.ModelSerializer):
    """An engineer's file."""

    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.name")
    phone = serializers.CharField(source="user.phone")
    tier = serializers.SlugRelatedField(slug_field="code", read_only=True)
    region = serializers.SlugRelatedField(slug_field="code", read_only=True)
    skills = SkillSerializer(many=True)
    qualifications = QualificationSerializer(many=True)

    class Meta:
        model = Engineer
        fields = [
            "username", "name", "phone", "staff_number", "tier", "region", "base_province", "base_city", "standby",
            "active", "skills", "qualifications",
        ]  # fmt: skip


class StandbySerializer(serializers.Serializer):
    """A standby state."""

    standby = serializers.ChoiceField(choices=Engineer.Standby.choices)
    why = serializers.CharField(required=False, allow_blank=True)
    at = serializers.DateTimeField(required=False)


class PhoneOffSerializer(serializers.ModelSerializer):
    """An engineer who could not be reached."""

    at = serializers.DateTimeField(required=False)

    class Meta:
        model = PhoneOff
        fields = ["at", "note"]


class EngineerFilter(django_filters.FilterSet):
    """Filters of engineers."""

    region = django_filters.CharFilter(field_name="region__code")
    tier = django_filters.CharFilter(field_name="tier__code")

    class Meta:
        model = Engineer
        fields = ["region", "tier", "standby", "active"]


class EngineerViewSet(VisibleMixin, IdempotentMixin, viewsets.ReadOnlyModelViewSet[Engineer]):
    """Engineers, addressed by account."""

    queryset = Engineer.objects.with_people().prefetch_related(
        "skills__product_line", "qualifications__product_line", "qualifications__engineer__user"
    )
    serializer_class = EngineerSerializer
    filterset_class = EngineerFilter
    lookup_field = "user__username"
    lookup_url_kwarg = "username"

    @extend_schema(request=StandbySerializer, responses=EngineerSerializer)
    @action(detail=True, methods=["post"])
    def standby(self, request: Request, username: str) -> Response:
        """Set the standby state."""
        engineer = self.get_object()
        given = StandbySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actions.set_standby(engineer, by=person(request), **given.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=PhoneOffSerializer, responses={201: PhoneOffSerializer})
    @action(detail=True, methods=["post"], url_path="phone-off")
    def phone_off(self, request: Request, username: str) -> Response:
        """Note that the engineer could not be reached."""
        engineer = self.get_object()
        given = PhoneOffSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        incident = actions.record_phone_off(engineer, by=person(request), **given.validated_data)
        return Response(PhoneOffSerializer(incident).data, 201)


class NewQualificationSerializer(serializers.Serializer):
    """A passed examination."""

    engineer = serializers.CharField()
    product_line = serializers.SlugRelatedField(slug_field="code", queryset=ProductLine.objects.all())
    passed_on = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)
    score = serializers.DecimalField(5, 1, required=False, allow_null=True, min_value=0)
    certificate = serializers.CharField(required=False, allow_blank=True, max_length=40)


class RevocationSerializer(serializers.Serializer):
    """Why a certificate is withdrawn."""

    why = serializers.CharField()
    at = serializers.DateTimeField(required=False)


class QualificationFilter(django_filters.FilterSet):
    """Filters of certificates."""

    engineer = django_filters.CharFilter(field_name="engineer__user__username")
    product_line = django_filters.CharFilter(field_name="product_line__code")
    ends_by = django_filters.DateFilter(field_name="valid_until", lookup_expr="lte")

    class Meta:
        model = Qualification
        fields = ["engineer", "product_line", "ends_by"]


class QualificationViewSet(
    VisibleMixin,
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Qualification],
):
    """Certificates, addressed by number."""

    queryset = Qualification.objects.select_related("engineer__user", "product_line")
    serializer_class = QualificationSerializer
    filterset_class = QualificationFilter
    lookup_field = "certificate"

    @extend_schema(request=NewQualificationSerializer, responses={201: QualificationSerializer})
    def create(self, request: Request) -> Response:
        """Grant a certificate."""
        given = NewQualificationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        engineer = _engineer(request, values.pop("engineer"))
        proof = actions.grant_qualification(engineer, by=person(request), **values)
        return Response(QualificationSerializer(proof).data, 201)

    @extend_schema(request=RevocationSerializer, responses=QualificationSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, certificate: str) -> Response:
        """Withdraw a certificate."""
        proof = self.get_object()
        given = RevocationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        proof = actions.revoke_qualification(proof, by=person(request), **given.validated_data)
        return Response(QualificationSerializer(proof).data)


class AbsenceSerializer(serializers.ModelSerializer):
    """An absence."""

    engineer = serializers.CharField(source="engineer.user.username")
    starts_at = serializers.DateTimeField(source="during.lower")
    ends_at = serializers.DateTimeField(source="during.upper")

    class Meta:
        model = Absence
        fields = ["id", "engineer", "kind", "starts_at", "ends_at", "note"]


class NewAbsenceSerializer(serializers.Serializer):
    """An absence to plan."""

    engineer = serializers.CharField()
    kind = serializers.ChoiceField(choices=Absence.Kind.choices, default=Absence.Kind.LEAVE)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class AbsenceFilter(django_filters.FilterSet):
    """Filters of absences."""

    engineer = django_filters.CharFilter(field_name="engineer__user__username")
    after = django_filters.IsoDateTimeFilter(field_name="during", lookup_expr="endswith__gt")

    class Meta:
        model = Absence
        fields = ["engineer", "kind"]


class AbsenceViewSet(
    VisibleMixin,
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Absence],
):
    """Absences."""

    queryset = Absence.objects.select_related("engineer__user")
    serializer_class = AbsenceSerializer
    filterset_class = AbsenceFilter

    @extend_schema(request=NewAbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Plan an absence."""
        given = NewAbsenceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        engineer = _engineer(request, values.pop("engineer"))
        absence = actions.plan_absence(engineer, by=person(request), **values)
        return Response(AbsenceSerializer(absence).data, 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Cancel an absence."""
        actions.cancel_absence(self.get_object(), by=person(request))
        return Response(status=204)


def _engineer(request: Request, username: Any) -> Engineer:
    """The engineer named in a body, among those the person may see."""
    found = Engineer.objects.visible_to(request.user).with_people().filter(user__username=username).first()
    if found is None:
        raise ValidationError({"engineer": [_("There is no such engineer.")]})
    return found
