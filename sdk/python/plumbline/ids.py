"""Identifiers and times, as they stand on the wire."""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta, timezone
from typing import Any, List, Tuple

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)

# Past this a number of seconds would lie after the year 5100, so a larger one can only be milliseconds.
_SECONDS_MAX = 1e11

_last_second: Tuple[int, str] = (-1, "")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def uuid7(ms: int) -> str:
    """A UUID of version 7. From the system's randomness: a seeded `random` or a fork can't repeat it."""
    stamp = "%012x" % ms
    noise = os.urandom(10).hex()
    variant = "89ab"[int(noise[3], 16) & 3]
    return f"{stamp[:8]}-{stamp[8:]}-7{noise[:3]}-{variant}{noise[4:7]}-{noise[7:19]}"


def uuid7s(ms: int, count: int) -> List[str]:
    stamp = "%012x" % ms
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    noise = os.urandom(10 * count).hex()
    return [
        f"{head}{noise[at:at + 3]}-{'89ab'[int(noise[at + 3], 16) & 3]}{noise[at + 4:at + 7]}-{noise[at + 7:at + 19]}"
        for at in range(0, 20 * count, 20)
    ]


def iso_of_ms(ms: int) -> str:
    global _last_second
    second, milli = divmod(ms, 1000)
    cached, text = _last_second
    if cached != second:
        text = (_EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")
        # strftime leaves years before 1000 unpadded on some platforms.
        text = text.rjust(19, "0")
        _last_second = (second, text)
    return f"{text}.{milli:03d}Z"


def to_iso(value: Any) -> str:
    """A time as ISO 8601 in UTC with milliseconds.

    A naive datetime is UTC. A number is Unix seconds, as time.time() gives, or milliseconds from 1e11 on. A string is
    sent as it is. Raises ValueError for what is no time (NaT and None among them) and TypeError for other types.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise TypeError("a boolean is no time")
    if isinstance(value, (int, float)):
        return iso_of_ms(_ms_of_number(value))
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        raise ValueError("a time is missing")
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return iso_of_ms((aware - _EPOCH) // _MILLISECOND)
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000Z"
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind == "M":
        ms = int(value.astype("datetime64[ms]").astype("int64"))
        if ms == -(2**63):
            raise ValueError("a time is missing")
        return iso_of_ms(ms)
    if kind in ("i", "u", "f"):
        return iso_of_ms(_ms_of_number(value.item()))
    raise TypeError(f"a {type(value).__name__} is no time")


def _ms_of_number(value: float) -> int:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("a time is not a finite number")
    return int(value) if abs(value) >= _SECONDS_MAX else int(value * 1000)
