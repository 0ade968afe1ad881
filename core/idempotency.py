"""Idempotency keys: the same request sent twice has one effect and gets the same answer.

The key row is inserted in the transaction of the work. A second request with the key waits on the unique
index until the first has committed, then gets the stored answer; if the first failed nothing is stored.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from core.models import IdempotencyKey


@dataclass
class Slot:
    """A claimed key: `first` is None when the work is to be done now, else the row of the first answer."""

    key: str
    user_id: int
    first: IdempotencyKey | None

    def store(self, status: int, answer: Any) -> None:
        """Keep the answer for repeats; belongs into the transaction of the work."""
        IdempotencyKey.objects.filter(user_id=self.user_id, key=self.key).update(status=status, answer=answer)


class Mismatch(Exception):
    """The key was used before for a different request (HTTP 422)."""


def fingerprint(method: str, path: str, body: bytes) -> str:
    """SHA-256 over method, path and body of a request."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def claim(user_id: int, key: str, print_: str) -> Slot:
    """Claim a key inside a transaction. Raises Mismatch when it belongs to another request."""
    row = IdempotencyKey(user_id=user_id, key=key, fingerprint=print_)
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    found = IdempotencyKey.objects.get(user_id=user_id, key=key)
    if found.fingerprint != print_:
        raise Mismatch(key)
    return Slot(key, user_id, found if found.status else None)
