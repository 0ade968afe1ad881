"""Clients of the API that know nothing of the code: over HTTP to a running server, or in this process."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from django.test import Client


@dataclass(frozen=True)
class Answer:
    """Status, parsed JSON (None for papers), raw content and headers of an answer."""

    status: int
    content: bytes
    headers: dict

    @property
    def data(self):
        is_json = "json" in self.headers.get("content-type", "")
        return json.loads(self.content) if is_json and self.content else None

    def __getitem__(self, name):
        return self.data[name]


class Api:
    """A person's way to the API; `sign_in` fetches the token by name and password."""

    def __init__(self, transport, token=None):
        self.transport, self.token = transport, token

    def sign_in(self, username, password="demo"):
        """A client of the same server for that person."""
        answer = Api(self.transport).post("auth/token/", {"username": username, "password": password})
        assert answer.status == 200, answer.content
        return Api(self.transport, answer["token"])

    def ask(self, method, path, body=None, key=None, **headers):
        """One request; `body` is sent as JSON, `key` as Idempotency-Key."""
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        path = path if path.startswith("/") else f"/api/v1/{path}"
        return self.transport(method, path, content, {"Content-Type": "application/json", **headers})

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, key=None, **headers):
        return self.ask("POST", path, {} if body is None else body, key, **headers)


def over_http(url):
    """To a server that runs somewhere."""

    def send(method, path, content, headers):
        request = urllib.request.Request(url + path, content or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return _answer(answer.status, answer.read(), answer.headers.items())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _answer(refusal.code, refusal.read(), refusal.headers.items())

    return send


def in_process():
    """To the views of this process; what breaks there is answered as 500."""
    client = Client(raise_request_exception=False)

    def send(method, path, content, headers):
        kind = headers.pop("Content-Type")
        answer = client.generic(method, path, content, content_type=kind, headers=headers)
        return _answer(answer.status_code, answer.getvalue(), answer.items())

    return send


def _answer(status, content, headers):
    return Answer(status, content, {name.lower(): value for name, value in headers})
