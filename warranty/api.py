"""The API of warranties: the one verdict, terms and guarantee rules by versions, rights, extensions."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden, Refused
from core.rest import ApiView, IdempotentMixin, found_or_404
from customers.models import Contract, Equipment, ProductModel
from staff.models import ProductLine
from warranty import actions, permissions
from warranty.decision import Verdict
from warranty.facts_of import rules_for
from warranty.models import Cause, ComponentKind, Extension, GuaranteeRule, Right, Term
from warranty.wording import SYNONYMS


class AllowanceSerializer(serializers.Serializer[Any]):
    """What the term grants, and how much of it is left on the day."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    limit = serializers.IntegerField()
    per = serializers.ChoiceField(["term", "year"])
    used = serializers.IntegerField()
    left = serializers.IntegerField()


class VerdictSerializer(serializers.Serializer[Verdict]):
    """Free, at cost or charged, in words, with the term it rests on."""

    code = serializers.ChoiceField(["free", "cost", "charged", "unknown"])
    labour = serializers.CharField()
    parts = serializers.CharField()
    travel = serializers.CharField()
    sentence = serializers.CharField(source="said", help_text="The whole verdict in the language of the request.")
    sentence_zh = serializers.CharField(source="said_zh")
    sentence_en = serializers.CharField(source="said_en")
    word = serializers.CharField()
    reason = serializers.CharField()
    term = serializers.CharField(source="term_name", help_text="Contract, letter or rule it rests on.")
    term_code = serializers.CharField()
    term_version = serializers.IntegerField()
    covers = serializers.CharField(source="term", help_text="Who pays labour, parts and travel, in words.")
    phase = serializers.CharField(help_text="free, cost, charged, extended, maintenance or part.")
    mode = serializers.CharField(help_text="on_site, send_in or empty.")
    on = serializers.DateField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    component = serializers.CharField()
    cause = serializers.CharField()
    excluded = serializers.BooleanField(help_text="The cause took the cover away.")
    allowances = AllowanceSerializer(many=True)

    def to_representation(self, instance: Verdict) -> dict[str, Any]:
        """The verdict with its sentences."""
        plain = {name: getattr(instance, name) for name in ("word", "reason", "term", "term_name")}
        values = (
            instance.as_json()
            | plain
            | {
                "said": instance.sentence(),
                "said_zh": instance.sentence("zh-hans"),
                "said_en": instance.sentence("en"),
            }
        )
        answer = {name: values[str(field.source)] for name, field in self.fields.items() if name != "allowances"}
        return answer | {"allowances": values["allowances"]}


class GuaranteeRuleSerializer(serializers.ModelSerializer[GuaranteeRule]):
    """A version of a rule of the three guarantees; writing one under a known code makes its next version."""

    product_line = serializers.SlugRelatedField(
        "code", queryset=ProductLine.objects.all(), required=False, allow_null=True
    )
    contract = serializers.SlugRelatedField("number", queryset=Contract.objects.all(), required=False, allow_null=True)
    code = serializers.SlugField(max_length=40)
    why = serializers.CharField(max_length=2000, help_text="Why it is changed.")

    class Meta:
        model = GuaranteeRule
        fields = [
            "code", "version", "valid_from", "active", "name_zh", "name_en", "product_line", "contract", "trigger",
            "days", "working_days", "count", "remedies", "claim_within_days", "claim_within_working_days",
            "source_zh", "source_en", "why",
        ]  # fmt: skip
        read_only_fields = ["version"]
        validators: list[Any] = []


class RightSerializer(serializers.ModelSerializer[Right]):
    """A right that arose, until when it can be claimed, and what became of it."""

    rule = serializers.CharField(source="rule.code")
    name = serializers.CharField(source="rule.__str__")
    remedies = serializers.ListField(child=serializers.CharField(), source="rule.remedies")
    ticket = serializers.CharField(source="number")
    reason = serializers.CharField()

    class Meta:
        model = Right
        fields = [
            "id", "rule", "name", "remedies", "ticket", "arose_on", "ends_on", "state", "remedy", "reason",
            "reason_zh", "reason_en",
        ]  # fmt: skip


class GuaranteesSerializer(serializers.Serializer[Any]):
    """The rules that hold for a machine and the rights that have arisen from them."""

    rules = GuaranteeRuleSerializer(many=True)
    rights = RightSerializer(many=True)


class ClaimSerializer(serializers.Serializer[Any]):
    """What the customer asks for."""

    remedy = serializers.ChoiceField(["repair", "exchange", "return", "loan"])
    at = serializers.DateTimeField(required=False)


class WaiverSerializer(serializers.Serializer[Any]):
    """Why it is not wanted."""

    why = serializers.CharField()
    at = serializers.DateTimeField(required=False)


class TermSerializer(serializers.ModelSerializer[Term]):
    """A version of a warranty term; writing one under a known code makes its next version."""

    product_line = serializers.SlugRelatedField("code", queryset=ProductLine.objects.all(), required=False)
    product_model = serializers.SlugRelatedField("code", queryset=ProductModel.objects.all(), required=False)
    contract = serializers.SlugRelatedField("number", queryset=Contract.objects.all(), required=False)
    equipment = serializers.SlugRelatedField("serial", queryset=Equipment.objects.all(), required=False)
    component = serializers.SlugRelatedField("code", queryset=ComponentKind.objects.all(), required=False)
    code = serializers.SlugField(max_length=40)

    class Meta:
        model = Term
        fields = [
            "code", "version", "valid_from", "withdrawn", "name_zh", "name_en", "product_line", "product_model",
            "contract", "equipment", "component", "phase", "order", "basis", "months", "hours", "labour", "parts",
            "travel", "mode", "allowances", "excluded_causes", "when_excluded", "adds_days_out", "restarts_machine",
            "made_plus_months", "source_zh", "source_en", "why",
        ]  # fmt: skip
        read_only_fields = ["version", "withdrawn"]
        validators: list[Any] = []


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    """An extended warranty or maintenance contract; it covers once it is approved."""

    equipment = serializers.SlugRelatedField("serial", queryset=Equipment.objects.all())
    asked_by = serializers.CharField(source="asked_by.username", read_only=True, default=None)

    class Meta:
        model = Extension
        fields = [
            "number", "equipment", "kind", "state", "starts_on", "ends_on", "components", "labour", "parts", "travel",
            "excluded_causes", "price", "note", "asked_by", "asked_at",
        ]  # fmt: skip
        read_only_fields = ["number", "state", "asked_at"]


class DecisionSerializer(serializers.Serializer[Any]):
    """When and why."""

    at = serializers.DateTimeField(required=False)
    why = serializers.CharField(required=False, allow_blank=True)


def machine_of(request: Request, serial: str) -> Equipment:
    """The machine among those the person may see, else 404."""
    rows = Equipment.objects.visible_to(request.user).select_related("model", "contract")
    machine: Equipment = found_or_404(rows, serial=serial)
    return machine


def asked_day(text: str) -> date:
    """A day, or the local day of a moment; today when empty."""
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        moment = _moment(text)
    if moment is None:
        raise Refused({"on": _("Give a day such as 2026-11-21, or a moment with its zone.")})
    return moment.date()


def _moment(text: str) -> datetime | None:
    """The local moment; None for what is none, or lies beyond the calendar."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        return timezone.localtime(moment) if moment is not None and timezone.is_aware(moment) else moment
    except (ValueError, OverflowError):
        return None


def _known(value: str, field: str, codes: list[str]) -> str:
    if value and value not in codes:
        text = _("Not known. Known are: %(codes)s.") % {"codes": ", ".join(codes)}
        raise Refused({field: text})
    return value


class VerdictView(ApiView):
    """The warranty decision for a machine."""

    @extend_schema(
        operation_id="equipment_verdict",
        parameters=[
            OpenApiParameter("component", description="Code of the component kind; empty: the whole machine."),
            OpenApiParameter("cause", description="Code of the cause found.", enum=Cause.values),
            OpenApiParameter("on", OpenApiTypes.STR, description="Local day or moment; today when left out."),
        ],
        responses=VerdictSerializer,
    )
    def get(self, request: Request, serial: str) -> Response:
        """Free, at cost or charged for a component and cause on a day (WAR-07)."""
        machine = machine_of(request, serial)
        kinds = list(ComponentKind.objects.values_list("code", flat=True))
        component = _known(request.query_params.get("component", ""), "component", kinds)
        cause = _known(request.query_params.get("cause", ""), "cause", [*Cause.values, *SYNONYMS])
        on = asked_day(request.query_params.get("on", ""))
        return Response(VerdictSerializer(actions.decide(machine, on=on, component=component, cause=cause)).data)


class GuaranteesView(ApiView):
    """The three guarantees of a machine."""

    @extend_schema(operation_id="equipment_guarantees", responses=GuaranteesSerializer)
    def get(self, request: Request, serial: str) -> Response:
        """Rules that hold for the machine and rights that have arisen (WAR-06)."""
        machine = machine_of(request, serial)
        rules = rules_for(machine, timezone.localdate())
        found = Right.objects.filter(equipment=machine).select_related("rule").order_by("-arose_on", "-id")
        return Response(GuaranteesSerializer({"rules": rules, "rights": found}).data)


class RightView(ApiView):
    """What becomes of a right."""

    @extend_schema(operation_id="equipment_right_claim", request=ClaimSerializer, responses=RightSerializer)
    def post(self, request: Request, serial: str, pk: int) -> Response:
        """The customer claims a right."""
        right = self._right(request, serial, pk)
        given = ClaimSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"at": timezone.now(), **given.validated_data}
        return Response(RightSerializer(actions.claim_right(right, by=request.user, **values)).data)

    @staticmethod
    def _right(request: Request, serial: str, pk: int) -> Right:
        rows = Right.objects.visible_to(request.user).select_related("rule")
        right: Right = found_or_404(rows, equipment__serial=serial, pk=pk)
        return right


class WaiverView(RightView):
    """A right that is not wanted."""

    @extend_schema(operation_id="equipment_right_waive", request=WaiverSerializer, responses=RightSerializer)
    def post(self, request: Request, serial: str, pk: int) -> Response:
        """The customer does not want it."""
        right = self._right(request, serial, pk)
        given = WaiverSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"at": timezone.now(), **given.validated_data}
        return Response(RightSerializer(actions.waive_right(right, by=request.user, **values)).data)


class TermViewSet(
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[Term],
):
    """Warranty terms: the newest version of each; a POST under a known code makes its next version."""

    serializer_class = TermSerializer
    queryset = Term.objects.none()
    lookup_field = "code"
    filterset_fields = ["phase", "component__code", "product_line__code", "contract__number", "equipment__serial"]
    keyset_ordering = ("code", "-id")

    def get_queryset(self) -> QuerySet[Term]:
        """Newest versions, for everybody in the house."""
        if not permissions.can_see_terms(self.request.user):
            raise Forbidden(_("Your role does not read warranty terms."))
        related = ("product_line", "product_model", "contract", "equipment", "component")
        rows: QuerySet[Term] = Term.objects.newest().select_related(*related)
        return rows

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a term or its next version."""
        given = TermSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        term = actions.add_term(by=request.user, at=timezone.now(), **given.validated_data)
        return Response(TermSerializer(term).data, status.HTTP_201_CREATED)


class RuleViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[GuaranteeRule]
):
    """Rules of the three guarantees, all versions; a POST under a known code makes its next version."""

    serializer_class = GuaranteeRuleSerializer
    queryset = GuaranteeRule.objects.none()
    filterset_fields = ["code", "trigger", "active"]

    def get_queryset(self) -> QuerySet[GuaranteeRule]:
        """For everybody in the house."""
        if not permissions.can_see_terms(self.request.user):
            raise Forbidden(_("Your role does not read warranty terms."))
        return GuaranteeRule.objects.select_related("product_line", "contract")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a rule or its next version."""
        if not permissions.can_edit_terms(request.user):
            raise Forbidden(_("Your role does not write warranty terms."))
        given = GuaranteeRuleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rule = actions.add_rule(by=request.user, at=timezone.now(), **given.validated_data)
        return Response(GuaranteeRuleSerializer(rule).data, status.HTTP_201_CREATED)


class ExtensionViewSet(
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[Extension],
):
    """Extended warranties and maintenance contracts (WAR-02)."""

    serializer_class = ExtensionSerializer
    queryset = Extension.objects.none()
    lookup_field = "number"
    filterset_fields = ["equipment__serial", "kind", "state"]

    def get_queryset(self) -> QuerySet[Extension]:
        """Those of the machines the person may see."""
        rows: QuerySet[Extension] = Extension.objects.visible_to(self.request.user)
        return rows.select_related("equipment", "asked_by")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for an extension."""
        given = ExtensionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        machine = found_or_404(Equipment.objects.visible_to(request.user), pk=values.pop("equipment").pk)
        extension = actions.ask_extension(machine, by=request.user, at=timezone.now(), **values)
        return Response(ExtensionSerializer(extension).data, status.HTTP_201_CREATED)

    @extend_schema(request=DecisionSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Approve what somebody else asked for."""
        return self._decide(request, approve=True)

    @extend_schema(request=DecisionSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, number: str) -> Response:
        """Decline it."""
        return self._decide(request, approve=False)

    def _decide(self, request: Request, *, approve: bool) -> Response:
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"at": timezone.now(), **given.validated_data}
        extension = actions.decide_extension(self.get_object(), approve=approve, by=request.user, **values)
        return Response(ExtensionSerializer(extension).data)


routes = [
    ("warranty-terms", TermViewSet, "warranty-term"),
    ("guarantee-rules", RuleViewSet, "guarantee-rule"),
    ("warranty-extensions", ExtensionViewSet, "warranty-extension"),
]
extra_urls = [
    path("equipment/<str:serial>/verdict/", VerdictView.as_view(), name="equipment-verdict"),
    path("equipment/<str:serial>/guarantees/", GuaranteesView.as_view(), name="equipment-guarantees"),
    path("equipment/<str:serial>/guarantees/<int:pk>/claim/", RightView.as_view(), name="equipment-right-claim"),
    path("equipment/<str:serial>/guarantees/<int:pk>/waive/", WaiverView.as_view(), name="equipment-right-waive"),
]
