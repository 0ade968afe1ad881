"""A sparing HTTP client on one kept connection: what it costs must not hide what the server costs."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """Status and time of an answer, in seconds from the first byte sent to the last one read."""

    status: int
    seconds: float
    body: bytes


class Connection:
    """Requests one after the other to a server on this machine."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Ask for a path."""
        return self._ask("GET", path, b"", "")

    def post(self, path: str, values: Mapping[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(values).encode(), "application/x-www-form-urlencoded")

    def post_json(self, path: str, text: str) -> Answer:
        """Send JSON."""
        return self._ask("POST", path, text.encode(), "application/json")

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._lines}"
        if body:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        message = head.encode() + b"\r\n" + body
        for _try in range(2):
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=120)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.perf_counter()
            self._socket.sendall(message)
            answer = self._read(began)
            if answer is not None:
                return answer
            self._socket = None
        raise ConnectionError("the server hangs up")

    def _read(self, began: float) -> Answer | None:
        """The answer; None when the server had closed the kept connection."""
        assert self._socket is not None
        data = b""
        while b"\r\n\r\n" not in data:
            more = self._socket.recv(65536)
            if not more:
                return None
            data += more
        head, _gap, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        given = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])}
        length = int(given.get("content-length", "0"))
        while len(body) < length:
            body += self._socket.recv(65536)
        seconds = time.perf_counter() - began
        if given.get("connection") == "close":
            self._socket.close()
            self._socket = None
        return Answer(int(lines[0].split()[1]), seconds, body)
