"""What a text is found by: tokens of small ASCII letters and digits, the same from every script and spelling.

Each word gives its fold (`f`: transliterated, small letters) and up to eight consonant skeletons (`k`), which are alike
for one name in many spellings: Shoigu, Choïgou, Шойгу and شويغو all have `kxg`. Chinese and Japanese letters give
themselves (`c`) and their pairs. A fold is exact; a skeleton is a likeness, and says so in what is found.

Pure functions. `VERSION` changes when the same text gives other tokens: an index of another version is made anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from anyascii import anyascii

VERSION = 1
FOLD_MAX = 64
SKELETON_MIN = 2
SKELETON_MAX = 24
SKELETONS_MAX = 8
ENDING_MAX = 3
STEM_MIN = 4

_CACHE_WORDS = 65_536

# What sits on or between letters without being one: accents written apart, vowel signs, joiners, marks of direction.
_BESIDE = [
    character
    for character in map(
        chr,
        chain(
            (0xAD, 0xFEFF), range(0x300, 0x2070), range(0x20D0, 0x2100), range(0xA660, 0xAC00), range(0xFE00, 0xFE30)
        ),
    )
    if unicodedata.category(character) in ("Cf", "Mc", "Me", "Mn")
]
_WITHOUT_BESIDE = dict.fromkeys(map(ord, _BESIDE))
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_IDEOGRAPHS}]+|(?:(?![{_IDEOGRAPHS}])[^\\W_]|[{re.escape(''.join(_BESIDE))}])+")
_NO_ASCII_WORD = re.compile(r"[^a-z0-9]+")

# Letters whose transliteration loses the sound that other spellings write with two letters.
_HISSING = str.maketrans({"š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "č": "ch", "ć": "ch", "ç": "s", "ž": "zh"})
_HISSING |= str.maketrans({"ż": "zh", "ź": "zh", "ь": "", "ъ": ""})

_SOFT_C = re.compile("c(?=[eiy])")
_UNIT = re.compile("shch|tsch|dsch|sch|tch|dzh|sz|cz|sh|zh|ch|kh|gh|ph|th|dh|ck|qu|gu(?=[eiy])|[a-z]")
_SOUNDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("shch", "tsch", "dsch", "sch", "tch", "dzh", "sz", "cz", "sh", "zh"), ("x",)),
    **{letter: (letter,) for letter in "bdgklmnprstv"},
    **dict.fromkeys(("kh", "ck", "qu", "c", "q"), ("k",)),
    "ch": ("x", "k"),
    "f": ("v",),
    "gh": ("g",),
    "gu": ("g",),
    "j": ("", "x"),
    "ph": ("v",),
    "th": ("t",),
    "dh": ("d",),
    "w": ("v",),
    "x": ("ks",),
    "z": ("s",),
}
"""The sounds a unit may stand for; none is a vowel, or as good as one."""

_SEMITIC: Mapping[str, tuple[str, ...]] = {**_SOUNDS, "b": ("b", "p"), "j": ("x", "g"), "w": (), "y": (), "h": ()}


@dataclass(frozen=True, slots=True)
class Word:
    """What one word of a text is found by: all of `exact` together, or one of `similar`."""

    exact: tuple[str, ...]
    similar: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


def tokens(texts: Iterable[str]) -> set[str]:
    """Every token of some texts: what an index keeps of them."""
    found: set[str] = set()
    for text in texts:
        for written in _WORD.findall(text):
            found |= _kept(written)
    return found


def words(text: str) -> list[Word]:
    """The words of a text that can be found, in order."""
    return [word for written in _WORD.findall(text) if (word := word_of(written)).exact]


def placed(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where each word of a text begins and ends, and its tokens."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), _kept(match[0])


@lru_cache(_CACHE_WORDS)
def word_of(written: str) -> Word:
    """What a word, as it is written, is found by; nothing when it has neither letter nor digit."""
    word = unicodedata.normalize("NFKC", written).translate(_WITHOUT_BESIDE).lower()
    if not word:
        return Word(())
    if _is_ideographic(word[0]):
        pairs = tuple(f"c{ord(one):x}{ord(other):x}" for one, other in pairwise(word))
        return Word(pairs or (f"c{ord(word[0]):x}",), (), tuple(f"c{ord(one):x}" for one in word))
    fold = _NO_ASCII_WORD.sub("", anyascii(word.translate({0x44A: "", 0x44C: ""})).lower())
    if not fold:
        return Word((f"u{word.encode().hex()[: 2 * FOLD_MAX]}",))
    skeletons = () if any(map(str.isdigit, word)) else _skeletons(word)
    return Word((f"f{fold[:FOLD_MAX]}",), tuple(f"k{one}" for one in skeletons), tuple(_stems(skeletons)))


@lru_cache(_CACHE_WORDS)
def _kept(written: str) -> frozenset[str]:
    word = word_of(written)
    return frozenset((*word.exact, *word.similar, *word.stems))


def _is_ideographic(letter: str) -> bool:
    return (
        "\u3040" <= letter <= "\u30ff"
        or "\u3400" <= letter <= "\u9fff"
        or "\uf900" <= letter <= "\ufaff"
        or ("\U00020000" <= letter <= "\U0003ffff")
    )


def _skeletons(word: str) -> list[str]:
    """The consonants of a word by their sound, in every way its letters may be meant; a doubled one stands once."""
    sounds = _SEMITIC if "\u0590" <= word[0] <= "\u07ff" else _SOUNDS
    found: dict[str, str] = {"": ""}  # each skeleton so far, with the sound it ended in, if nothing stood between
    for unit in _UNIT.findall(_SOFT_C.sub("s", anyascii(word.translate(_HISSING)).lower())):
        choices = sounds.get(unit, ())
        grown: dict[str, str] = {}
        for skeleton, last in found.items():
            for sound in choices or ("",):
                doubled = sound != "" and sound == last and sounds is _SOUNDS  # Else a vowel is left unwritten.
                grown.setdefault(skeleton if doubled else skeleton + sound, sound)
        found = dict(list(grown.items())[:SKELETONS_MAX])
    return [skeleton[:SKELETON_MAX] for skeleton in found if len(skeleton) >= SKELETON_MIN]


def _stems(skeletons: Iterable[str]) -> Iterator[str]:
    """A long skeleton without its last consonants: what is asked for may stand here with an ending of its case."""
    for skeleton in skeletons:
        for length in range(max(STEM_MIN, len(skeleton) - ENDING_MAX), len(skeleton)):
            yield f"k{skeleton[:length]}"
