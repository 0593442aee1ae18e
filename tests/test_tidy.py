"""The rules of style that a machine can check, each with its remedy in the message.

A rule is a function from one file to the sentences it earns. `RULES` says which files it reads, and `PLANTED`
breaks each rule once, so that a rule gone blind fails too. What ruff, mypy and import-linter check is not
repeated here.
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import tokenize
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

FUNCTION_LINES_MAX = 50
MODULE_LINES_MAX = 400
TEST_MODULE_LINES_MAX = 600

# Modules that may go without a test file of the same name, and why. This list only shrinks.
WITHOUT_A_TEST_FILE = {
    "src/openline/base/limits.py": "constants only",
    "src/openline/link/events.py": "values only",
    "src/openline/record/ports.py": "a contract; tests/store holds every store to it",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the repository: its path from the root, and its text."""

    path: str
    text: str

    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def numbered_lines(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.text.splitlines(), 1)


Rule = Callable[[File], Iterator[str]]


# Shape


def short_functions(file: File) -> Iterator[str]:
    for node in ast.walk(file.tree()):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield (
                    f"{file.path}:{node.lineno} {node.name} has {lines} lines; a function is one thought of "
                    f"at most {FUNCTION_LINES_MAX}: move pure work into helpers below it"
                )


def short_modules(file: File) -> Iterator[str]:
    limit = TEST_MODULE_LINES_MAX if file.path.startswith("tests/") else MODULE_LINES_MAX
    lines = len(file.text.splitlines())
    if lines > limit:
        yield f"{file.path} has {lines} lines; a module is one idea of at most {limit}: split it by idea"


# Words


def documented_modules(file: File) -> Iterator[str]:
    if not ast.get_docstring(file.tree()):
        yield f"{file.path} has no docstring: say what it is for, its invariants, and what it does not do"


def documented_names(file: File) -> Iterator[str]:
    for node in file.tree().body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield (
                f"{file.path}:{node.lineno} {node.name} has no docstring: say its units, its source, and the "
                "errors a caller must handle; or make it private"
            )


def no_leftovers(file: File) -> Iterator[str]:
    for number, line in file.numbered_lines():
        if found := _LEFTOVER.search(line):
            yield f"{file.path}:{number} says {found[0]}: do it now, or open an issue and delete the mark"


_LEFTOVER = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")


# Errors and silence


def narrow_except(file: File) -> Iterator[str]:
    if file.path == "src/openline/node/tasks.py":
        return
    for node in ast.walk(file.tree()):
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type):
            yield (
                f"{file.path}:{node.lineno} catches everything: name the exception you expect; only "
                "node/tasks.py catches all, stops the node and says why"
            )


def _catches_everything(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"} for name in each)


def explained_silence(file: File) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type != tokenize.COMMENT or not _SILENCE.search(token.string):
            continue
        if not _REASON.search(_SILENCE.sub("", token.string)):
            yield f"{file.path}:{token.start[0]} silences a tool without a reason: write it after the code"


_SILENCE = re.compile(r"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?)")
_REASON = re.compile(r"[A-Za-z]{2,}\W+[A-Za-z]{2,}")


# What must not be in a repository


def no_foreign_addresses(file: File) -> Iterator[str]:
    for number, line in file.numbered_lines():
        if found := _FOREIGN.search(line):
            yield f"{file.path}:{number} names {found[0]}: machine paths and registry addresses stay out"


# In parts, so that this file does not trip over itself.
_FOREIGN = re.compile(
    "|".join(
        [
            *(r"(?<![\w.])/" + folder + "/" for folder in ("work", "root", "farm")),
            *("[.]".join(host) for host in (("pypi", "org"), ("npmjs", "(?:org|com)"), ("deb", "debian"))),
            "python" + "hosted",
        ]
    ),
    re.IGNORECASE,
)


def pinned_without_address(file: File) -> Iterator[str]:
    if PurePosixPath(file.path).name in _FOREIGN_LOCKS:
        yield f"{file.path} carries registry addresses: pin with `make requirements`; npm reads .npmrc"
    for number, line in file.numbered_lines():
        if file.path.endswith(".json") and _RESOLVED.search(line):
            yield f"{file.path}:{number} says where to fetch from: make the lock again beside this .npmrc"
        if _is_requirements(file.path) and ("://" in line or line.startswith("--")):
            yield f"{file.path}:{number} says where to fetch from: make it again with `make requirements`"


_FOREIGN_LOCKS = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml"}
_RESOLVED = re.compile(r'"resolved"\s*:\s*"\w+://')


def pinned_with_hashes(file: File) -> Iterator[str]:
    if not _is_requirements(file.path):
        return
    for pin in re.split(r"\n(?=\S)", file.text):
        if pin.strip() and "--hash=sha256:" not in pin:
            yield f"{file.path} pins {pin.split()[0]} without a hash: make it again with `make requirements`"


def _is_requirements(path: str) -> bool:
    return path.startswith("requirements/") and path.endswith(".txt")


# The rules, and the files they read

_SOURCE = r"src/.*\.py"
_PYTHON = r"(src|tests|bench|scripts)/.*\.py"

RULES: dict[Rule, str] = {
    short_functions: _SOURCE,
    short_modules: _PYTHON,
    documented_modules: _PYTHON,
    documented_names: _SOURCE,
    no_leftovers: r".*\.(py|sql|ts|tsx|css|toml)|Makefile",
    narrow_except: _SOURCE,
    explained_silence: _PYTHON,
    no_foreign_addresses: r".*",
    pinned_without_address: r".*",
    pinned_with_hashes: r".*",
}

_MODULE = "src/openline/base/planted.py"

PLANTED: list[tuple[Rule, File]] = [
    (short_functions, File(_MODULE, "def long():\n" + "    pass\n" * FUNCTION_LINES_MAX)),
    (short_modules, File(_MODULE, "\n" * (MODULE_LINES_MAX + 1))),
    (short_modules, File("tests/base/test_planted.py", "\n" * (TEST_MODULE_LINES_MAX + 1))),
    (documented_modules, File(_MODULE, "x = 1\n")),
    (documented_names, File(_MODULE, "class Planted:\n    pass\n")),
    (no_leftovers, File(_MODULE, "# TO" + "DO: later\n")),
    (narrow_except, File(_MODULE, "try:\n    f()\nexcept Exception:\n    pass\n")),
    (narrow_except, File(_MODULE, "try:\n    f()\nexcept (OSError, BaseException):\n    pass\n")),
    (narrow_except, File(_MODULE, "try:\n    f()\nexcept:\n    pass\n")),
    (explained_silence, File(_MODULE, "x = 1  # type" + ": ignore[assignment]\n")),
    (explained_silence, File(_MODULE, "x = 1  # no" + "qa: E501, S101\n")),
    (no_foreign_addresses, File("README.md", "cd /wo" + "rk/openline\n")),
    (no_foreign_addresses, File("README.md", "see https://pypi." + "org/openline\n")),
    (pinned_without_address, File("uv.lock", "")),
    (pinned_without_address, File("package-lock.json", '"resolved": "https://a"\n')),
    (pinned_without_address, File("requirements/dev.txt", "--index-url https://a\n")),
    (pinned_with_hashes, File("requirements/dev.txt", "click==8.5.1\n")),
]


def _named(value: object) -> str:
    return value.path if isinstance(value, File) else getattr(value, "__name__", "")


@pytest.mark.parametrize("rule", RULES, ids=_named)
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    read = [file for file in repository() if re.fullmatch(RULES[rule], file.path)]
    assert not (found := [sentence for file in read for sentence in rule(file)]), "\n" + "\n".join(found)


@pytest.mark.parametrize(("rule", "file"), PLANTED, ids=_named)
def test_a_planted_violation_is_noticed(rule: Rule, file: File) -> None:
    assert re.fullmatch(RULES[rule], file.path)
    assert list(rule(file))


def test_every_rule_has_its_planted_violation() -> None:
    assert {rule for rule, _ in PLANTED} == RULES.keys()


def test_a_reason_in_words_may_silence_a_tool() -> None:
    reasoned = File("a.py", "x = 1  # no" + "qa: E501 - the vector is one line\n")
    assert not list(explained_silence(reasoned))


# The repository as a whole


def test_every_module_has_a_test_file_of_its_name() -> None:
    modules = {file.path for file in repository() if re.fullmatch(r"src/openline/.+(?<!__)\.py", file.path)}
    missing = [
        f"{module} has no {_test_file(module)}: write it; it tells what the module promises"
        for module in sorted(modules - WITHOUT_A_TEST_FILE.keys())
        if not (ROOT / _test_file(module)).is_file()
    ]
    assert not missing, "\n" + "\n".join(missing)


def test_the_list_of_exceptions_only_shrinks() -> None:
    needless = [
        f"{module} no longer needs to be excepted: take it off WITHOUT_A_TEST_FILE"
        for module in WITHOUT_A_TEST_FILE
        if not (ROOT / module).is_file() or (ROOT / _test_file(module)).is_file()
    ]
    assert not needless, "\n" + "\n".join(needless)


def _test_file(module: str) -> str:
    path = PurePosixPath(module).relative_to("src/openline")
    return str("tests" / path.with_name(f"test_{path.name}"))


def test_pins_satisfy_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = _pins("runtime")
    stale = [
        str(need)
        for need in map(Requirement, project["project"]["dependencies"])
        if not need.specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]
    assert not stale, f"requirements/runtime.txt does not fit {stale} of pyproject.toml: run `make requirements`"


def test_one_package_has_one_version_everywhere() -> None:
    pins = [pin for name in ("runtime", "build", "dev") for pin in _pins(name).items()]
    twice = sorted(name for name, count in Counter(name for name, _ in set(pins)).items() if count > 1)
    assert not twice, f"requirements/ pins two versions of {twice}: run `make requirements`"


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(pin): version for pin, version in re.findall(r"(?m)^(\S+)==(\S+)", text)}


@cache
def repository() -> list[File]:
    """Every text file that is, or is about to be, under version control."""
    if shutil.which("git") is None:
        pytest.skip("git is missing, so the files of the repository are not known")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [file for name in sorted(set(listed.stdout.split("\0")) - {""}) if (file := _read(name))]


def _read(name: str) -> File | None:
    path = ROOT / name
    if not path.is_file():
        return None
    try:
        return File(name, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None
