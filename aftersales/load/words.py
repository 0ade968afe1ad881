"""What callers say: the faults of the demo in more mouths, with one pair of signs in most and one word in few."""

from dataclasses import dataclass
from random import Random

from aftersales.demo.faults import BY_LINE, Fault

COMMON = "设备"
"""Stands in some four of five symptoms."""

RARE = "鸟窝"
"""Stands in one of five thousand symptoms."""

RARE_EVERY = 5000
OPENINGS = [
    "客户来电：设备在工地施工时，",
    "设备昨天还好好的，今天",
    "设备刚用了两个小时，",
    "操作手说设备",
    "早上一开工设备就不对，",
    "设备停在路边，",
    "上个月修过的设备，",
    "",
]
ROADS = ["国道", "省道", "县道", "高速", "城区"]
CLOSINGS = ["等着开工。", "封路只到下午五点。", "客户很急。", "先停下来了。", "后天要交工。", "", ""]
STEPS = ["断电重启一次", "清理接头后再试", "按说明书第七章逐项检查"]


@dataclass(frozen=True)
class Said:
    """One report: the fault behind it and the words."""

    fault: Fault
    symptom: str


def say(line: str, random: Random, but: str = "") -> Said:
    """A fault of a product line in somebody's words; rarely the type `but`, which the machine had last."""
    fault = random.choice(BY_LINE[line])
    if fault.type == but and random.random() < 0.8:
        fault = random.choice(BY_LINE[line])
    place = f"{random.choice(ROADS)} K{random.randint(1, 2400)}：" if random.random() < 0.3 else ""
    text = place + random.choice(OPENINGS) + random.choice(fault.said) + random.choice(CLOSINGS)
    if random.randrange(RARE_EVERY) == 0:
        text += f"打开罩子看到一个{RARE}。"
    return Said(fault, text)


def steps_of(fault: Fault) -> list[str]:
    """What is tried by phone."""
    return list(fault.phone) or STEPS
