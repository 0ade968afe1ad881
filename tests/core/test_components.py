"""The components of the screens say the right words in both languages and keep the rules of the markup."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Row
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from core.paging import Page
from core.templatetags import ui_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 14, 24, 7, tzinfo=SHANGHAI)


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def show(source, language="zh-hans", request=None, **context):
    with translation.override(language):
        return engines["django"].from_string("{% load ui %}" + source).render(context, request)


def timer(state="running", due="2026-11-20 14:30", **more):
    given = {
        "target_label": "联系",
        "warn_at": at(due) - timedelta(minutes=10),
        "started_at": at("2026-11-20 14:15"),
        "share_used": 0.6,
        "held_reason": "",
        "ended_at": None,
        "url": "/timers/1/",
    }
    return Row(state=state, due_at=at(due), **{**given, **more})


class Questions(forms.Form):
    name = forms.CharField(label="联系人", help_text="全名")
    works = forms.ChoiceField(label="还能干活吗", widget=forms.RadioSelect, choices=[("y", "能"), ("n", "不能")])
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)


class TestTimeChip:
    CASES = [
        (timer(), "soon", "剩 5 分", "14:30 前联系"),
        (timer(due="2026-11-20 18:00"), "calm", "剩 3 时 35 分", "18:00 前联系"),
        (timer(due="2026-11-21 06:42", target_label="到场"), "calm", "剩 16 时 17 分", "明天 06:42 前到场"),
        (timer(due="2026-11-22 06:42", target_label="到场"), "calm", "剩 40 时", "周日 06:42 前到场"),
        (timer(due="2026-11-23 17:00", target_label="答复"), "calm", "剩 3 天", "周一 17:00 前答复"),
        (timer(due="2026-11-20 14:15"), "late", "超 9 分", "14:15 前联系"),
        (timer("held", held_reason="等客户定时间"), "held", "停表", "等客户定时间"),
        (timer("held", held_reason="等客户", left=timedelta(hours=21)), "held", "停表", "等客户，剩 21 时"),
        (timer("kept", ended_at=at("2026-11-20 14:20")), "kept", "准时", "14:20 联系，限 14:30"),
        (timer("broken", ended_at=at("2026-11-20 14:55")), "broken", "晚 25 分", "联系，限 14:30"),
        (timer("cancelled"), "gone", "已取消", "联系"),
    ]

    @pytest.mark.req("SLA-06")
    @pytest.mark.parametrize(("clock", "tone", "much", "until"), CASES)
    def test_it_says_how_much_and_until_when(self, clock, tone, much, until):
        html = show("{% time_chip t at=now %}", t=clock, now=NOW)
        assert f'data-time="{tone}"' in html
        assert f"<b>{much}</b><span>{until}</span>" in html

    def test_it_speaks_english(self):
        html = show("{% time_chip t at=now %}", "en", t=timer(target_label="contact"), now=NOW)
        assert "<b>5 min left</b><span>contact by 14:30</span>" in html

    def test_one_day_and_several_days_differ_in_english(self):
        with translation.override("en"):
            assert ui_time.span_words(timedelta(days=4)) == "4 days"
            assert ui_time.span_words(timedelta(hours=2, minutes=5), brief=False) == "2 h 5 min"
            assert ui_time.span_words(timedelta(seconds=40)) == "under 1 min"

    def test_it_opens_the_ledger_unless_its_row_is_a_link(self):
        assert 'href="/timers/1/" data-ledger' in show("{% time_chip t %}", t=timer())
        assert "<a" not in show("{% time_chip t link=False %}", t=timer())

    def test_only_a_running_one_is_kept_up_to_date_by_the_script(self):
        assert "data-due=" in show("{% time_chip t %}", t=timer())
        assert "data-due=" not in show("{% time_chip t %}", t=timer("held"))

    def test_a_broken_promise_never_turns_green(self):
        html = show("{% time_chip t %}", t=timer("broken", ended_at=at("2026-11-20 14:55")))
        assert 'data-time="broken"' in html
        assert 'data-time="kept"' not in html


class TestTimesAndNumbers:
    @pytest.mark.parametrize(
        ("moment", "text"),
        [
            ("2026-11-20 14:30", "今天 14:30"),
            ("2026-11-19 09:12", "昨天 09:12"),
            ("2026-11-21 09:12", "明天 09:12"),
            ("2026-11-12 09:12", "11-12 09:12"),
            ("2024-11-12 09:12", "2024-11-12"),
        ],
    )
    def test_a_moment_is_as_short_as_it_can_be(self, moment, text):
        html = show("{% local_time m at=now %}", m=at(moment), now=NOW)
        assert f">{text}</time>" in html
        assert f'title="{moment}"' in html

    def test_days_are_named_the_way_the_language_does(self):
        assert ">11 月 20 日 周五<" in show("{% local_time d 'day' %}", d=date(2026, 11, 20))
        assert ">Fri 20 Nov<" in show("{% local_time d 'day' %}", "en", d=date(2026, 11, 20))

    def test_nothing_known_is_a_dash(self):
        assert "—" in show("{% local_time m %}{% money x %}{% phone y %}", m=None, x=None, y="")

    def test_money_has_its_unit(self):
        assert show("{% money a %}", a=Decimal("1234.5")) == "1,234.50 元"
        assert show("{% money a %}", "en", a=Decimal("1234.5")) == "CNY 1,234.50"

    def test_a_mobile_number_stands_in_groups_and_can_be_called(self):
        html = show("{% phone n %}", n="+8613991284417")
        assert 'href="tel:+8613991284417"' in html
        assert ">139 9128 4417<" in html

    def test_a_landline_number_is_left_as_it_is(self):
        assert ">0371-6218 4402<" in show("{% phone n %}", n="0371-6218 4402")

    def test_changes_of_a_deadline_carry_their_sign(self):
        source = "{% signed_duration a %}|{% signed_duration b %}|{% signed_duration c %}"
        assert show(source, a=timedelta(hours=6), b=timedelta(minutes=-30), c=timedelta(0)) == "+6 时|−30 分|0"


class TestMarks:
    def test_a_grade_has_its_numeral_and_a_name(self):
        assert 'data-grade="1"' in show("{% grade 1 %}")
        assert 'aria-label="1 级"' in show("{% grade 1 %}")

    def test_no_grade_is_an_outlined_square(self):
        assert "data-grade" not in show("{% grade None %}")

    def test_a_calm_state_has_no_colour(self):
        assert "data-tone" not in show("{% state s %}", s=Row(code="new", label="待派工", tone="calm"))
        assert 'data-tone="late"' in show("{% state s %}", s=Row(code="x", label="退回", tone="late"))

    def test_text_of_people_is_escaped(self):
        html = show(
            "{% verdict word=w reason=w %}{% tag w %}{% work_row r %}",
            w="<b>x",
            r=Row(grade=1, kind_label="", what="<i>y", aside="", where="", timer=None, note="", url="/"),
        )
        assert "<b>x" not in html
        assert "<i>y" not in html
        assert "&lt;b&gt;x" in html


class TestStory:
    def test_rows_stand_under_their_day_and_late_entries_say_so(self):
        def entry(moment, entered, text):
            return Row(
                at=at(moment),
                entered_at=at(entered),
                by_label="周敏",
                icon="phone",
                text=text,
                tone="",
                note="",
                quote="",
                url="",
                photos=[],
            )

        entries = [
            entry("2026-11-20 10:32", "2026-11-20 12:00", "通话"),
            entry("2026-11-20 09:05", "2026-11-20 09:05", "改级"),
            entry("2026-11-19 23:59", "2026-11-20 00:01", "停表"),
        ]
        html = show("{% story e %}", e=entries)
        assert html.count("story-day") == 2
        assert html.count("补记于") == 1


class TestNextActions:
    def action(self, **more):
        return Row(
            **{
                "label": "结单",
                "url": "/close/",
                "method": "get",
                "primary": False,
                "blocked_reason": "",
                "key": "",
                "icon": "",
                "fields": {},
                **more,
            }
        )

    def test_a_blocked_one_stays_and_says_why(self):
        html = show("{% next_actions a %}", a=[self.action(blocked_reason="客户未确认")])
        assert "<s>结单</s>客户未确认" in html
        assert "/close/" not in html

    def test_a_post_carries_token_and_key(self):
        html = show("{% next_actions a %}", a=[self.action(method="post")], request=RequestFactory().get("/"))
        assert "csrfmiddlewaretoken" in html
        assert 'name="idempotency_key"' in html


class TestForms:
    def test_an_error_stands_beside_its_field_and_is_tied_to_it(self):
        html = show("{% form_errors f %}{% field f.name %}", f=Questions({}))
        assert 'aria-describedby="id_name_help id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert 'id="id_name_error"' in html
        assert 'href="#id_name"' in html
        assert "data-focus" in html

    def test_radios_become_segmented_answers_with_a_legend(self):
        html = show("{% field f.works %}", f=Questions())
        assert "<fieldset" in html
        assert "<legend" in html
        assert 'class="choice"' in html
        assert html.count('type="radio"') == 2

    def test_further_arguments_become_attributes(self):
        html = show("{% field f.note rows=2 data_find='1' %}", f=Questions())
        assert 'data-find="1"' in html
        assert 'rows="2"' in html
        assert 'class="form-control"' in html

    def test_a_form_without_errors_shows_no_summary(self):
        assert show("{% form_errors f %}", f=Questions()).strip() == ""


class TestLists:
    def test_links_to_newer_and_older_rows_keep_the_filters(self):
        request = RequestFactory().get("/x/", {"q": "榆林", "cursor": "old"})
        html = show("{% pager p %}", request=request, p=Page([1], newer="nn", older="oo"))
        assert "q=%E6%A6%86%E6%9E%97&amp;cursor=nn" in html
        assert "cursor=oo" in html
        assert "cursor=old" not in html

    def test_a_column_head_turns_the_order_round(self):
        request = RequestFactory().get("/x/", {"sort": "due"})
        html = show("{% sort_header 'due' 'Due' %}", request=request)
        assert 'aria-sort="ascending"' in html
        assert "?sort=-due" in html


@pytest.mark.django_db
class TestRefusals:
    def test_a_missing_page_offers_a_way_out(self, client):
        page = client.get("/nowhere/")
        assert page.status_code == 404
        assert "这里没有内容" in page.content.decode()
        assert 'href="/"' in page.content.decode()

    def test_a_form_from_an_old_page_says_that_nothing_was_lost(self, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.dispatcher)
        page = client.post("/settings/theme/", {"theme": "dark"})
        assert page.status_code == 403
        assert "写的内容还在" in page.content.decode()

    def test_a_failure_shows_a_page_that_needs_no_database(self):
        html = render_to_string("500.html")
        assert "系统出错了" in html
        assert "data-error" in html

    def test_what_is_possible_instead_is_named(self, rf):
        html = render_to_string("409.html", {"detail": "已经结单。", "allowed": ["重开"]}, rf.get("/"))
        assert "已经结单。" in html
        assert "现在可以： 重开" in html


@pytest.mark.django_db
class TestStyleGuide:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_an_administrator_sees_every_component_without_inline_style(self, client, cast, language):
        admin = cast.admin
        admin.language = language
        admin.save()
        client.force_login(admin)
        page = client.get("/style/", {"form": "bad", "say": "1"})
        html = page.content.decode()
        assert page.status_code == 200
        assert " style=" not in html
        assert " onclick" not in html
        assert f'lang="{"en" if language == "en" else "zh-CN"}"' in html
        for part in (
            "time-chip",
            "ledger-bar",
            "verdict",
            "next-actions",
            "story",
            "work-row",
            "figure",
            "choice",
            "empty-state",
        ):
            assert part in html

    def test_nobody_else_does(self, client, cast):
        client.force_login(cast.dispatcher)
        assert client.get("/style/").status_code == 403
