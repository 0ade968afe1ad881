"""The page /style/: every component in all its states, with lifelike data. For administrators and for development."""

from datetime import timedelta
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from core.paging import Page


def both(chinese: str, english: str) -> str:
    """Sample text in the language of the page; samples are data and not in the catalogue."""
    return english if (get_language() or "").startswith("en") else chinese


class SampleForm(forms.Form):
    """One field of every sort."""

    contact = forms.CharField(max_length=40)
    phone = forms.CharField(max_length=20)
    wish = forms.ChoiceField(choices=[("site", "今天上门 · today on site"), ("phone", "电话指导 · by phone")])
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    hours = forms.DecimalField(required=False)
    works = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("yes", "能 · Yes"), ("barely", "勉强 · Barely"), ("no", "不能 · No")]
    )
    lines = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("hot", "热熔 · Thermoplastic"), ("cold", "冷喷 · Cold spray"), ("two", "双组份 · Two-component")],
    )
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="原话，不必整理 · Their words, as they come")
    agreed = forms.BooleanField(required=False)
    paper = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "contact": ("联系人", "Contact"),
            "phone": ("电话", "Phone"),
            "wish": ("希望怎样解决", "Wanted service"),
            "on": ("哪一天", "On which day"),
            "hours": ("工时", "Working hours"),
            "works": ("设备现在还能干活吗？", "Can the machine still work?"),
            "lines": ("产品线", "Product lines"),
            "words": ("客户说了什么", "What the customer says"),
            "agreed": ("客户已经同意收费", "The customer agreed to pay"),
            "paper": ("合同扫描件", "Scan of the contract"),
        }
        for name, pair in labels.items():
            self.fields[name].label = both(*pair)


class SampleFilter(forms.Form):
    """Filters of the sample list."""

    q = forms.CharField(required=False)
    grade = forms.ChoiceField(required=False, choices=[("", "—"), *((str(n), str(n)) for n in range(1, 5))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = both("编号、客户、设备", "Number, customer, machine")
        self.fields["grade"].label = both("等级", "Grade")


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = both("为什么停表", "Why the clock stops")


@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The style guide; ?form=bad shows a refused form, ?say=1 the messages."""
    if not (settings.DEBUG or request.user.has_role("admin")):
        raise PermissionDenied
    if "say" in request.GET:
        messages.success(request, both("已保存并派给张海涛。", "Saved and given to Zhang Haitao."))
        messages.error(request, both("没派成：热熔证 11-03 到期。", "Not dispatched: the certificate ran out on 3 Nov."))
    form = SampleForm({"contact": "王建军"} if request.GET.get("form") == "bad" else None, initial={"works": "no"})
    if form.is_bound:
        form.add_error(None, both("同一台设备 10 分钟前刚登记过一单。", "A ticket for this machine was registered 10 minutes ago."))
    return render(request, "core/style.html", {"form": form, "reason_form": ReasonForm(), **_samples(request)})


def _samples(request: HttpRequest) -> dict[str, Any]:
    timers = _timers()
    return {
        "timers": timers,
        "ledger": _ledger(),
        "states": [
            Row(code="new", label=both("待派工", "To be dispatched"), tone="calm"),
            Row(code="onsite", label=both("在现场", "On site"), tone="accent"),
            Row(code="late", label=both("已超时", "Overdue"), tone="late"),
            Row(code="held", label=both("停表", "On hold"), tone="held"),
            Row(code="done", label=both("已结单", "Closed"), tone="kept"),
        ],
        "verdicts": _verdicts(),
        "actions": _actions(),
        "story": _story(),
        "rows": _rows(timers),
        "figures": _figures(),
        "facts": [
            (both("工程师", "Engineer"), both("张海涛（高级，西北大区）", "Zhang Haitao (senior, Northwest)"), "#"),
            (both("预约上门", "Appointment"), both("11-21 周六 10:00", "Sat 21 Nov 10:00")),
            (both("预计回程", "Expected back"), ""),
        ],
        "steps": _steps(),
        "views": [
            Row(label=both("全部", "All"), url="?", current=True, count=37),
            Row(label=both("快到期", "Due soon"), url="?view=soon", current=False, count=5),
            Row(label=both("停表", "On hold"), url="?view=held", current=False, count=0),
        ],
        "filter": SampleFilter(request.GET),
        "page": Page(_rows(timers), newer="x", older="y"),
        "files": [Row(url="#", thumb_url="", caption=both("停工通知.pdf", "Stop notice.pdf"))] * 2,
        "promise": _promise(),
    }


def _timers() -> list[Row]:
    now = timezone.now()

    def timer(state: str, target: tuple[str, str], due: timedelta, used: float, **more: Any) -> Row:
        given = {"held_reason": "", "ended_at": None, "warn_at": now + due - timedelta(minutes=40), "url": "/style/?ledger=1"}
        return Row(
            state=state, target_label=both(*target), due_at=now + due, started_at=now - timedelta(hours=5),
            share_used=used, **{**given, **more},
        )  # fmt: skip

    contact, arrive = ("联系", "contact"), ("到场", "on site")
    held = {"held_reason": both("等客户定时间", "waiting for the customer"), "left": timedelta(hours=21)}
    return [
        timer("running", arrive, timedelta(hours=40, minutes=18, seconds=30), 0.25),
        timer("running", contact, timedelta(minutes=6, seconds=30), 0.6),
        timer("running", contact, timedelta(minutes=-9, seconds=-5), 1),
        timer("held", arrive, timedelta(hours=21), 0.41, **held),
        timer("kept", contact, timedelta(hours=-3), 0.53, ended_at=now - timedelta(hours=3, minutes=7)),
        timer(
            "broken", ("首次方案", "first proposal"), timedelta(hours=-3), 1,
            ended_at=now - timedelta(hours=2, minutes=35),
        ),
        timer("cancelled", arrive, timedelta(hours=5), 0.1),
        timer("running", ("答复", "answer"), timedelta(days=3, hours=4), 0.08),
    ]  # fmt: skip


def _ledger() -> Row:
    now = timezone.now().replace(second=0, microsecond=0)
    start = now - timedelta(hours=29, minutes=12)
    hours = timedelta(hours=1)
    held = 15.5 * hours
    parts = [("used", 7.5, "已用", "used"), ("held", 15.5, "停表", "on hold"), ("used", 6.2, "已用", "used"), ("left", 40.3, "还剩", "left")]
    rows = [
        Row(at=start, until=None, text=both("起表：上门费用与客户落实", "Clock starts: visit agreed with the customer"), evidence_label=both("通话录音", "recording"), evidence_url="#", by_label="周敏", change=48 * hours, due_at=start + 48 * hours),
        Row(at=start, until=None, text=both("偏远地区加时：榆林市定边县", "Remote area: Dingbian, Yulin"), evidence_label=both("加时表 2026", "allowances 2026"), evidence_url="#", by_label=both("系统", "System"), change=6 * hours, due_at=start + 54 * hours),
        Row(at=start + 7.5 * hours, until=start + 23 * hours, text=both("停表：场地封闭，大风黄色预警，业主停工", "On hold: site closed, gale warning"), evidence_label=both("照片 1、短信 1", "photo 1, message 1"), evidence_url="#", by_label="张海涛", change=held, due_at=start + 69.5 * hours),
        Row(at=start + 24 * hours, until=None, text=both("改级 2 → 3：到场时限不变，已用时间照算", "Grade 2 → 3: deadline unchanged"), evidence_label="", evidence_url="", by_label="周敏", change=timedelta(0), due_at=start + 69.5 * hours),
    ]  # fmt: skip
    return Row(
        title=both("到场时限怎么来的", "How the deadline on site came about"),
        basis=both("依据：默认承诺 CN-02 第 2 条，跨省 48 小时，昼夜钟。", "Default promise CN-02, line 2: other provinces 48 hours, day and night."),
        rows=rows,
        total=69.5 * hours,
        due_at=start + 69.5 * hours,
        parts=[Row(kind=kind, seconds=span * 3600, label=both(zh, en)) for kind, span, zh, en in parts],
        sums=[
            Row(kind="used", span=13.7 * hours, label=both("已用", "Used")),
            Row(kind="held", span=held, label=both("停表", "On hold")),
            Row(kind="left", span=40.3 * hours, label=both("还剩", "Left")),
        ],
    )  # fmt: skip


def _verdicts() -> list[Row]:
    return [
        Row(tone="kept", word=both("免费", "Free"), reason=both("电气件，验收后 30 个月内（合同 2024-086 第 6 条），到 2027-01-14。", "Electrical part, 30 months from acceptance (contract 2024-086, clause 6), until 2027-01-14."), term=both("人工免费·配件免费·差旅免费。", "Labour, parts and travel free."), url="#", link=""),
        Row(tone="plain", word=both("成本价", "At cost"), reason=both("结构件三年免费已于 2026-09-06 到期，现为成本价期，到 2029-09-06。", "Structural parts: three free years ended on 2026-09-06; at cost until 2029-09-06."), term=both("人工 80 元/时·配件按成本价·差旅免费。", "Labour CNY 80/h, parts at cost, travel free."), url="#", link=""),
        Row(tone="soon", word=both("报过？", "Known?"), reason=both("同一台 11-18 报过“点火迟缓”，未结，待回访。", "18 Nov “slow to ignite”, still open."), term="", url="#", link=both("并入这张工单", "Add to that ticket")),
        Row(tone="late", word=both("没派成", "Refused"), reason=both("刘洋的热熔类上岗证 11-03 到期，未复训，不能修 TRC-1200。", "Liu Yang's certificate for thermoplastic ran out on 3 Nov; he may not work on TRC-1200."), term=both("这一单仍在待派，什么都没变。", "The order is still waiting, nothing changed."), url="", link=""),
        Row(tone="held", word=both("停表", "On hold"), reason=both("等客户定时间，从 11-19 16:40 起不算。", "Waiting for the customer since 19 Nov 16:40."), term="", url="", link=""),
    ]  # fmt: skip


def _actions() -> list[Row]:
    plain = {"method": "get", "primary": False, "blocked_reason": "", "key": "", "icon": "", "fields": {}}
    return [
        Row(**{**plain, "label": both("告诉客户配件何时到", "Tell the customer when parts come"), "url": "#", "primary": True, "icon": "phone", "key": "1"}),
        Row(**{**plain, "label": both("问张海涛", "Ask Zhang Haitao"), "url": "#", "icon": "phone-call"}),
        Row(**{**plain, "label": both("领用配件", "Request parts"), "url": "/style/", "method": "post", "icon": "package"}),
        Row(**{**plain, "label": both("改派", "Reassign"), "url": "/style/?ledger=1", "method": "hx"}),
        Row(**{**plain, "label": both("结单", "Close"), "url": "", "blocked_reason": both("还不能：没有上门结果，客户未确认。先由张海涛填写上门结果。", "Not yet: no result of the visit, the customer has not confirmed. Zhang Haitao fills in the result first.")}),
    ]  # fmt: skip


def _story() -> list[Row]:
    now = timezone.now()

    def entry(hours: float, by: str, icon: str, text: str, **more: Any) -> Row:
        at = now - timedelta(hours=hours)
        return Row(**{"at": at, "entered_at": at, "by_label": by, "icon": icon, "text": text, "tone": "", "note": "", "quote": "", "url": "", "photos": [], **more})

    return [
        entry(0.5, "刘桂英", "package", both("从郑州库发出 撒珠器轴承 6204-2RS ×2", "sent 2 bearings 6204-2RS from Zhengzhou"), note=both("顺丰 SF1527 0098 2216，预计今天 17:30 到榆林", "SF1527 0098 2216, in Yulin at 17:30")),
        entry(2, "张海涛", "phone", mark_safe(both("与李敏通话 4 分 10 秒，约定<b>明天 10:00</b> 上门", "spoke with Li Min for 4 min 10 s, appointment <b>tomorrow 10:00</b>")), quote=both("上午风小，能停工两个小时。进门找老赵。", "Little wind in the morning. Ask for Zhao at the gate."), entered_at=now - timedelta(hours=1)),
        entry(30, "张海涛", "player-pause", both("停表：场地封闭", "clock on hold: site closed"), tone="held", quote=both("定边大风黄色预警，业主通知 16:30 起停工。", "Gale warning, work stopped at 16:30."), photos=[Row(url="#", thumb_url="", caption=both("停工通知", "Notice"))]),
        entry(35, both("系统", "System"), "alert-triangle", both("首次方案晚 25 分", "first proposal 25 min late"), tone="late"),
        entry(36, "张海涛", "phone-call", both("联系客户，派工后 8 分钟", "called the customer after 8 minutes"), tone="kept"),
    ]  # fmt: skip


def _rows(timers: list[Row]) -> list[Row]:
    samples = [
        (2, both("料斗搅拌不转", "Agitator stands still"), both("信阳", "Xinyang"), both("信阳长虹标线·TT-2022-0206", "Changhong Markings · TT-2022-0206"), timers[2]),
        (1, both("液压走不动", "Does not drive, no hydraulic pressure at all"), both("商丘", "Shangqiu"), both("商丘顺达养护·TT-2024-0275", "Shunda Maintenance · TT-2024-0275"), timers[1]),
        (3, both("玻璃珠撒布不匀，右侧断珠", "Glass beads uneven, none at the right side"), both("榆林", "Yulin"), both("定边鑫路工程·TT-2023-0419", "Xinlu Engineering · TT-2023-0419"), timers[0]),
        (4, both("显示屏偶尔花屏", "Display flickers"), both("开封", "Kaifeng"), both("开封汴路设施·TT-2025-0102", "Bianlu Facilities · TT-2025-0102"), timers[3]),
    ]  # fmt: skip
    rows = [Row(grade=g, kind_label="", what=w, aside=a, where=p, timer=t, url="#", note="", number=f"WX20261120-000{g}") for g, w, a, p, t in samples]
    visit = Row(grade=None, kind_label=both("检", "In"), what=both("四季度巡检", "Inspection, 4th quarter"), aside=both("长葛", "Changge"), where=both("长葛路达标线", "Luda Markings"), timer=None, url="#", note=both("周一起可以排", "from Monday"), number="XJ20261120-0001")
    return [*rows, visit]


def _figures() -> list[Row]:
    return [
        Row(name=both("首次修复率", "First-time fix"), value="86.4%", of=both("127 / 147 单", "127 / 147 orders"), beside=both("9 月 84.9%　去年 10 月 81.0%", "Sep 84.9%, Oct last year 81.0%"), delta=both("▲ 1.5 点", "▲ 1.5 pt"), delta_tone="kept", how=both("第一次上门就修好，30 天内同一故障没有再报。", "Repaired at the first visit and not reported again within 30 days."), url="#"),
        Row(name=both("联系准时率", "Contact on time"), value="96.8%", of="181 / 187", beside=both("9 月 97.3%", "Sep 97.3%"), delta=both("▼ 0.5 点", "▼ 0.5 pt"), delta_tone="late", how=both("派工后 15 分钟内与客户通上话。", "Customer reached within 15 minutes of dispatch."), url="#"),
        Row(name=both("未结工单", "Open tickets"), value="37", of="", beside="", delta="", delta_tone="", how=both("现在没有结单的，合并的不重算。", "Not closed now; merged ones count once."), url="#"),
    ]  # fmt: skip


def _steps() -> list[Row]:
    names = [("受理", "Taken"), ("定级", "Graded"), ("派工", "Dispatched"), ("联系", "Contacted"), ("上门", "Visit"), ("修复", "Repaired"), ("回访", "Call-back"), ("结单", "Closed")]
    notes = ["09:05", both("3 级（原 2 级）", "3 (was 2)"), "09:12", "09:20"]
    states = ["done"] * 4 + ["current"] + [""] * 3
    return [Row(label=both(*name), state=state, note=note) for name, state, note in zip(names, states, [*notes, "", "", "", ""], strict=True)]


def _promise() -> str:
    return mark_safe(
        both(
            "王师傅，已经给您登记了。派工后 <b>15 分钟</b>内工程师给您来电；要上门的话，最迟<b>后天 22 日凌晨 2:22</b> 前到工地。这次修电气件<b>不收费</b>。",
            "Your fault is registered. An engineer calls you within <b>15 minutes</b>. If he must come, he arrives by <b>Sunday 14:22</b>. Electrical parts are <b>free</b>.",
        )
    )
