"""Accounts in the API: the administrator's, and one's own under `me/`."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden
from core.rest import ApiView, IdempotentMixin
from staff import actions
from staff.authentication import person
from staff.models import Division, Region, User
from staff.permissions import can_manage
from staff.roles import Role


class UserSerializer(serializers.ModelSerializer):
    """An account."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )
    division = serializers.SlugRelatedField(
        slug_field="code", queryset=Division.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = User
        fields = [
            "username", "name", "phone", "email", "roles", "region", "division", "language", "theme",
            "is_active", "date_joined",
        ]  # fmt: skip
        read_only_fields = ["theme", "is_active", "date_joined"]


class NewUserSerializer(UserSerializer):
    """An account to create."""

    password = serializers.CharField(write_only=True, required=False, trim_whitespace=False)

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "password"]


class ChangeUserSerializer(UserSerializer):
    """What may be changed about an account."""

    class Meta(UserSerializer.Meta):
        fields = ["name", "phone", "email", "roles", "region", "division"]


class AccountReasonSerializer(serializers.Serializer):
    """A reason."""

    why = serializers.CharField(required=False, allow_blank=True, default="")


class PreferencesSerializer(serializers.Serializer):
    """Language and look."""

    language = serializers.CharField(required=False)
    theme = serializers.CharField(required=False)


class MeView(ApiView):
    """One's own account."""

    @extend_schema(responses=UserSerializer)
    def get(self, request: Request) -> Response:
        """Who the token belongs to."""
        return Response(UserSerializer(request.user).data)

    @extend_schema(request=PreferencesSerializer, responses=UserSerializer)
    def patch(self, request: Request) -> Response:
        """Choose language and look."""
        given = PreferencesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = actions.set_preferences(person(request), by=person(request), **given.validated_data)
        return Response(UserSerializer(user).data)


class UserViewSet(
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[User],
):
    """Accounts; administrators only."""

    queryset = User.objects.select_related("region", "division")
    serializer_class = UserSerializer
    lookup_field = "username"
    filterset_fields = ["is_active", "region__code"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().initial(request, *args, **kwargs)
        if not can_manage(request.user):
            raise Forbidden(_("Only an administrator manages accounts."))

    @extend_schema(request=NewUserSerializer, responses={201: UserSerializer})
    def create(self, request: Request) -> Response:
        """Create an account."""
        given = NewUserSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = actions.create_user(by=person(request), **given.validated_data)
        return Response(UserSerializer(user).data, 201)

    @extend_schema(request=ChangeUserSerializer, responses=UserSerializer)
    def partial_update(self, request: Request, username: str) -> Response:
        """Change an account."""
        given = ChangeUserSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        user = actions.update_user(self.get_object(), by=person(request), **given.validated_data)
        return Response(UserSerializer(user).data)

    @extend_schema(request=AccountReasonSerializer, responses=UserSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, username: str) -> Response:
        """End an account with its sessions and tokens."""
        user = actions.deactivate_user(self.get_object(), by=person(request), why=_why(request))
        return Response(UserSerializer(user).data)

    @extend_schema(request=AccountReasonSerializer, responses=UserSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, username: str) -> Response:
        """Open an ended account again."""
        user = actions.reactivate_user(self.get_object(), by=person(request), why=_why(request))
        return Response(UserSerializer(user).data)


def _why(request: Request) -> str:
    given = AccountReasonSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["why"])
