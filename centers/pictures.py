"""Photos as they may be kept: seen by a decoder, drawn anew, and nothing else in them.

Of what a phone sends no byte is kept: neither the place and the device that cameras
write along, nor what else a file may hold that pretends to be a picture.
"""

from io import BytesIO
from threading import Lock
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
# Pixels of the longer side: enough to read a number plate, and to look on 2G.
LARGE, SMALL = 2560, 480

# Decoded, the largest takes 160 MB: a process draws one at a time.
drawing = Lock()


class NotAPicture(ValueError):
    """What was sent cannot be read as JPEG, PNG or WebP."""


class TooLarge(ValueError):
    """It has more bytes or more pixels than are taken."""


class Drawn(NamedTuple):
    """A picture drawn anew, twice: the bytes of two JPEG files."""

    large: bytes
    small: bytes
    width: int
    height: int


def drawn(file):
    """Return what a file shows, upright and on white ground.

    Raises TooLarge before anything is decoded, and NotAPicture.
    """
    if file.size > MOST_BYTES:
        raise TooLarge
    with drawing:
        picture = read(file)
        small = picture.copy()
        small.thumbnail((SMALL, SMALL))
        return Drawn(jpeg(picture, 82), jpeg(small, 60), *picture.size)


def covered(content, boxes):
    """Return a kept picture drawn anew with parts of it painted over.

    A box is left, top, right and bottom in percents of the sides. What was there is in
    neither file: the small one is made from the painted. Raises NotAPicture.
    """
    with drawing:
        picture = painted(content, boxes)
        small = picture.copy()
        small.thumbnail((SMALL, SMALL))
        return Drawn(jpeg(picture, 82), jpeg(small, 60), *picture.size)


def sketched(content, boxes, *, width, mark=None):
    """Return a JPEG file of so many pixels' width for whoever is choosing boxes.

    `mark` is a point in pixels that is to be seen on it: the first corner of the next.
    """
    with drawing:
        picture = painted(content, boxes)
        picture = picture.resize((width, height_at(width, picture.size)))
        if mark:
            x, y = mark
            pen = ImageDraw.Draw(picture)
            for size, color in ((9, "black"), (7, "white"), (5, "black")):
                pen.ellipse((x - size, y - size, x + size, y + size), fill=color)
        return jpeg(picture, 75)


def height_at(width, size):
    """Return the height of a picture of a size, once it is so wide; at least 1."""
    return max(1, round(size[1] * width / size[0]))


def painted(content, boxes):
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            picture = image.convert("RGB")
    # Decoders fail in many ways, and each means the same.
    except Exception as error:
        raise NotAPicture from error
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        # The pixel at the far edge belongs to the box too.
        pen.rectangle(
            (
                left * picture.width // 100,
                top * picture.height // 100,
                -(-right * picture.width // 100),
                -(-bottom * picture.height // 100),
            ),
            fill="black",
        )
    return picture


def read(file):
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooLarge
            # A large JPEG is decoded no larger than it is needed.
            image.draft("RGB", (LARGE, LARGE))
            image.thumbnail((LARGE, LARGE))
            upright = ImageOps.exif_transpose(image)
            clean = Image.new("RGB", upright.size, "white")
            shown = upright.convert("RGBA")
            # Into a new one: what came with the old one stays behind.
            clean.paste(shown, mask=shown)
            return clean
    except TooLarge:
        raise
    # Decoders fail in many ways, and each means the same.
    except Exception as error:
        raise NotAPicture from error


def jpeg(picture, quality):
    file = BytesIO()
    # On a slow line a progressive one is there at once, and gets clearer.
    picture.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()
