"""What is known of a subject when a promise is sought for it."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Facts:
    """Codes and numbers only, no personal data: they are kept with the timer.

    `people` maps "engineer" and "owner" to user ids; `about` holds references for the history.
    """

    product_line: str = ""
    product_model: str = ""
    contract: str = ""
    customer: str = ""
    region: str = ""
    province: str = ""
    is_home: bool = False
    is_remote: bool = False
    grade: int | None = None
    fault_type: str = ""
    people: dict[str, int | None] = field(default_factory=dict)
    about: list[str] = field(default_factory=list)
    kind: str = "ticket"

    def selecting(self) -> dict[str, Any]:
        """The facts that selectors speak of, as JSON."""
        values = asdict(self)
        del values["people"], values["about"]
        return values

    def with_(self, **changes: Any) -> "Facts":
        """A copy with some facts changed."""
        return replace(self, **changes)
