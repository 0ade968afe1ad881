"""A slow, independent reckoning of working time: it looks at every single minute."""

import datetime as dt
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def parse(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


class Oracle:
    """Knows a clock only as the JSON a person would write."""

    def __init__(self, raw):
        self.zone = ZoneInfo(raw["zone"])
        self.weekly, self.days = raw["weekly"], raw.get("days", {})

    def ranges(self, day):
        found = self.days.get(day.isoformat())
        if found is None:
            found = self.weekly.get(NAMES[day.weekday()], [])
        return [(parse(a), parse(b)) for a, b in found]

    def is_open(self, instant):
        """Whether the wall time of this minute lies in a range of its day or in the tail of yesterday's."""
        local = instant.astimezone(self.zone)
        minute, day = local.hour * 60 + local.minute, local.date()
        for a, b in self.ranges(day):
            if a <= minute and (minute < b or b <= a):
                return True
        return any(b <= a and minute < b for a, b in self.ranges(day - dt.timedelta(days=1)))

    def minutes(self, start, end, pauses=()):
        """The open, unpaused minutes between two whole minutes."""
        count, at = 0, start.astimezone(dt.UTC)
        while at < end:
            count += self.counts(at, pauses)
            at += MINUTE
        return count

    def counts(self, at, pauses):
        held = any(a <= at and (b is None or at < b) for a, b in pauses)
        return self.is_open(at) and not held

    def due(self, start, minutes, pauses=()):
        """The end of the minute in which the last of the minutes is counted."""
        at = start.astimezone(dt.UTC)
        while True:
            if self.counts(at, pauses):
                minutes -= 1
            at += MINUTE
            if minutes == 0:
                return at

    def close_of(self, day):
        """The last minute of the ranges that begin on a day, looked for from two days on backwards."""
        at = dt.datetime.combine(day + dt.timedelta(days=2), dt.time(12), dt.UTC)
        first = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(0), dt.UTC)
        while at > first:
            at -= MINUTE
            local = at.astimezone(self.zone)
            minute, on = local.hour * 60 + local.minute, local.date()
            for a, b in self.ranges(day):
                inside = on == day and a <= minute and (minute < b or b <= a)
                tail = on == day + dt.timedelta(days=1) and b <= a and minute < b
                if inside or tail:
                    return at + MINUTE
        return None
