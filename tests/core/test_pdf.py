"""Papers: rendered with the project's fonts, stored once, read back as text, no file from elsewhere."""

import io
import subprocess
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.template import Context, Template, engines
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from core import pdf
from core.amounts import in_capitals
from core.models import Paper, StoredFile
from core.templatetags import papers
from staff.models import User

AT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def fonts_of(content, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    lines = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[0].partition("+")[2] for line in lines[2:]}


@pytest.fixture
def template(tmp_path):
    """Writes a paper template and gives its name."""
    name = f"{tmp_path.name}.html"
    engine = engines["django"].engine
    engine.dirs.append(tmp_path)

    def write(body):
        (tmp_path / name).write_text(
            '{% extends "papers/base.html" %}{% load i18n papers %}{% block content %}' + body + "{% endblock %}"
        )
        return name

    yield write
    engine.dirs.remove(tmp_path)


def test_a_paper_speaks_the_language_asked_for(template):
    name = template('<p>{% translate "Serial number" context "paper" %} {{ on|paper_day }}</p>')
    chinese, english = (pdf.render(name, {"on": "2026-11-21"}, language) for language in ("zh-hans", "en"))
    assert "2026 年 11 月 21 日" in text_of(chinese)
    assert "第 1 页，共 1 页" in text_of(chinese)
    assert "Serial number 21 Nov 2026" in text_of(english)
    assert "Page 1 of 1" in text_of(english)


def test_only_the_fonts_of_the_project_are_used(template, tmp_path):
    name = template("<p>撒珠滚筒 ZG-90 φ16 ×2，≤0.8 mm → “合格” ✓ 壹仟</p><b>粗体 bold</b>")
    assert fonts_of(pdf.render(name, {}, "zh-hans"), tmp_path) == {"Noto-Sans-SC", "Noto-Sans-SC-Bold"}


@pytest.mark.parametrize(
    "address",
    ["http://example.org/a.png", "https://example.org/a.png", "file:///etc/passwd", "css:../tokens.css", "font:../a"],
)
def test_a_template_cannot_fetch_from_elsewhere(address):
    with pytest.raises(ValueError, match="do not fetch"):
        pdf.ProjectFiles().fetch(address)


@pytest.mark.django_db
def test_an_issued_paper_is_never_rendered_again(template):
    clerk = User.objects.create_user("clerk", password="demo")
    name = template("<p>{{ text }}</p>")

    def issue(version, text):
        return pdf.issue(
            "test", "T1", version, subject=clerk, template=name, context={"text": text},
            language="en", by=clerk, at=AT,
        )  # fmt: skip

    first = issue(1, "as signed")
    again = issue(1, "changed behind the back")
    corrected = issue(2, "corrected")
    assert again.pk == first.pk
    assert "as signed" in text_of(again.file.read())
    assert "corrected" in text_of(corrected.file.read())
    assert Paper.objects.count() == 2
    assert first.sha256 != corrected.sha256
    assert first.issued_by == clerk


@pytest.mark.django_db
def test_of_two_who_issue_at_once_the_first_stays(template, monkeypatch):
    clerk = User.objects.create_user("clerk", password="demo")
    name = template("<p>paper</p>")
    values = {"subject": clerk, "template": name, "context": {}, "language": "en", "by": clerk, "at": AT}
    found = pdf.find
    first = pdf.issue("test", "T1", 1, **values)
    looked = []
    monkeypatch.setattr(pdf, "find", lambda *key: found(*key) if looked else looked.append(key))
    second = pdf.issue("test", "T1", 1, **values)
    assert second.pk == first.pk
    assert len(default_storage.listdir(first.file.name.rpartition("/")[0])[1]) == 1, "no orphan file is left"


def test_a_photo_of_the_store_gets_into_the_paper(template):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 400), "#8a6d2b").save(out, "JPEG")
    name = default_storage.save("files/a.jpg", io.BytesIO(out.getvalue()))
    file = StoredFile(name="a.jpg", content_type="image/jpeg")
    file.file.name = name
    paper = pdf.render(template('<img src="{{ url }}" width="300">'), {"url": pdf.upload_url(file)}, "en")
    assert len(PdfReader(io.BytesIO(paper)).pages[0].images) == 1


def test_a_qr_code_is_drawn_without_styles_or_scripts():
    code = pdf.qr("https://example.org/orders/PG20261119-0003/?a=<b>")
    assert code.startswith("<svg")
    assert "<b>" not in code


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("506", "伍佰零陆元整"), ("10", "壹拾元整"),
        ("1203.45", "壹仟贰佰零叁元肆角伍分"), ("1000.03", "壹仟元零叁分"), ("100000", "壹拾万元整"),
        ("100305", "壹拾万零叁佰零伍元整"), ("20000400", "贰仟万零肆佰元整"), ("100000001", "壹亿零壹元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"), ("-3", "负叁元整"), ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("12800.50", "壹万贰仟捌佰元伍角整"), ("6007.14", "陆仟零柒元壹角肆分"),
    ],
)  # fmt: skip
def test_amounts_in_capitals_follow_the_rules_of_banks(amount, words):
    assert papers.capitals(amount) == words


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_capitals_can_be_read_back(yuan):
    assert _read(in_capitals(yuan)) == yuan


def _read(text):
    """The number that capitals mean, by another way than the one that wrote them."""
    total = group = digit = 0
    for sign in text.removesuffix("元整"):
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(sign) + 1), 0
        else:
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[sign], 0, 0
    return total + group + digit


def test_page_words_and_days_are_empty_for_nothing():
    page = Template(
        "{% load papers %}[{{ a|paper_day }}{{ a|paper_moment }}{{ a|paper_short }}{{ a|amount }}{{ a|named }}]"
    )
    assert page.render(Context({"a": None})) == "[]"
