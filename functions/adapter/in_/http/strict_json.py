"""JSON as RFC 8259 has it, and nothing more: Python's own reader lets too much through."""

import json

MAX_DEPTH = 64
MAX_INTEGER_DIGITS = 4300


class MalformedJsonError(ValueError):
    """The text is not one JSON value in UTF-8, or is one that no two readers agree on."""


def parse_json(body: bytes) -> object:
    """The value of a JSON text.

    Raises:
        MalformedJsonError: no JSON, not UTF-8, a byte-order mark, NaN or Infinity, an object with a name twice, a
            lone surrogate, or deeper than MAX_DEPTH.
    """
    try:
        text = body.decode()
        value: object = _decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
        _check_depth(value)
    except RecursionError:
        raise MalformedJsonError("it is nested too deeply") from None
    except UnicodeError:
        raise MalformedJsonError("it is not UTF-8 text, or has half of a surrogate pair") from None
    except json.JSONDecodeError as error:
        raise MalformedJsonError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    return value


def _unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise MalformedJsonError("an object has the same name twice")
    return value


def _refuse_constant(name: str) -> object:
    raise MalformedJsonError(f"{name} is no JSON number")


def _parse_integer(digits: str) -> int | float:
    """An integer; one of absurd length becomes a float, which no field takes, since Python will not read it."""
    return int(digits) if len(digits) <= MAX_INTEGER_DIGITS else float(digits)


_decode = json.JSONDecoder(
    object_pairs_hook=_unique_names, parse_constant=_refuse_constant, parse_int=_parse_integer
).decode


def _check_depth(value: object) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise MalformedJsonError(f"it is nested more than {MAX_DEPTH} levels deep")
        level = [inner for outer in level for inner in _children(outer)]


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return [inner for inner in value.values() if isinstance(inner, dict | list)]
    if isinstance(value, list):
        return [inner for inner in value if isinstance(inner, dict | list)]
    return []
