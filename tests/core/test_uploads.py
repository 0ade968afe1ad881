"""Uploads are judged by their content, drawn anew, and shown only to those who may see their record."""

import base64
import io
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import ExifTags, Image, ImageDraw

from core import uploads
from core.errors import Refused
from core.models import StoredFile
from staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return User.objects.create_user("sender", password="demo", name="Sender")


def picture(kind="JPEG", size=(64, 48), exif=None):
    out = io.BytesIO()
    image = Image.new("RGB", size, "#8a6d2b")
    image.save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def phone_exif():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Huawei"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:19 10:32:05"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (34.0, 15.0, 0.0)
    return exif


@pytest.mark.req("DSP-07")
def test_photo_keeps_its_time_and_loses_place_and_maker(sender, freeze):
    freeze("2026-11-21 12:00")
    file = uploads.store(upload(picture(exif=phone_exif())), by=sender)
    assert file.taken_at == datetime(2026, 11, 19, 2, 32, 5, tzinfo=UTC)
    with Image.open(default_storage.open(file.file.name)) as kept:
        assert kept.size == (48, 64), "turned upright"
        assert not dict(kept.getexif())
    assert file.content_type == "image/jpeg"
    assert file.size == default_storage.size(file.file.name)


def test_time_of_the_device_comes_before_the_one_in_the_picture(sender, freeze):
    freeze("2026-11-21 12:00")
    said = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert uploads.store(upload(picture(exif=phone_exif())), by=sender, taken_at=said).taken_at == said


def test_large_photo_is_made_smaller_and_gets_a_small_twin(sender):
    file = uploads.store(upload(picture(size=(4000, 3000))), by=sender)
    with Image.open(default_storage.open(file.file.name)) as kept:
        assert kept.size == (2560, 1920)
    with Image.open(default_storage.open(uploads.small_name(file))) as small:
        assert max(small.size) == uploads.SMALL_SIDE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_picture_kinds_stay_what_they_are(sender, kind):
    file = uploads.store(upload(picture(kind), name="a.jpg"), by=sender)
    with Image.open(default_storage.open(file.file.name)) as kept:
        assert kept.format == kind
    assert file.name == f"a.{kind.lower()}"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "photo.jpg"),
        (b"MZ\x90\x00 a program", "photo.jpg"),
        (b"\xff\xd8\xff\xe0 not a picture at all", "photo.jpg"),
        (picture()[:300], "photo.jpg"),
        (b"", "photo.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "drawing.svg"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(sender, content, name):
    with pytest.raises(Refused) as refusal:
        uploads.store(upload(content, name), by=sender)
    assert "file" in refusal.value.fields
    assert not StoredFile.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused(sender, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 1000)
    with pytest.raises(Refused, match=r"pixels|像素"):
        uploads.store(upload(picture()), by=sender)


def test_a_file_too_large_is_refused_before_it_is_read(sender, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    with pytest.raises(Refused):
        uploads.store(upload(picture()), by=sender)


def test_pdf_is_kept_as_it_is_but_not_among_photos(sender):
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    file = uploads.store(upload(content, "../../合同.pdf"), by=sender)
    assert (file.name, file.content_type) == ("合同.pdf", "application/pdf")
    with pytest.raises(Refused):
        uploads.store(upload(content, "scan.pdf"), by=sender, pictures_only=True)


def drawing(strokes=True, size=(300, 120)):
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if strokes:
        ImageDraw.Draw(image).line([(20, 60), (150, 20), (280, 100)], fill="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.mark.req("DSP-07")
def test_signature_is_kept_and_an_empty_field_is_no_signature(sender):
    assert uploads.store_drawing(drawing(), by=sender).content_type == "image/png"
    assert uploads.store_drawing(drawing(strokes=False, size=(1, 1)), by=sender).size > 0, "too small to be a pad"
    for text in (drawing(strokes=False), "", "data:image/png;base64,AAAA", "data:text/html;base64,PGI+"):
        with pytest.raises(Refused) as refusal:
            uploads.store_drawing(text, by=sender)
        assert "signature" in refusal.value.fields


def test_a_file_opens_for_its_sender_and_is_missing_for_strangers(sender, client):
    file = uploads.store(upload(picture()), by=sender)
    address = reverse("core:file", args=[file.pk])
    assert client.get(address).status_code == 302, "strangers without an account sign in first"
    client.force_login(User.objects.create_user("stranger", password="demo"))
    assert client.get(address).status_code == 404
    client.force_login(sender)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(reverse("core:file-small", args=[file.pk]))["Content-Type"] == "image/jpeg"


def test_an_owner_of_the_record_may_see_its_files(sender, client, monkeypatch):
    file = uploads.store(upload(picture()), by=sender)
    colleague = User.objects.create_user("colleague", password="demo")
    monkeypatch.setitem(uploads._owners, "test", lambda user, row: row == file and user == colleague)
    client.force_login(colleague)
    assert client.get(reverse("core:file", args=[file.pk])).status_code == 200


def test_what_is_no_picture_is_saved_not_shown(sender, client):
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    file = uploads.store(upload(content, "a.pdf"), by=sender)
    client.force_login(sender)
    assert client.get(reverse("core:file", args=[file.pk]))["Content-Disposition"].startswith("attachment")
