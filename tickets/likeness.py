"""How alike two descriptions of a fault are: the share of pairs of characters they have in common."""

import re

_RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")
ALIKE = 0.34
"""From here on two symptoms count as the same one."""


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring signs of a text, Chinese and Latin apart."""
    runs = _RUNS.findall(text.lower())
    return frozenset(run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1)))


def likeness(one: str, other: str) -> float:
    """Shared pairs by the pairs of the shorter text, from 0 (nothing in common) to 1."""
    a, b = pairs(one), pairs(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def alike(one: str, other: str) -> bool:
    """Whether two symptoms are probably the same fault."""
    return likeness(one, other) >= ALIKE
