"""The five press texts, where they are on this machine, and how a quotation is looked up in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import DATA_OF_OTHERS

SEEDS = next((above / "shared/seeds" for above in Path(__file__).parents if (above / "shared/seeds").is_dir()), None)
TAG = re.compile(r"S([0-4]) ¶(\d+)")
WORDS_MAX = 16


def check_quotation(words: str, source: str) -> None:
    """A quotation is short, and stands in a paragraph that its source names. Skips where the texts are not."""
    assert len(words.split()) <= WORDS_MAX
    if SEEDS is None:
        pytest.skip(f"the five press texts: {DATA_OF_OTHERS}")
    paragraphs = [_paragraph(SEEDS, int(text), int(number)) for text, number in TAG.findall(source)]
    assert any(_plain(words) in _plain(paragraph) for paragraph in paragraphs)


def _paragraph(seeds: Path, text: int, number: int) -> str:
    (file,) = seeds.glob(f"00{text}_*.txt")
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()][number - 1]


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").split()).casefold()
