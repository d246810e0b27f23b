"""What became of the rows, in figures."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Dict, NamedTuple, Optional


class Rejection(NamedTuple):
    """A row that was received but not stored, and why. `code` and `path` are the server's words."""

    prediction_id: Optional[str]
    code: str
    path: str
    message: str
    row: Dict[str, Any]


@dataclass(frozen=True)
class Stats:
    """Counts of rows since the client was made, in this process.

    logged = sent + rejected + pending + what was dropped after it had been queued. `dropped` also counts the rows that
    were never queued; `dropped_by_reason` says why. `altered` rows were sent without a value that the wire can't carry.
    """

    logged: int = 0
    sent: int = 0
    rejected: int = 0
    dropped: int = 0
    altered: int = 0
    pending: int = 0
    retries: int = 0
    dropped_by_reason: Dict[str, int] = field(default_factory=dict)


class Counters:
    """Reentrant, since a signal handler may log a row while its own thread is counting one."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._counts: Dict[str, int] = {}
        self._reasons: Dict[str, int] = {}

    def add(self, name: str, count: int = 1) -> None:
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + count

    def drop(self, reason: str, count: int = 1) -> None:
        with self._lock:
            self._counts["dropped"] = self._counts.get("dropped", 0) + count
            self._reasons[reason] = self._reasons.get(reason, 0) + count

    def snapshot(self, pending: int) -> Stats:
        with self._lock:
            return Stats(pending=pending, dropped_by_reason=dict(self._reasons), **self._counts)
