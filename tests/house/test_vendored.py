"""What comes from elsewhere is what its list says, and no page asks anybody else for anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bin.list_vendored import vendored

ROOT = Path(settings.BASE_DIR)
LISTED = dict(re.findall(r"^\| (\S+) \| `([0-9a-f]{64})` \|$", (ROOT / "static/vendor/README.md").read_text(), re.M))
# References that a browser or WeasyPrint would follow; xmlns and links for people are no requests.
REQUEST = re.compile(
    r"""(?:\bsrc\s*=\s*["']?|url\(\s*["']?|@import\s+["']|<link[^>]+href=["']|\bfetch\(\s*["']|import\s*\(?["'])"""
    r"""(?:https?:)?//""",
    re.I,
)


def test_vendored_files_have_the_listed_checksums():
    assert dict(vendored()) == LISTED


def test_every_vendored_folder_has_its_licence():
    for folder in [*(ROOT / "static/vendor").iterdir(), ROOT / "fonts"]:
        if folder.is_dir():
            assert (folder / "LICENSE").exists(), folder


def test_the_icon_sprite_holds_every_listed_icon():
    sprite = (ROOT / "static/icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == set((ROOT / "static/icons.txt").read_text().split())


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = set((ROOT / "static/icons.txt").read_text().split())
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        used = set(re.findall(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""", text))
        used |= set(re.findall(r"""icons\.svg['"]\s*%\}#([a-z0-9-]+)""", text))
        assert used <= known, f"{path.relative_to(ROOT)}: {sorted(used - known)}"


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_no_page_and_no_style_asks_a_third_party(folder):
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in {".html", ".css", ".js", ".svg", ".txt"}:
            assert not REQUEST.search(path.read_text()), path


def test_screen_templates_hold_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']",
        re.I,
    )
    for path in (ROOT / "templates").rglob("*.html"):
        if {"paper", "papers", "pdf", "documents", "mail"} & set(path.relative_to(ROOT).parts):
            continue
        found = inline.search(path.read_text())
        assert not found, f"{path.relative_to(ROOT)}: {found.group(0)}"


def test_papers_show_chinese_with_the_fonts_of_the_project_alone(tmp_path):
    script = """
import sys
from weasyprint import HTML
fonts, target = sys.argv[1:]
faces = "".join(
    f'@font-face {{font-family: Paper; src: url("file://{fonts}/NotoSansSC-{name}.ttf"); font-weight: {weight}}}'
    for name, weight in (("Regular", 400), ("Bold", 700))
)
text = "<p>售后服务派工单</p><b>客户签字：龘</b>"
HTML(string=f"<style>{faces} body {{font-family: Paper}}</style>{text}").write_pdf(target)
"""
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    target = tmp_path / "paper.pdf"
    subprocess.run(
        [sys.executable, "-c", script, settings.FONTS_DIR, target],
        check=True,
        env={"FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)},
    )
    from pypdf import PdfReader

    text = PdfReader(target).pages[0].extract_text()
    assert "售后服务派工单" in text
    assert "客户签字：龘" in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in PdfReader(target).pages[0]["/Resources"]["/Font"].values()}
    assert len(fonts) == 2
    assert all("Paper" in name for name in fonts), fonts
