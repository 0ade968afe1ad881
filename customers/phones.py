"""Phone numbers as people in China type them, brought to E.164 digits. No Django here."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

_EXTENSION = re.compile(
    r"\s*(?:转分机|转机|分机|转|ext\.?|x|#|,(?=\d{1,6}$))\s*:?\s*(\d{1,6})\s*号?\s*$", re.IGNORECASE
)
_SPLIT = re.compile(r"[/、;,\n|]|\s或\s?|或者?|\s{2,}")
_MOBILE = re.compile(r"(?:\+?86|0)?(1[3-9]\d{9})")
_TAIL_FROM = 4
_TAIL_TO = 7


@dataclass(frozen=True)
class Phone:
    """One number: E.164 digits without the plus sign, and the extension behind it."""

    digits: str
    extension: str = ""


def parse(raw: str, region: str = "CN") -> list[Phone]:
    """All numbers in a text: full-width digits, 转/分机, slashes and two mobiles in a row are understood.

    A short last part repeats the number before it with another ending: 62345678/79. What cannot be a number is
    left out; service numbers such as 95588 are kept.
    """
    text = unicodedata.normalize("NFKC", raw or "").replace("－", "-").replace("—", "-").replace("–", "-")
    found: list[Phone] = []
    for part in _SPLIT.split(text):
        for phone in _one(part, found, region):
            if phone not in found:
                found.append(phone)
    return found


def digits(*raws: str, region: str = "CN") -> list[str]:
    """E.164 digits of all numbers in the given texts, each once."""
    return list(dict.fromkeys(phone.digits for raw in raws for phone in parse(raw, region)))


def tails(number: str) -> list[str]:
    """Marked endings of four to seven digits, for the search column."""
    bare = re.sub(r"\D", "", number)
    return [f"${bare[-size:]}" for size in range(_TAIL_FROM, _TAIL_TO + 1) if len(bare) >= size]


def tail_of(query: str) -> str:
    """The marked ending that a typed fragment of digits asks for; empty when it is too short or no number."""
    bare = re.sub(r"[-\s()+]", "", unicodedata.normalize("NFKC", query))
    return f"${bare[-_TAIL_TO:]}" if bare.isdigit() and len(bare) >= _TAIL_FROM else ""


def _one(part: str, before: list[Phone], region: str) -> list[Phone]:
    extension = ""
    if match := _EXTENSION.search(part):
        extension, part = match.group(1), part[: match.start()]
    bare = re.sub(r"\D", "", part)
    mobiles = _MOBILE.findall(bare)
    if len(bare) >= 20 and len(mobiles) > 1:
        return [Phone(f"86{mobile}") for mobile in mobiles]
    if before and 0 < len(bare) < 5:
        return [Phone(before[-1].digits[: -len(bare)] + bare, extension)]
    if len(bare) < 3:
        return []
    return [Phone(_e164(part, bare, region), extension)]


def _e164(part: str, bare: str, region: str) -> str:
    try:
        number = phonenumbers.parse(f"+{bare}" if part.strip().startswith("+") else bare, region)
    except phonenumbers.NumberParseException:
        return bare[:20]
    known = phonenumbers.is_possible_number(number) or not bare.startswith("0")
    code, national = number.country_code, number.national_number
    return f"{code}{national}"[:20] if known else bare[:20]
