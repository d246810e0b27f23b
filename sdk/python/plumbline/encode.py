"""One row as one line of JSON. The common case is a single pass of the C encoder; a row that it refuses is repaired
value by value, and only what can't be repaired is given up."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Dict, List, Tuple
from uuid import UUID

from .ids import to_iso

# The data plane refuses larger rows; they would only cost their batch a round trip.
ROW_BYTES_MAX = 1024 * 1024

_MISSING_TYPES = frozenset({"NAType", "NaTType"})


def is_missing(value: Any) -> bool:
    return value is None or type(value).__name__ in _MISSING_TYPES


def plain(value: Any) -> Any:
    """The JSON value that stands for `value`, one level deep. Raises TypeError or ValueError where there is none."""
    if type(value).__name__ in _MISSING_TYPES:
        return None
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (Decimal, Fraction)):
        return float(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8")
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind == "M" and not getattr(value, "shape", None):
        return None if str(value) == "NaT" else to_iso(value)
    if kind == "m" and not getattr(value, "shape", None):
        return None if str(value) == "NaT" else float(value / _one_second(value))
    for name in ("to_dict", "tolist", "item"):
        convert = getattr(value, name, None)
        if callable(convert):
            return convert()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"a {type(value).__name__} can't be sent")


def _one_second(value: Any) -> Any:
    return type(value)(1, "s")


def as_mapping(value: Any) -> Dict[str, Any]:
    """Features may come as a dict, a pandas row, a dataclass or a model object."""
    if isinstance(value, dict):
        return value
    for name in ("to_dict", "model_dump", "_asdict"):
        convert = getattr(value, name, None)
        if callable(convert):
            return dict(convert())
    found = plain(value)
    if isinstance(found, dict):
        return found
    raise TypeError(f"a mapping of names to values is needed, not a {type(value).__name__}")


_encode_strictly = json.JSONEncoder(
    separators=(",", ":"), allow_nan=False, check_circular=False, default=plain
).encode

Note = Tuple[str, str]


def encode_row(row: Dict[str, Any]) -> Tuple[str, List[Note]]:
    """The row's line, and what had to be left out of it. Raises where nothing honest can be sent."""
    try:
        return _encode_strictly(row), []
    except (TypeError, ValueError, RecursionError):
        pass
    notes: List[Note] = []
    return _encode_strictly(_repair(row, notes)), notes


def encode_value(value: Any) -> str:
    return _encode_strictly(value)


def number_token(value: float) -> str:
    """What stands for NaN and the infinities among the features: JSON has no word for them."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def clean_feature(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else number_token(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {str(key): clean_feature(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_feature(item) for item in value]
    return clean_feature(plain(value))


def _clean_number_tree(value: Any, path: str, notes: List[Note]) -> Any:
    """Outside the features a number that is not finite has no token: it is left out, and said."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        notes.append((path, "is not a finite number"))
        return None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        cleaned = {
            str(key): _clean_number_tree(item, f"{path}.{key}", notes) for key, item in value.items()
        }
        return {key: item for key, item in cleaned.items() if item is not None}
    if isinstance(value, (list, tuple)):
        before = len(notes)
        items = [_clean_number_tree(item, path, notes) for item in value]
        # A vector without one of its numbers is another vector.
        return items if len(notes) == before else None
    return _clean_number_tree(plain(value), path, notes)


def _repair(row: Dict[str, Any], notes: List[Note]) -> Dict[str, Any]:
    repaired: Dict[str, Any] = {}
    for key, value in row.items():
        if key == "features":
            repaired[key] = {str(name): _clean_named(name, item) for name, item in value.items()}
            continue
        cleaned = _clean_number_tree(value, key, notes)
        if cleaned is not None or value is None or key == "prediction":
            repaired[key] = cleaned
    return repaired


def _clean_named(name: Any, value: Any) -> Any:
    try:
        return clean_feature(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"features.{name}: {error}") from None
