"""Photos of the demo, drawn: they show no place that there is, and nobody."""

import io
from functools import partial
from itertools import product

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 1200, 900
HORIZON = 560


def street():
    """Draw a village street at dusk, whose lamps are dark."""
    image = Image.new("RGB", SIZE, "#2b3a55")
    draw = ImageDraw.Draw(image)
    for line in range(HORIZON):
        glow = line * 90 // HORIZON
        draw.line([(0, line), (WIDTH, line)], (35 + glow, 48 + glow, 80 + glow // 2))
    hills = [(0, 430), (220, 330), (420, 420), (700, 300), (980, 410), (WIDTH, 350)]
    draw.polygon([*hills, (WIDTH, HORIZON), (0, HORIZON)], "#39465a")
    draw.rectangle([(0, HORIZON), (WIDTH, HEIGHT)], "#33382f")
    draw.polygon(
        [(540, HORIZON), (640, HORIZON), (960, HEIGHT), (180, HEIGHT)], "#565049"
    )
    for left, top, right in [(60, 470, 260), (330, 500, 470), (820, 455, 1080)]:
        draw.rectangle([(left, top), (right, HORIZON + 60)], "#4d4743")
        ridge = (left + right) // 2
        draw.polygon(
            [(left - 20, top), (ridge, top - 70), (right + 20, top)], "#6b4336"
        )
        draw.rectangle([(ridge - 18, top + 35), (ridge + 18, top + 75)], "#d9a94a")
    for foot, height in [(430, 240), (300, 380), (745, 260)]:
        ground = HORIZON + height // 3
        draw.line([(foot, ground), (foot, ground - height)], "#17191b", height // 28)
        draw.line(
            [(foot, ground - height), (foot + height // 5, ground - height - 12)],
            "#17191b",
            height // 40,
        )
    return sent(image)


def canal():
    """Draw a canal that carries no water, and the gate at its head."""
    image = Image.new("RGB", SIZE, "#a9c4d8")
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [
            (0, 420),
            (300, 300),
            (640, 400),
            (900, 280),
            (WIDTH, 390),
            (WIDTH, 600),
            (0, 600),
        ],
        "#8d8f86",
    )
    draw.rectangle([(0, 520), (WIDTH, HEIGHT)], "#8f9a57")
    draw.polygon([(560, 520), (660, 520), (900, HEIGHT), (300, HEIGHT)], "#b59a72")
    draw.polygon([(590, 560), (630, 560), (720, HEIGHT), (480, HEIGHT)], "#8a7047")
    for left in (520, 690):
        draw.rectangle([(left, 400), (left + 22, 600)], "#5b5f62")
    draw.rectangle([(520, 400), (712, 424)], "#5b5f62")
    draw.rectangle([(545, 424), (687, 545)], "#7c4a32")
    return sent(image)


def road(is_mended):
    """Draw a road through fields with a hole in it, or with the hole filled."""
    image = Image.new("RGB", SIZE, "#b7cbd9")
    draw = ImageDraw.Draw(image)
    hills = [(0, 400), (260, 310), (520, 390), (860, 290), (WIDTH, 380)]
    draw.polygon([*hills, (WIDTH, 520), (0, 520)], "#86907f")
    draw.rectangle([(0, 500), (WIDTH, HEIGHT)], "#9aa35c")
    draw.polygon([(540, 500), (680, 500), (1120, HEIGHT), (100, HEIGHT)], "#77746f")
    for tree in (90, 230, 960, 1090):
        draw.line([(tree, 540), (tree, 360)], "#5a4632", 12)
        draw.ellipse([(tree - 55, 240), (tree + 55, 420)], "#5f7d46")
    if is_mended:
        draw.ellipse([(410, 650), (800, 790)], "#8d8a84")
        for row, column in product(range(5), range(11)):
            left, top = 455 + column * 28 + row % 2 * 14, 675 + row * 20
            draw.ellipse([(left, top), (left + 14, top + 8)], "#a5a29b")
    else:
        draw.ellipse([(410, 650), (800, 790)], "#4c463f")
        draw.ellipse([(460, 690), (760, 780)], "#6f7f86")
    return sent(image)


def sent(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return SimpleUploadedFile("photo.jpg", file.getvalue())


DRAWN = {
    "street": street,
    "canal": canal,
    "hole": partial(road, is_mended=False),
    "mended": partial(road, is_mended=True),
}
