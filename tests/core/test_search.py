"""Pieces of text: any fragment of a name, phone or serial finds its record (CUS-08)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import search


def matches(query, *texts, names=()):
    wanted = search.wanted(query)
    return bool(wanted) and set(wanted) <= set(search.pieces(*texts, names=names))


@pytest.mark.req("CUS-08")
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("6605", "138 3921 6605"),
        ("3921-6605", "13839216605"),
        ("０３１７", "TT-2024-0317"),
        ("tt20240317", "TT-2024-0317"),
        ("2024-0317", "TT-2024-0317"),
        ("豫路", "河南豫路交通安全设施有限公司"),
        ("豫", "河南豫路交通安全设施有限公司"),
        ("豫路 安全", "河南豫路交通安全设施有限公司"),
        ("A6H27P", "陕A·6H27P"),
    ],
)
def test_a_fragment_finds_its_text(query, text):
    assert matches(query, text)


@pytest.mark.req("CUS-08")
@pytest.mark.parametrize("initials", ["cqjcc", "CQJ", "zqj"])
def test_every_reading_of_a_character_counts_for_initials(initials):
    assert matches(initials, names=["重庆机床厂"])


@pytest.mark.parametrize("query", ["6606", "豫河", "zz", "", "  -- "])
def test_other_fragments_do_not(query):
    assert not matches(query, "138 3921 6605", names=["河南豫路交通"])


@given(st.text(alphabet="河南豫路交通0123456789abcxyz", min_size=1, max_size=30), st.data())
def test_every_substring_of_one_run_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(1, len(text) - start))
    run = max(search._runs(text[start : start + length]), key=len, default="")
    whole = [r for r in search._runs(text) if run in r]
    if run and whole and (len(run) > 1 or whole[0] == run or not run.isascii()):
        assert matches(run, text)
