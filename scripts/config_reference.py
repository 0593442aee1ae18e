"""The reference of `openline.toml`, written from the code: docs/operating/config.md.

`reference` is made of the fields of `openline.node.config`, `capabilities` of the verbs of the kinds a node knows.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator

import msgspec
from msgspec.inspect import (
    BoolType,
    DictType,
    Field,
    IntType,
    LiteralType,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from openline.console.auth import ALL, OFFICERS, OPERATE
from openline.node.config import Config
from openline.node.wiring import registry


def reference() -> str:
    """Every table and key with its type, bounds and default, in the order of the code."""
    whole = type_info(Config)
    assert isinstance(whole, StructType)
    return "\n".join(line for field in whole.fields for line in _table(field))


def phones() -> str:
    """The tables of desk phones alone, for docs/operating/phones.md."""
    whole = type_info(Config)
    assert isinstance(whole, StructType)
    named = (field for field in whole.fields if field.name in ("phones", "phone"))
    return "\n".join(line for field in named for line in _table(field)).replace("## `", "### `")


def capabilities() -> str:
    """What a role may be allowed, and what it can do then."""
    verbs: dict[str, list[str]] = {"read": ["see lines, entries and attachments"]}
    for verb in registry().verbs:
        verbs.setdefault(verb.capability, []).append(f"`{verb.name}`")
    fixed = {
        "interpret": [
            "take an interpreter's seat in a call; counts as a linguist while on watch; the other side sees both"
        ],
        OFFICERS: ["invite, withdraw and list officers; the node's own socket has it always"],
        OPERATE: ["pair and back up; the node's own socket has it always"],
        ALL: ["everything"],
    }
    rows = [f"| `{name}` | {', '.join(what)} |" for name, what in {**dict(sorted(verbs.items())), **fixed}.items()]
    return "\n".join(["| capability | what it allows |", "| --- | --- |", *rows])


def keys() -> list[str]:
    """Every key as it is written: `party.id`, `path.listen` and so on."""
    whole = type_info(Config)
    assert isinstance(whole, StructType)
    return [f"{field.name}.{inner.name}" for field in whole.fields for inner in _struct(field).fields]


def _table(field: Field) -> Iterator[str]:
    struct, many = _struct(field), isinstance(field.type, VarTupleType)
    yield f"## `[[{field.name}]]`, as many as there are" if many else f"## `[{field.name}]`"
    yield ""
    yield re.sub(r"\s+", " ", inspect.getdoc(struct.cls) or "").strip()
    yield ""
    yield "| key | value | default |"
    yield "| --- | --- | --- |"
    for inner in struct.fields:
        yield f"| `{inner.name}` | {_value(inner.type)} | {_default(inner)} |"
    yield ""


def _struct(field: Field) -> StructType:
    kind = field.type.item_type if isinstance(field.type, VarTupleType) else field.type
    assert isinstance(kind, StructType), f"{field.name} is no table"
    return kind


def _value(kind: Type) -> str:
    match kind:
        case BoolType():
            return "true or false"
        case IntType():
            return _bounded(kind)
        case StrType():
            return "text" if kind.max_length is None else f"text, at most {kind.max_length} characters"
        case DictType():
            return f"a table: name = {_value(kind.value_type)}"
        case LiteralType():
            return " or ".join(f"`{value}`" for value in kind.values)
        case VarTupleType():
            return f"a list of {_value(kind.item_type)}"
        case UnionType():
            return " or ".join(_value(one) for one in kind.types if not isinstance(one, NoneType))
        case _:
            raise AssertionError(f"say how {kind} is shown")


def _bounded(kind: IntType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f"number, {kind.ge} to {kind.le}"
    return f"number, at least {kind.ge}" if kind.ge is not None else "number"


def _default(field: Field) -> str:
    if field.required:
        return "must be given"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None or value in ({}, ()):
        return "none"
    if isinstance(value, tuple):
        return f"`{json.dumps(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
