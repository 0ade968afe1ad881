"""API of messages: one's own inbox; deliveries for administrators."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden
from core.rest import IdempotentMixin
from notices import actions
from notices.models import Delivery
from notices.querysets import ADMIN


class NoticeSerializer(serializers.ModelSerializer):
    """A message of the inbox."""

    class Meta:
        model = Delivery
        fields = ["id", "kind", "about", "subject", "body", "url", "at", "read_at"]


class DeliverySerializer(serializers.ModelSerializer):
    """A delivery with its state."""

    receiver = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "kind", "about", "receiver", "channel", "language", "subject", "body", "url", "state", "at",
            "not_before", "attempts", "last_error", "sent_at", "read_at",
        ]  # fmt: skip


class ReadSerializer(serializers.Serializer):
    """How many messages were unread."""

    read = serializers.IntegerField(read_only=True)


class NoticeViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delivery]
):
    """My messages."""

    serializer_class = NoticeSerializer
    queryset = Delivery.objects.none()
    filterset_fields = {"kind": ["exact"], "about": ["exact"], "read_at": ["isnull"]}
    keyset_ordering = ("-at", "-id")

    def get_queryset(self) -> Any:
        """The inbox of the person."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Delivery.objects.inbox_of(self.request.user, timezone.now())

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        """This message is read."""
        delivery = self.get_object()
        actions.mark_read(self.get_queryset().filter(pk=delivery.pk), by=request.user)
        delivery.refresh_from_db()
        return Response(self.get_serializer(delivery).data)

    @extend_schema(request=None, responses=ReadSerializer)
    @action(detail=False, methods=["post"], url_path="read-all", filter_backends=[], pagination_class=None)
    def read_all(self, request: Request) -> Response:
        """All messages are read."""
        return Response({"read": actions.mark_read(self.get_queryset(), by=request.user)})


class DeliveryViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delivery]
):
    """All deliveries; administrators only."""

    serializer_class = DeliverySerializer
    queryset = Delivery.objects.select_related("receiver")
    filterset_fields = ["kind", "about", "channel", "state", "receiver__username"]
    keyset_ordering = ("-at", "-id")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().initial(request, *args, **kwargs)
        user: Any = request.user
        if not user.has_role(ADMIN):
            raise Forbidden(_("Only an administrator manages messages."))

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: str | None = None) -> Response:
        """Send a message again that was given up."""
        delivery = actions.send_again(self.get_object(), by=request.user)
        return Response(self.get_serializer(delivery).data)


routes = [
    ("notices", NoticeViewSet, "notice"),
    ("deliveries", DeliveryViewSet, "delivery"),
]
