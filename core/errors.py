"""The three ways an action says no; pages and API turn them into answers in one place each."""

from collections.abc import Iterable, Mapping


class ActionError(Exception):
    """Base of every refusal an action may raise; nothing has been written when it is raised."""


class NotAllowed(ActionError):
    """The state of the record forbids the move (HTTP 409). `allowed` names what is possible instead."""

    def __init__(self, detail: object, allowed: Iterable[str] = (), **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.allowed = list(allowed)
        self.extra = extra

    def __str__(self) -> str:
        return str(self.detail)


class Refused(ActionError):
    """The input is unusable (HTTP 400). `fields` maps a field name to one message or several."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        super().__init__(fields)
        self.fields = {name: text if isinstance(text, list) else [text] for name, text in fields.items()}

    def __str__(self) -> str:
        return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in self.fields.items())


class Forbidden(ActionError):
    """The person's role does not include this verb (HTTP 403)."""

    def __init__(self, detail: object) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return str(self.detail)
