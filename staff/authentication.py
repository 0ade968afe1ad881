"""API tokens: `Authorization: Token …`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from staff.actions.users import digest
from staff.models import ApiToken, User

USE_IS_NOTED_EVERY = timedelta(minutes=10)


class TokenAuthentication(BaseAuthentication):
    """Finds the token by its SHA-256; ended tokens and accounts are 401."""

    keyword = "Token"

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        """User and token of the request, or None when it carries no token."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("The token is missing or has spaces in it."))
        token = (
            ApiToken.objects.select_related("user__region")
            .filter(digest=digest(parts[1].decode("latin-1")), revoked_at=None)
            .first()
        )
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This token is not valid."))
        _note_use(token)
        if "Accept-Language" not in request.headers:
            translation.activate(token.user.language)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        """Makes refusals 401."""
        return self.keyword


def person(request: Any) -> User:
    """The signed-in person of a request that only signed-in people reach."""
    user: User = request.user
    return user


def _note_use(token: ApiToken) -> None:
    """Keep when a token was last used, without a write at every request."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
