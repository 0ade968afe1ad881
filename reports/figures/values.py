"""The value of a figure: what was counted, from how many, and shares with their uncertainty."""

import math
from dataclasses import dataclass
from decimal import Decimal

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Value:
    """A counted figure. `whole` is None where nothing is divided; `value` is None where nothing was counted."""

    value: Decimal | None
    part: Decimal | None = None
    whole: Decimal | None = None


def count(number: int | None, of_which: int | None = None) -> Value:
    """A plain number; `of_which` is a part of it that is named beside it."""
    return Value(Decimal(number or 0), None if of_which is None else Decimal(of_which))


def share(part: int | None, whole: int | None) -> Value:
    """Part ÷ whole, None when there is nothing to divide by."""
    part, whole = part or 0, whole or 0
    return Value(rounded(Decimal(part) / whole) if whole else None, Decimal(part), Decimal(whole))


def amount(value: Decimal | None, whole: int | None = None) -> Value:
    """An amount of money or hours, with the number of records it comes from."""
    known = None if value is None else rounded(Decimal(value))
    return Value(known, None, None if whole is None else Decimal(whole))


def rounded(value: Decimal) -> Decimal:
    """To four places, as the frozen rows keep it."""
    return value.quantize(Decimal("0.0001"))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % range of a share (Wilson score interval); (0, 1) when nothing was counted."""
    if whole == 0:
        return 0.0, 1.0
    p, n = part / whole, whole
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)
