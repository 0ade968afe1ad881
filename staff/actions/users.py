"""Accounts: creating, changing and ending them, preferences, passwords, tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from staff.models import ApiToken, Region, User
from staff.permissions import can_manage, can_use_account
from staff.roles import Role

CHANGEABLE = frozenset({"name", "phone", "email", "roles", "region", "division"})


@transaction.atomic
def create_user(
    *,
    by: User | None,
    username: str,
    name: str,
    roles: Iterable[str] = (),
    password: str | None = None,
    at: datetime | None = None,
    email: str = "",
    phone: str = "",
    region: Region | None = None,
    division: Any = None,
    language: str = "zh-hans",
) -> User:
    """Create an account with roles (ORG-03). Without a password nobody can sign in with it yet."""
    _managing(by)
    user = User(
        username=username.strip(),
        name=name.strip(),
        roles=_known(roles),
        email=email,
        phone=phone,
        region=region,
        division=division,
        language=language,
        date_joined=at or timezone.now(),
    )
    _check(user)
    if password is not None and by is not None:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    history.record("user.created", user, by=by, at=at, data={"roles": user.roles})
    return user


@transaction.atomic
def update_user(user: User, *, by: User | None, at: datetime | None = None, **changes: Any) -> User:
    """Change name, phone, email, roles, region or division; new rights hold from the next request on."""
    _managing(by)
    user = _locked(user)
    before = {field: getattr(user, field) for field in CHANGEABLE}
    for field in changes.keys() & CHANGEABLE:
        setattr(user, field, _known(changes[field]) if field == "roles" else changes[field])
    changed = sorted(field for field in CHANGEABLE if getattr(user, field) != before[field])
    if not changed:
        return user
    _check(user)
    if Role.ADMIN in before["roles"] and Role.ADMIN not in user.roles:
        _keep_an_administrator(user)
    user.save(update_fields=changed)
    data = {"fields": changed}
    if "roles" in changed:
        data |= {"roles_before": before["roles"], "roles": user.roles}
    history.record("user.updated", user, by=by, at=at, data=data)
    return user


@transaction.atomic
def deactivate_user(user: User, *, by: User | None, why: str = "", at: datetime | None = None) -> User:
    """End an account: its sessions and tokens end at once; the person stays in every record."""
    _managing(by)
    user = _locked(user)
    if by is not None and by.pk == user.pk:
        raise NotAllowed(_("Nobody ends his own account."))
    if not user.is_active:
        raise NotAllowed(_("This account has ended already."), allowed=["reactivate"])
    _keep_an_administrator(user)
    moment = at or timezone.now()
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    user.api_tokens.filter(revoked_at=None).update(revoked_at=moment)
    history.record("user.deactivated", user, by=by, at=moment, why=why)
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: User | None, why: str = "", at: datetime | None = None) -> User:
    """Open an ended account again; its old sessions and tokens stay ended."""
    _managing(by)
    user = _locked(user)
    if user.is_active:
        raise NotAllowed(_("This account is open."), allowed=["deactivate"])
    user.is_active = True
    user.save(update_fields=["is_active"])
    history.record("user.reactivated", user, by=by, at=at, why=why)
    return user


@transaction.atomic
def set_preferences(
    user: User, *, by: User | None, language: str = "", theme: str = "", at: datetime | None = None
) -> User:
    """Language and look of the pages (OPN-05)."""
    if not can_use_account(by, user):
        raise Forbidden(_("These are another person's preferences."))
    user = _locked(user)
    for field, value, choices in (
        ("language", language, settings.LANGUAGES),
        ("theme", theme, User.Theme.choices),
    ):
        known = {code for code, _label in choices}
        if value and value not in known:
            raise Refused({field: _("There is no such choice.")})
        setattr(user, field, value or getattr(user, field))
    user.save(update_fields=["language", "theme"])
    data = {"language": user.language, "theme": user.theme}
    history.record("user.preferences_set", user, by=by, at=at, data=data)
    return user


@transaction.atomic
def change_password(
    user: User, *, by: User | None, new: str, old: str | None = None, at: datetime | None = None
) -> User:
    """Set a password; the owner gives the old one. All other sessions and, set by an administrator, tokens end."""
    if not can_use_account(by, user):
        raise Forbidden(_("This is another person's account."))
    user = _locked(user)
    own = by is not None and by.pk == user.pk
    if own and not user.check_password(old or ""):
        raise Refused({"old": _("That is not the present password.")})
    _check_password(new, user, field="new")
    user.set_password(new)
    user.save(update_fields=["password"])
    if not own:
        user.api_tokens.filter(revoked_at=None).update(revoked_at=at or timezone.now())
    history.record("user.password_changed", user, by=by, at=at)
    return user


@transaction.atomic
def issue_token(user: User, *, by: User | None, name: str = "", at: datetime | None = None) -> str:
    """A new API token; it is shown this once, only its SHA-256 is kept (OPN-01)."""
    if not can_use_account(by, user):
        raise Forbidden(_("This is another person's account."))
    if not user.is_active:
        raise NotAllowed(_("This account has ended already."))
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, digest=digest(key), name=name.strip()[:60], created_at=at or timezone.now()
    )
    history.record("token.issued", user, by=by, at=at, data={"token": token.pk})
    return key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User | None, at: datetime | None = None) -> ApiToken:
    """End a token at once."""
    if not can_use_account(by, token.user):
        raise Forbidden(_("This is another person's account."))
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise NotAllowed(_("This token has ended already."))
    token.revoked_at = at or timezone.now()
    token.save(update_fields=["revoked_at"])
    history.record("token.revoked", token.user, by=by, at=at, data={"token": token.pk})
    return token


def digest(key: str) -> str:
    """SHA-256 of a token, as stored."""
    return hashlib.sha256(key.encode()).hexdigest()


def _managing(by: User | None) -> None:
    if not can_manage(by):
        raise Forbidden(_("Only an administrator manages accounts."))


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _known(roles: Iterable[str]) -> list[str]:
    chosen = set(roles)
    unknown = chosen - set(Role.values)
    if unknown:
        raise Refused({"roles": _("There is no role %(role)s.") % {"role": ", ".join(sorted(unknown))}})
    return [role for role in Role.values if role in chosen]


def _check(user: User) -> None:
    """Refuse what the fields forbid and a supervisor without a region."""
    problems: dict[str, Any] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        problems |= dict(error.message_dict)
    if Role.SUPERVISOR in user.roles and user.region is None:
        problems["region"] = _("A supervisor needs a region.")
    if problems:
        raise Refused(problems)


def _check_password(password: str, user: User, field: str = "password") -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused({field: list(error.messages)}) from error


def _keep_an_administrator(user: User) -> None:
    """Lock the administrators, so that two of them cannot end each other at the same moment."""
    others = User.objects.select_for_update().with_role(Role.ADMIN).exclude(pk=user.pk)
    if Role.ADMIN in User.objects.get(pk=user.pk).roles and not others.order_by(F("pk")).exists():
        raise NotAllowed(_("Somebody has to remain administrator."))
