"""Fields of the policy forms: times, days and selectors as people type them, and back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sla.matching import FLAGS, WEIGHTS

_RANGE = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})")
CLOSED = ("", "-", "休", "closed")
YES, NO = ("yes", "true", "是", "1"), ("no", "false", "否", "0")


def ranges_text(ranges: Iterable[Iterable[str]]) -> str:
    """08:30-12:00 13:30-18:00."""
    return " ".join("-".join(pair) for pair in ranges)


def parse_ranges(text: str) -> list[list[str]]:
    """Ranges from text; ValidationError for anything that is not one."""
    text = text.strip()
    if text.lower() in CLOSED:
        return []
    if re.sub(r"[\s,，、;；]+", "", _RANGE.sub("", text)):
        raise forms.ValidationError(_("Write times as 08:30-12:00 13:30-18:00, or leave it empty when closed."))
    return [[_padded(a), _padded(b)] for a, b in _RANGE.findall(text)]


def _padded(time: str) -> str:
    return time.rjust(5, "0")


class RangesField(forms.CharField):
    """Times of one day."""

    def clean(self, value: Any) -> Any:
        """The list of ranges."""
        return parse_ranges(super().clean(value))


class DaysField(forms.CharField):
    """Days that differ, one a line: the date, and its hours when it is open."""

    widget = forms.Textarea(attrs={"rows": 8})

    def clean(self, value: Any) -> Any:
        """Date to ranges."""
        found: dict[str, Any] = {}
        for line in super().clean(value).splitlines():
            day, _space, rest = line.strip().partition(" ")
            if day:
                found[day] = parse_ranges(rest)
        return found


class RegionDaysField(forms.CharField):
    """Days of single regions, one a line: region, date, hours."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        """Region to date to ranges."""
        found: dict[str, Any] = {}
        for line in super().clean(value).splitlines():
            if line.strip():
                region, _space, rest = line.strip().partition(" ")
                day, _space, hours = rest.strip().partition(" ")
                found.setdefault(region, {})[day] = parse_ranges(hours)
        return found


class WordsField(forms.CharField):
    """Words separated by commas or spaces."""

    def clean(self, value: Any) -> Any:
        """The list of words."""
        return [word for word in re.split(r"[\s,，、;；]+", super().clean(value)) if word]


class SelectorsField(forms.CharField):
    """For whom it holds, one fact a line: grade: 1, 2."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> Any:
        """Name to list, or to true or false."""
        found: dict[str, Any] = {}
        for line in super().clean(value).splitlines():
            name, _colon, rest = line.replace("：", ":").partition(":")
            name, words = name.strip(), [word for word in re.split(r"[\s,，、]+", rest.strip()) if word]
            if not name:
                continue
            if name not in WEIGHTS:
                raise forms.ValidationError(_("Unknown fact: %(name)s.") % {"name": name})
            found[name] = _selector(name, words)
        return found


def _selector(name: str, words: list[str]) -> Any:
    if name in FLAGS:
        if len(words) != 1 or words[0].lower() not in (*YES, *NO):
            raise forms.ValidationError(_("%(name)s is true or false.") % {"name": name})
        return words[0].lower() in YES
    if name == "grade":
        if not all(word.isdecimal() for word in words):
            raise forms.ValidationError(_("Grades are 1 to 4."))
        return [int(word) for word in words]
    return words


def selectors_text(selectors: Mapping[str, Any]) -> str:
    """The facts as they are typed."""
    rows = []
    for name, value in selectors.items():
        words = ("yes" if value else "no") if isinstance(value, bool) else ", ".join(map(str, value or []))
        rows.append(f"{name}: {words}")
    return "\n".join(rows)
