"""Frequent words of fault descriptions: Latin words and pairs of Chinese characters, without filler."""

import re
from collections import Counter
from collections.abc import Iterable

_LATIN = re.compile(r"[a-z][a-z/]+[a-z]")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_FILLER = frozenset(
    re.findall(
        r"\S+",
        "the and of to on in for is are not was with no has have off from out up at be it as by an l/h r/h lh rh "
        "repair repairs repaired replace replaced change changed changeout check checked fix fixed fit fitted "
        "remove removed carry adjust inspect require required needs need new",
    )
)
_HAN_FILLER = frozenset(
    "的了不在是有和就也还又都很一个这那上下来去里后前时没着过到把被让儿地得嗡连两三几次分钟时今明早晚会只能说听再太"
)


def frequent(texts: Iterable[str], most: int = 12) -> list[tuple[str, int]]:
    """The most frequent words with the number of texts they stand in; ties in alphabetical order."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(_words(text.lower()))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def _words(text: str) -> set[str]:
    words = {word for word in _LATIN.findall(text) if word not in _FILLER}
    for run in _HAN.findall(text):
        pairs = (run[i : i + 2] for i in range(len(run) - 1))
        words.update(pair for pair in pairs if not _HAN_FILLER & set(pair))
    return words
