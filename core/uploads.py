"""Uploaded files: judged by their content, pictures drawn anew without hidden data, kept under names of our own."""

import base64
import binascii
import hashlib
import io
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import puremagic
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from core.errors import Refused
from core.models import StoredFile

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_SIDE = 2560
SMALL_SIDE = 480
FORMATS = {"image/jpeg": ("JPEG", "jpg"), "image/png": ("PNG", "png"), "image/webp": ("WEBP", "webp")}
LEAST_INK = 40  # pixels: fewer is a touch by accident, not a signature
PAD_WIDTH = 100  # pixels: narrower pictures come from no pad that a finger could miss

Owner = Callable[[Any, StoredFile], bool]
_owners: dict[str, Owner] = {}


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: its bytes, its type, and when it was taken if it says so."""

    content: bytes
    content_type: str
    small: bytes
    taken_at: datetime | None


def register_owner(name: str, may_see: Owner) -> None:
    """Declare who may see the files of one kind of record; called from an app's `ready`."""
    _owners[name] = may_see


def may_see(user: Any, file: StoredFile) -> bool:
    """Whether a person may open a file: the sender, and whoever sees the record it belongs to."""
    return file.by_id == user.pk or any(owner(user, file) for owner in _owners.values())


def store(
    upload: Any, *, by: Any, taken_at: datetime | None = None, field: str = "file", pictures_only: bool = False
) -> StoredFile:
    """Check and keep an uploaded file (a picture or a PDF); raises Refused on `field`.

    `taken_at` is what the device says; without it the time in the picture counts.
    """
    content = _read(upload, field)
    content_type = _type_of(content)
    if content_type in FORMATS:
        picture = _redraw(content, content_type, field)
        return _keep(upload.name, picture, by=by, taken_at=taken_at or picture.taken_at)
    if content_type == "application/pdf" and not pictures_only:
        return _save(upload.name, content, content_type, by=by, taken_at=taken_at)
    kinds = _("JPEG, PNG or WebP pictures") if pictures_only else _("JPEG, PNG or WebP pictures and PDF files")
    raise Refused({field: _("Only %(kinds)s can be stored.") % {"kinds": kinds}})


def store_drawing(
    data_url: str, *, by: Any, name: str = "signature.png", at: datetime | None = None, field: str = "signature"
) -> StoredFile:
    """Keep a signature drawn on the screen, given as a PNG data URL; an empty pad is Refused."""
    head, _comma, text = data_url.partition(",")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if head != "data:image/png;base64" or _type_of(content) != "image/png":
        raise Refused({field: _("The signature could not be read. Please sign again.")})
    picture = _redraw(content, "image/png", field)
    if _is_blank_pad(picture.content):
        raise Refused({field: _("Nothing was signed.")})
    return _keep(name, picture, by=by, taken_at=at)


def small_name(file: StoredFile) -> str:
    """Storage name of the small picture beside a picture."""
    return f"{str(file.file.name).rpartition('.')[0]}-small.jpg"


def _read(upload: Any, field: str) -> bytes:
    if upload is None:
        raise Refused({field: _("No file was sent.")})
    if upload.size > MAX_BYTES:
        raise Refused({field: _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}})
    content = bytes(upload.read())
    if not content:
        raise Refused({field: _("The file is empty.")})
    return content


def _type_of(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _redraw(content: bytes, content_type: str, field: str) -> Picture:
    """The picture drawn anew: turned upright, at most LONG_SIDE, without EXIF, place or thumbnails."""
    kind, _ending = FORMATS[content_type]
    unreadable = Refused({field: _("The picture cannot be read; it may be damaged.")})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as probe:
                if probe.width * probe.height > MAX_PIXELS:
                    raise Refused({field: _("The picture has too many pixels.")})
                probe.verify()
            with Image.open(io.BytesIO(content), formats=[kind]) as source:
                source.draft("RGB", (LONG_SIDE, LONG_SIDE))
                taken_at = _taken_at(source)
                image: Image.Image = source
                if source.mode not in ("RGB", "RGBA", "L", "LA"):
                    image = source.convert("RGBA" if "transparency" in source.info else "RGB")
                image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
                image = ImageOps.exif_transpose(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise unreadable from error
    except Image.DecompressionBombWarning as error:
        raise Refused({field: _("The picture has too many pixels.")}) from error
    image.info = {}
    return Picture(_encode(image, kind), content_type, _small(image), taken_at)


def _encode(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=86, optimize=True, progressive=True)
    elif kind == "PNG":
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "WEBP", quality=86)
    return out.getvalue()


def _small(image: Image.Image) -> bytes:
    reduced = image.copy() if max(image.size) <= SMALL_SIDE else image.resize(_fitting(image), Image.Resampling.LANCZOS)
    small = Image.new("RGB", reduced.size, "white")
    small.paste(reduced, mask=reduced.getchannel("A") if reduced.mode in ("RGBA", "LA") else None)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def _fitting(image: Image.Image) -> tuple[int, int]:
    share = SMALL_SIDE / max(image.size)
    return max(1, round(image.width * share)), max(1, round(image.height * share))


def _taken_at(image: Image.Image) -> datetime | None:
    """When the picture was taken; a time without a zone is the maker's local time."""
    exif = image.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or ""
    day, _space, clock = str(text).strip("\x00 ").partition(" ")
    zone = str(details.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
    try:
        moment = parse_datetime(f"{day.replace(':', '-')}T{clock}{zone}") if clock else None
    except ValueError:
        return None
    if moment is None:
        return None
    moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return moment if moment <= timezone.now() else None


def _is_blank_pad(png: bytes) -> bool:
    """Whether a drawing is as wide as a pad and has next to no dark pixels on white."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        rgba = image.convert("RGBA")
        sheet = Image.new("RGBA", rgba.size, "white")
        sheet.alpha_composite(rgba)
        return rgba.width >= PAD_WIDTH and sum(sheet.convert("L").histogram()[:160]) < LEAST_INK


def _keep(name: str, picture: Picture, *, by: Any, taken_at: datetime | None) -> StoredFile:
    file = _save(name, picture.content, picture.content_type, by=by, taken_at=taken_at)
    default_storage.save(small_name(file), ContentFile(picture.small))
    return file


def _save(name: str, content: bytes, content_type: str, *, by: Any, taken_at: datetime | None) -> StoredFile:
    ending = FORMATS[content_type][1] if content_type in FORMATS else "pdf"
    file = StoredFile(
        name=_plain_name(name, ending),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by if getattr(by, "pk", None) else None,
        taken_at=taken_at,
    )
    file.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=True)
    return file


def _plain_name(name: str, ending: str) -> str:
    """The sender's name without folders and control signs, with the ending of what the file really is."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    stem = plain.rpartition(".")[0] or plain or "file"
    return f"{stem[:150]}.{ending}"
