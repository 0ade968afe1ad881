"""The words of a verdict in Chinese and English, so that a frozen verdict can be read in both. No Django."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str

    def __add__(self, other: object) -> "Text":  # type: ignore[override]
        if not isinstance(other, Text):
            return NotImplemented
        return Text(self.zh + other.zh, self.en + other.en)

    def within(self, language: str) -> str:
        """The text in a language code; Chinese for all but English."""
        return (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)


NOTHING = Text("", "")

CODES = {
    "free": Text("免费", "Free"),
    "cost": Text("成本价", "At cost"),
    "charged": Text("收费", "Charged"),
    "unknown": Text("待定", "Unknown"),
}
TONES = {"free": "kept", "cost": "plain", "charged": "soon", "unknown": "held"}

PHASES = {
    "free": Text("免费期", "free period"),
    "cost": Text("成本价期", "cost price period"),
    "charged": Text("终身有偿服务", "lifetime paid service"),
    "extended": Text("延保", "extended warranty"),
    "maintenance": Text("维保合同", "maintenance contract"),
    "part": Text("配件质保", "warranty of the part"),
    "supply": Text("备件供应期", "spare-part supply"),
}

BASES = {
    "purchase": Text("购买", "purchase"),
    "delivery": Text("交货", "delivery"),
    "acceptance": Text("验收", "acceptance"),
    "first_use": Text("投入使用", "first use"),
    "production": Text("出厂", "production"),
    "replacement": Text("更换", "replacement"),
    "exchange": Text("换机", "exchange of the machine"),
    "restart": Text("关键件更换", "replacement of the key part"),
}

CAUSES = {
    "wear": Text("正常磨损", "wear"),
    "material": Text("材料或制造", "material or manufacture"),
    "design": Text("设计", "design"),
    "operation": Text("操作不当", "wrong operation"),
    "alteration": Text("擅自改装", "unauthorised change"),
    "storage": Text("存放或安装不当", "wrong storage or installation"),
    "force_majeure": Text("不可抗力", "force majeure"),
    "unknown": Text("未查明", "not found"),
}
SYNONYMS = {"misuse": "operation", "modification": "alteration", "installation": "storage"}

MODES = {"on_site": Text("上门服务", "on site"), "send_in": Text("送修", "send-in"), "": NOTHING}

WHOLE_MACHINE = Text("整机", "whole machine")


def capital(text: Text) -> Text:
    """The English sentence begins with a capital."""
    return Text(text.zh, text.en[:1].upper() + text.en[1:])


def joined(parts: list[Text], zh: str, en: str) -> Text:
    """Parts with the separators of each language."""
    parts = [part for part in parts if part != NOTHING]
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def hours(amount: Decimal) -> Text:
    """Running hours without needless zeros."""
    plain = f"{amount:,f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:,}"
    return Text(f"{plain.replace(',', '')} 小时", f"{plain} h")


def length(basis: str, months: int | None, limit: Decimal | None) -> Text:
    """Within 18 months of acceptance or 2,000 h."""
    since = BASES[basis]
    if months is not None and limit is not None:
        upto = hours(limit)
        return Text(
            f"{since.zh}后 {months} 个月或 {upto.zh}内（先到为准）",
            f"within {months} months of {since.en} or {upto.en}, whichever ends first",
        )
    if months is not None:
        return Text(f"{since.zh}后 {months} 个月内", f"within {months} months of {since.en}")
    if limit is not None:
        upto = hours(limit)
        return Text(f"{since.zh}后 {upto.zh}内", f"within {upto.en} of {since.en}")
    return Text(f"{since.zh}后不限期", f"from {since.en} without end")


def in_brackets(source: Text) -> Text:
    """（合同 2025-117） and (contract 2025-117)."""
    return Text(f"（{source.zh}）", f" ({source.en or source.zh})") if source.zh or source.en else NOTHING


def until(day: date | None) -> Text:
    """, until 2027-01-14; nothing for terms without end."""
    return Text(f"，到 {day}", f", until {day}") if day else NOTHING


def covers(labour: str, parts: str, travel: str) -> Text:
    """Labour free · parts at cost · travel charged."""
    names = [("人工", "labour", labour), ("配件", "parts", parts), ("差旅", "travel", travel)]
    said = [
        Text(f"{zh}{CODES[code].zh}" if code != "cost" else f"{zh}按成本价", f"{en} {CODES[code].en.lower()}")
        for zh, en, code in names
    ]
    return capital(joined(said, "·", " · "))
