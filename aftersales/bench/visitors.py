"""Who asks while it is measured: people of the load with sessions and a token of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string

from aftersales.bench.http import Connection
from staff import actions
from staff.models import User


@dataclass
class Visitors:
    """Connections of each kind of visitor, made for the port of the server."""

    nobody: Connection
    dispatcher: Connection
    supervisor: Connection
    engineer: Connection
    api: Connection
    open_more: Callable[[str], Connection]


def arrive(port: int) -> Visitors:
    """Visitors of the load for a server."""
    dispatcher = User.objects.get(username="load-desk-1")
    token = actions.issue_token(dispatcher, by=None, name="bench")
    headers = {
        "nobody": {},
        "dispatcher": _session(dispatcher),
        "supervisor": _session(User.objects.get(username="load-lead-nw")),
        "engineer": _session(User.objects.get(username="load-nw-1")),
        "api": {"Authorization": f"Token {token}"},
    }
    return Visitors(
        **{name: Connection(port, given) for name, given in headers.items()},
        open_more=lambda name: Connection(port, headers[name]),
    )


def _session(user: User) -> dict[str, str]:
    """Headers of somebody who has signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    secret = _get_new_csrf_string()
    cookies = {settings.SESSION_COOKIE_NAME: store.session_key, settings.CSRF_COOKIE_NAME: secret}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "X-CSRFToken": secret}
