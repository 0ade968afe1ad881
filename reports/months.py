"""Calendar months of the site's zone: their borders in UTC and their neighbours."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True, order=True)
class Month:
    """A month of the local calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """From "2026-10"; raises ValueError for anything else."""
        day = dt.datetime.strptime(text, "%Y-%m")  # noqa: DTZ007
        return cls(day.year, day.month)

    @property
    def first(self) -> dt.date:
        """First day."""
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        """Last day."""
        return self.plus(1).first - dt.timedelta(days=1)

    @property
    def start(self) -> dt.datetime:
        """First moment."""
        return timezone.make_aware(dt.datetime.combine(self.first, dt.time()))

    @property
    def end(self) -> dt.datetime:
        """First moment of the next month."""
        return self.plus(1).start

    def plus(self, months: int) -> "Month":
        """The month so many later (or earlier)."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"
