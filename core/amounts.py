"""Amounts of money in Chinese capitals [大写金额], as settled amounts stand on papers."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ["", "拾", "佰", "仟"]
GROUPS = ["", "万", "亿", "万亿"]


def in_capitals(amount: Decimal | int) -> str:
    """506.00 → 伍佰零陆元整, 1203.45 → 壹仟贰佰零叁元肆角伍分, -3 → 负叁元整."""
    fen = int((abs(Decimal(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif cents and yuan:
        text += "零"
    text += f"{DIGITS[cents]}分" if cents else "整"
    return f"负{text}" if amount < 0 and fen else text


def _whole(yuan: int) -> str:
    """Whole yuan: groups of four digits; a gap of zeros is read once."""
    if yuan == 0:
        return "零"
    text, gap = "", False
    for power in reversed(range((len(str(yuan)) + 3) // 4)):
        group = yuan // 10_000**power % 10_000
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + GROUPS[power]
        gap = False
    return text


def _four(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
