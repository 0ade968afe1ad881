"""Search terms of a record as short pieces, so that any fragment is found by one GIN index (CUS-08).

Chinese is cut into single characters and pairs, Latin letters and digits into pairs and triples; the pinyin
initials of Chinese text are cut the same way with every reading of each character. A query matches when all of
its pieces are there.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]+|[0-9a-z]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_MAX_READINGS = 12


def normalise(text: str) -> str:
    """Full-width to half-width, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def pieces(*texts: str, names: Iterable[str] = ()) -> list[str]:
    """Pieces to index: of every text, and of `names` also the pinyin initials."""
    found: set[str] = set()
    for text in texts:
        for run in _runs(text):
            found.update(_cut(run, (1, 2) if _HAN.match(run) else (2, 3)))
            if len(run) == 1:
                found.add(run)
    for name in names:
        found.update(pieces(name))
        found.update(_initial_pieces(name))
    return sorted(found)


def wanted(query: str) -> list[str]:
    """Pieces that a record must have to match a query; empty when nothing usable was typed."""
    found: set[str] = set()
    for run in _runs(query):
        longest = 2 if _HAN.match(run) else 3
        found.update(_cut(run, (min(longest, len(run)),)))
    return sorted(found)


def _runs(text: str) -> list[str]:
    """Runs of one script; phone numbers and serials lose their separators first."""
    return _RUNS.findall(re.sub(r"(?<=[0-9a-z])[-–/.·\s]+(?=[0-9a-z])", "", normalise(text)))


def _cut(run: str, sizes: Iterable[int]) -> set[str]:
    return {run[i : i + size] for size in sizes for i in range(len(run) - size + 1)}


def _initial_pieces(name: str) -> set[str]:
    found: set[str] = set()
    for run in _RUNS.findall(normalise(name)):
        if _HAN.match(run):
            letters = [_initials(char) for char in run]
            for size in (2, 3):
                for i in range(len(letters) - size + 1):
                    window = list(product(*letters[i : i + size]))[:_MAX_READINGS]
                    found.update("".join(combination) for combination in window)
    return found


@lru_cache(maxsize=8192)
def _initials(char: str) -> tuple[str, ...]:
    readings = pinyin(char, style=Style.FIRST_LETTER, heteronym=True)[0]
    return tuple(dict.fromkeys(reading[:1] for reading in readings if reading[:1].isascii()))
