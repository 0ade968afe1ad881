"""Signing in by the API."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from staff import actions


class SignInThrottle(SimpleRateThrottle):
    """Sign-ins per address, before any password is looked at."""

    scope = "sign-in"
    rate = "120/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """One counter per address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class SignInSerializer(serializers.Serializer):
    """Account and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """A token for the header `Authorization: Token …`."""

    token = serializers.CharField()


class TokenView(APIView):
    """Exchanges account and password for a token; five wrong tries close the account for that address."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    @extend_schema(
        request=SignInSerializer,
        responses={
            200: TokenSerializer,
            401: OpenApiResponse(description="Wrong account or password."),
            429: OpenApiResponse(description="Too many wrong passwords."),
        },
    )
    def post(self, request: Request) -> Response:
        """A new token."""
        asked = SignInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = authenticate(request=request._request, **asked.validated_data)
        if user is None:
            detail = {"detail": _("Account or password is wrong.")}
            return Response(detail, status.HTTP_401_UNAUTHORIZED, headers={"WWW-Authenticate": "Token"})
        return Response({"token": actions.issue_token(user, by=user, name=_("Sign-in by the API"))})
