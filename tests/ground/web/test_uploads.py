"""Photos are recognised by what they are, stripped of what they tell, and refused in one sentence."""

import io
import json
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.web import uploads


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.LINLI_MEDIA = tmp_path / "media"
    return settings.LINLI_MEDIA


def photo(size=(800, 600), form="JPEG", colour=(120, 90, 60), **options):
    """The bytes of a made picture."""
    buffer = io.BytesIO()
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(buffer, form, **options)
    return buffer.getvalue()


def file(data, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, data)


def kept(picture, **which):
    return Image.open(uploads.path_of(picture.sha256, **which))


def told(data, name="IMG_0001.jpg"):
    with pytest.raises(Invalid) as refused:
        uploads.take_in(file(data, name))
    return refused.value


def test_a_photo_is_made_small_and_gets_a_thumbnail():
    picture = uploads.take_in(file(photo((4000, 3000))))
    assert (picture.width, picture.height) == (1600, 1200)
    assert kept(picture).size == (1600, 1200)
    assert max(kept(picture, thumb=True).size) == 480
    assert picture.bytes == uploads.path_of(picture.sha256).stat().st_size


def test_position_camera_and_time_stay_behind():
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "MakerOfPhones", "Model 9"
    exif[0x8825] = {1: "N", 2: (36.0, 3.0, 58.0), 3: "E", 4: (120.0, 23.0, 0.0)}
    data = photo(exif=exif.tobytes(), comment=b"3-2-501", icc_profile=b"profile of the camera")
    assert b"MakerOfPhones" in data
    raw = uploads.path_of(uploads.take_in(file(data)).sha256).read_bytes()
    assert (
        b"MakerOfPhones" not in raw and b"Exif" not in raw and b"3-2-501" not in raw and b"profile" not in raw
    )
    assert not Image.open(io.BytesIO(raw)).getexif()


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = uploads.take_in(file(photo((800, 400), exif=exif.tobytes())))
    assert (picture.width, picture.height) == (400, 800)


def test_a_see_through_picture_is_laid_on_white():
    picture = uploads.take_in(file(photo((50, 50), "PNG", (0, 0, 0, 0)), "mark.png"))
    assert min(kept(picture).getpixel((25, 25))) > 250


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_forms_become_jpeg(form):
    assert kept(uploads.take_in(file(photo(form=form)))).format == "JPEG"


def test_the_same_photo_is_kept_once(media):
    first, second = uploads.take_in(file(photo())), uploads.take_in(file(photo()))
    assert first == second
    assert len(list(media.rglob("*.jpg"))) == 2  # the picture and its thumbnail
    assert not list(media.rglob("*.part"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just words",
        b"%PDF-1.7 not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"PK\x03\x04 a workbook",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    ],
)
def test_what_is_no_photo_is_told_whatever_its_name(data):
    refused = told(data, "大门.jpg")
    assert refused.code == "not_a_photo"
    assert "「大门.jpg」不是我们认得的照片" in refused.message


def test_half_a_photo_is_told():
    assert told(photo((900, 900), quality=95)[:300]).code in ("photo_damaged", "not_a_photo")


def test_a_photo_of_30_mb_is_told_with_its_size():
    refused = told(photo() + b"\0" * (30 * 2**20))
    assert refused.code == "photo_too_large"
    assert "31 MB" in refused.message and "最多 15 MB" in refused.message


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked():
    refused = told(bomb(60_000, 60_000), "bomb.png")
    assert refused.code in ("photo_too_many_pixels", "not_a_photo")
    refused = told(bomb(9_000, 9_000), "bomb.png")
    assert refused.code == "photo_too_many_pixels" and "9000×9000" in refused.message


def bomb(width, height):
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 5000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "a" * 63, "A" * 64, "z" * 64, "a" * 64])
def test_only_kept_pictures_can_be_asked_for(sha256):
    with pytest.raises(NotFound):
        uploads.serve_picture(sha256)


def test_a_served_picture_can_do_nothing(door):
    picture = uploads.take_in(file(photo()))
    answer = door.get(f"/picture/{picture.sha256}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_a_full_disk_is_told_and_leaves_no_half_picture(monkeypatch, media):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    with pytest.raises(uploads.Refusal, match="照片现在存不下来"):
        uploads.take_in(file(photo()))
    assert not list(media.rglob("*.jpg")) and not list(media.rglob("*.part"))


# --- through the door -------------------------------------------------------------------------------------


def test_photos_come_through_the_door(door):
    answer = door.post(
        "/photos/", {"photos": [file(photo(), "a.jpg"), file(photo(colour=(1, 2, 3)), "b.jpg")], "text": "门"}
    )
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == 2


def test_photos_survive_an_error_elsewhere_and_need_not_be_taken_again(door):
    answer = door.post("/photos/", {"photos": [file(photo())], "text": ""})
    assert answer.status_code == 422
    token = answer.text.split('name="photos-kept" value="')[1].split('"')[0]
    shown = door.get(f"/uploads/{token}/")
    assert shown["Content-Type"] == "image/jpeg"
    answer = door.post("/photos/", {"photos-kept": [token], "text": "门坏了"})
    assert answer.status_code == 200 and len(answer.json()) == 1


def test_a_made_up_word_brings_no_picture(door):
    assert door.get("/uploads/abc:def:ghi/").status_code == 422
    answer = door.post("/photos/", {"photos-kept": ["abc:def"], "text": "门坏了"})
    assert answer.status_code == 422 and "请重新选一次" in answer.text


def test_typed_text_survives_a_bad_photo(door):
    answer = door.post("/photos/", {"photos": [file(b"no photo", "纸.jpg")], "text": "门的闭门器断了"})
    assert answer.status_code == 422
    assert "不是我们认得的照片" in answer.text and "门的闭门器断了" in answer.text


def test_a_fourth_photo_is_too_many(door):
    many = [file(photo(colour=(number * 60, 2, 3)), f"{number}.jpg") for number in range(4)]
    answer = door.post("/photos/", {"photos": many, "text": "门"})
    assert answer.status_code == 422 and "最多 3 张照片，现在有 4 张" in answer.text


def test_pictures_of_ours_are_kept_the_same_way():
    picture = uploads.store_picture(Image.new("RGB", (2000, 100)))
    assert (picture.width, picture.height) == (1600, 80)
    assert uploads.read_picture(picture.sha256).size == (1600, 80)
    with pytest.raises(NotFound):
        uploads.read_picture("b" * 64)


def test_a_word_for_a_picture_is_small_and_names_it():
    picture = uploads.take_in(file(photo()))
    assert uploads.from_token(picture.token) == picture
    assert len(picture.token) < 200
    assert json.dumps(picture.token).isascii()
