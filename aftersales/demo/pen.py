"""Signatures of the demo: a few strokes of a pen, another hand for every name."""

import base64
import io
import math
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 600, 200


@lru_cache(maxsize=512)
def signature(name: str) -> str:
    """A drawn signature as the tablet sends it: a PNG in a data URL."""
    dice = Random(name)  # noqa: S311 - a doodle
    picture = Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for stroke in range(4 + len(name)):
        x, y = 40 + stroke * 70 % 480, dice.randint(40, 150)
        turn, reach = dice.uniform(0, 6.28), dice.randint(25, 90)
        points = [
            (x + n * reach / 9 * math.cos(turn), y + n * reach / 9 * math.sin(turn) + 9 * math.sin(n * 0.8 + turn))
            for n in range(10)
        ]
        pen.line(points, fill=(26, 34, 45, 255), width=dice.choice([4, 5, 6]), joint="curve")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
