"""Photos from people: recognised by content, turned upright, stripped, made smaller, kept by fingerprint.

Nothing of the original file is kept: every picture is decoded and written anew, so that positions,
serial numbers and whatever else travels in a photo stay behind.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest
from PIL import Image, ImageOps, UnidentifiedImageError

from linli.ground.kernel.errors import Invalid, NotFound, Refusal

MAX_FILE_BYTES = 15 * 2**20
MAX_PIXELS = 50_000_000
MAX_JPEG_PIXELS = 220_000_000  # decoded at a fraction of its size, so that large phone photos cost little
MAX_PICTURES = 12
LONG_SIDE = 1600
THUMB_SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP")  # several pictures in one file (MPO) are opened as JPEG
KEPT_SECONDS = 24 * 3600
_SALT = "linli.picture"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in our keeping. ``sha256`` names the JPEG of at most 1600 px, and a thumbnail beside it."""

    sha256: str
    width: int
    height: int
    bytes: int

    @property
    def token(self) -> str:
        """A signed word by which a form finds its picture again within a day."""
        return signing.dumps([self.sha256, self.width, self.height, self.bytes], salt=_SALT, compress=True)


def take_in(file: Any) -> Picture:
    """Check an uploaded photo, write it anew and keep it. Refuses what is no photo or too large."""
    prepared = getattr(file, "linli_picture", None)
    if isinstance(prepared, Refusal):
        raise prepared
    if isinstance(prepared, Picture):
        return prepared
    if file.size > MAX_FILE_BYTES:
        raise Invalid(
            "photo_too_large",
            "照片「{name}」有 {size} MB，每张最多 {limit} MB。请用手机相册里的“压缩”，或者重新拍一张。",
            name=_short(file.name),
            size=-(-file.size // 2**20),
            limit=MAX_FILE_BYTES // 2**20,
        )
    return _keep(_decode(file))


def prepare(request: HttpRequest) -> None:
    """Take the photos of a sending in before its transaction begins, so that no lock waits for them."""
    if request.content_type != "multipart/form-data":
        return
    files: list[Any] = [file for _, group in request.FILES.lists() for file in group]
    pictures = [file for file in files if _looks_like_a_picture(file)]
    for file in pictures[:MAX_PICTURES]:
        try:
            file.linli_picture = take_in(file)
        except Refusal as refusal:
            file.linli_picture = refusal


def from_token(token: str) -> Picture:
    """The picture that a form kept over an error. Refuses a changed or old word."""
    try:
        return Picture(*signing.loads(token, salt=_SALT, max_age=KEPT_SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise Invalid("photo_gone", "刚才的照片已经过期，请重新选一次。") from error


def path_of(sha256: str, *, thumb: bool = False) -> Path:
    """Where a picture lies under ``LINLI_MEDIA``."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound("no_picture", "没有找到这张照片。")
    name = f"{sha256}{'.thumb' if thumb else ''}.jpg"
    return Path(settings.LINLI_MEDIA) / "pictures" / sha256[:2] / sha256[2:4] / name


def forget(sha256: str) -> None:
    """Delete a picture and its thumbnail; call it once nothing that stands names it any more."""
    for thumb in (False, True):
        path_of(sha256, thumb=thumb).unlink(missing_ok=True)


def serve_picture(sha256: str, *, thumb: bool = False) -> FileResponse:
    """The picture as an answer. The calling view has checked who may see it. Refuses a missing one."""
    try:
        file = path_of(sha256, thumb=thumb).open("rb")
    except OSError as error:
        raise NotFound("no_picture", "没有找到这张照片。") from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=604800, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def store_picture(image: Image.Image) -> Picture:
    """Keep a picture made by us (a drawn-over copy, a demo photo) the way uploads are kept."""
    return _keep(_flat(image))


def read_picture(sha256: str) -> Image.Image:
    """The kept picture, decoded, to be drawn over. Refuses a missing one."""
    try:
        with path_of(sha256).open("rb") as file:
            image = Image.open(io.BytesIO(file.read()), formats=("JPEG",))
    except OSError as error:
        raise NotFound("no_picture", "没有找到这张照片。") from error
    return image.convert("RGB")


def _looks_like_a_picture(file: Any) -> bool:
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    return any(head.startswith(sign) for sign in _SIGNATURES)


def _decode(file: Any) -> Image.Image:
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
        _check_pixels(image, file.name)
        if image.format in ("JPEG", "MPO"):
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        turned = ImageOps.exif_transpose(image)
    except Refusal:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _not_a_photo(file.name) from error
    except (OSError, ValueError, SyntaxError, MemoryError, TypeError) as error:
        raise Invalid(
            "photo_damaged", "照片「{name}」打不开，可能没有传完整。请重新选一次。", name=_short(file.name)
        ) from error
    return _flat(turned)


def _check_pixels(image: Image.Image, name: str) -> None:
    limit = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
    if image.width * image.height > limit:
        raise Invalid(
            "photo_too_many_pixels",
            "照片「{name}」的尺寸是 {width}×{height}，太大了。请改小一些，或者重新拍一张。",
            name=_short(name),
            width=image.width,
            height=image.height,
        )


def _not_a_photo(name: str) -> Invalid:
    return Invalid(
        "not_a_photo",
        "「{name}」不是我们认得的照片。请选手机拍的照片，或存成 JPG、PNG 再传。",
        name=_short(name),
    )


def _flat(image: Image.Image) -> Image.Image:
    """The picture on white, without profile, palette or notes, at most 1600 px long."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        image = ground
    elif image.mode != "RGB":
        image = image.convert("RGB")
    if max(image.size) > LONG_SIDE:
        image = ImageOps.contain(image, (LONG_SIDE, LONG_SIDE))
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def _keep(image: Image.Image) -> Picture:
    data = _jpeg(image, quality=82)
    sha256 = hashlib.sha256(data).hexdigest()
    _write_once(path_of(sha256), data)
    _write_once(
        path_of(sha256, thumb=True), _jpeg(ImageOps.contain(image, (THUMB_SIDE, THUMB_SIDE)), quality=75)
    )
    return Picture(sha256, image.width, image.height, len(data))


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()


def _write_once(path: Path, data: bytes) -> None:
    """Write beside and rename, so that nobody ever reads half a picture."""
    if path.exists():
        return
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            part = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise Refusal("photo_not_kept", "照片现在存不下来。您写的字还在，请过一会儿再试。") from error


def _short(name: str) -> str:
    return name if len(name) <= 24 else name[:10] + "…" + name[-10:]
