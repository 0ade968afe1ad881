"""Reads the rows of tests/house/access and the routes of the project, and says what an answer means."""

import importlib.util
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

FOLDER = Path(__file__).parent / "access"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
GROUPS = {name: names.split() for name, names in tomllib.loads((FOLDER / "groups.toml").read_text()).items()}
PUBLIC = "public"


@dataclass(frozen=True)
class Row:
    """One method of one route: who may, for whom it does not exist, and what is sent."""

    app: str
    route: str
    method: str
    may: frozenset
    hidden: frozenset
    args: dict = field(hash=False)
    body: object = field(hash=False)
    query: str = ""

    @property
    def is_api(self):
        return self.route.startswith("/api/")

    def expected(self, actor):
        """What the actor (None: nobody signed in) is to be answered."""
        if PUBLIC in self.may:
            return "may"
        if actor is None:
            return "sign in"
        if actor in self.hidden:
            return "hidden"
        return "may" if actor in self.may else "forbidden"


def meaning(response):
    """An answer in the words of the rows."""
    code = response.status_code
    if code == 401 or (code == 302 and response.headers["Location"].startswith("/login/?next=")):
        return "sign in"
    if code >= 500 or code == 405:
        return f"fault {code}"
    return {403: "forbidden", 404: "hidden"}.get(code, "may")


def names(text):
    """The actors meant by words such as `all -contractor`."""
    found = set()
    for word in text.split():
        actors = GROUPS.get(word.lstrip("-"), [word.lstrip("-")])
        if word.startswith("-"):
            found.difference_update(actors)
        else:
            found.update(actors)
    return frozenset(found)


def apps():
    """The apps that have a file of rows."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "groups")


def rows(app):
    """All rows of one app's file."""
    for route, table in tomllib.loads((FOLDER / f"{app}.toml").read_text()).items():
        for method in METHODS:
            if method in table:
                own = table[method] if isinstance(table[method], dict) else {"may": table[method]}
                given = {**table, **own}
                yield Row(
                    app=app,
                    route=route,
                    method=method,
                    may=names(given["may"]),
                    hidden=names(given.get("hidden", "")),
                    args=given.get("args", {}),
                    body=given.get("body", {}),
                    query=given.get("query", ""),
                )


def records(app, people):
    """What the rows of an app need to exist, by name."""
    path = FOLDER / f"{app}.py"
    if not path.exists():
        return {}
    spec = importlib.util.spec_from_file_location(f"access_{app}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.records(people)


def routes():
    """Every route of the project with its view."""
    return dict(_walk(get_resolver(), "/"))


def _walk(resolver, prefix):
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        assert isinstance(pattern, RoutePattern) or str(pattern) == "", f"{prefix}{pattern}: use path(), not a pattern"
        assert not isinstance(pattern, RegexPattern), f"{prefix}{pattern}: use path(), not a pattern"
        route = prefix + str(pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback
