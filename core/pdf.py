"""Papers as PDF: WeasyPrint with the project's own fonts and files, nothing from the network or the system.

Templates name files by scheme: ``css:paper.css`` (static/css), ``upload:<name>`` (stored uploads), ``data:``.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.http import FileResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core import uploads
from core.models import Paper, StoredFile
from core.refs import ref

FONT_FACES = "".join(
    f'@font-face {{ font-family: "Noto Sans SC"; src: url("font:{name}"); font-weight: {weight}; }}'
    for name, weight in [("NotoSansSC-Regular.ttf", 400), ("NotoSansSC-Bold.ttf", 700)]
)
PRINT_DPI = 150
JPEG_QUALITY = 80
LANGUAGES = ("zh-hans", "en")

Context = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

# Pango shares its font map between threads, and one layout at a time bounds the memory.
_one_at_a_time = threading.Lock()


class ProjectFiles(URLFetcher):
    """Gives a template fonts, style sheets and uploads of the project; anything else does not exist."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The named file. Raises ValueError for every other address."""
        scheme, _colon, name = url.partition(":")
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme not in ("font", "css", "upload"):
            raise ValueError(f"papers do not fetch {url}")
        headers = {"Content-Type": "text/css"} if scheme == "css" else {}
        return URLFetcherResponse(url, _content(scheme, name), headers)


def _content(scheme: str, name: str) -> bytes:
    if scheme == "upload":
        with default_storage.open(name) as file:
            return bytes(file.read())
    if "/" in name or name.startswith("."):
        raise ValueError(f"papers do not fetch {name}")
    if scheme == "font":
        return (Path(settings.FONTS_DIR) / name).read_bytes()
    found = finders.find(f"css/{name}")
    if found is None:
        raise ValueError(f"papers do not fetch {name}")
    return Path(found).read_bytes()


@cache
def _type() -> tuple[FontConfiguration, CSS]:
    """The fonts, read once per process."""
    fonts = FontConfiguration()
    return fonts, CSS(string=FONT_FACES, font_config=fonts, url_fetcher=ProjectFiles())


def render(template: str, context: Mapping[str, Any], language: str) -> bytes:
    """A template as PDF in a language (`zh-hans` or `en`); the template's words follow that language."""
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    with _one_at_a_time:
        fonts, faces = _type()
        document = HTML(string=html, url_fetcher=ProjectFiles(), base_url=None)
        pdf: bytes = document.write_pdf(
            stylesheets=[faces],
            font_config=fonts,
            optimize_images=True,
            jpeg_quality=JPEG_QUALITY,
            dpi=PRINT_DPI,
            pdf_identifier=False,
        )
    return pdf


def find(kind: str, number: str, version: int, language: str) -> Paper | None:
    """The issued paper, if there is one."""
    return Paper.objects.filter(
        kind=kind, number=number, version=version, language=language, content_type="application/pdf"
    ).first()


def issue(
    kind: str,
    number: str,
    version: int,
    *,
    subject: models.Model,
    template: str,
    context: Context,
    language: str,
    by: Any,
    at: datetime,
) -> Paper:
    """The paper of that number, version and language: rendered and stored the first time, the stored one ever after.

    A changed content needs a new version. `context` may be a function, which is then called only to render.
    """
    found = find(kind, number, version, language)
    if found is not None:
        return found
    with translation.override(language):
        values = context() if callable(context) else context
    pdf = render(template, values, language)
    name = f"{kind}-{number}-v{version}-{language}.pdf"
    paper = Paper(
        kind=kind,
        number=number,
        version=version,
        language=language,
        subject=ref(subject),
        sha256=hashlib.sha256(pdf).hexdigest(),
        issued_by=by if getattr(by, "pk", None) else None,
        issued_at=at,
    )
    paper.file.save(name, ContentFile(pdf), save=False)
    Paper.objects.bulk_create([paper], ignore_conflicts=True)
    first = find(kind, number, version, language)
    assert first is not None
    if first.file.name != paper.file.name:
        paper.file.delete(save=False)
    return first


def answer(paper: Paper, *, download: bool = False) -> FileResponse:
    """A stored paper as an HTTP answer: shown in the browser, or saved when `download`."""
    name = f"{paper.number}-v{paper.version}-{paper.language}.pdf"
    response = FileResponse(
        paper.file.open("rb"), as_attachment=download, filename=name, content_type=paper.content_type
    )
    response["ETag"] = f'"{paper.sha256}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def qr(text: str) -> SafeString:
    """A QR code as inline SVG without a margin; its size is the style sheet's."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=0, omitsize=True, svgclass="qr")
    return mark_safe(svg)  # noqa: S308 - drawn by segno from a text of ours, nothing of it is markup


def upload_url(file: StoredFile | None, *, small: bool = False) -> str:
    """Address of a stored upload for an `img` in a paper; empty when there is none. `small` for photos."""
    if file is None:
        return ""
    return f"upload:{uploads.small_name(file) if small else file.file.name}"


def language_of(code: str | None) -> str:
    """The paper language that a `lang` parameter means: `en…` is English, all else Chinese."""
    return "en" if (code or "").lower().startswith("en") else "zh-hans"
