"""What was logged and not yet settled: bounded in rows and bytes, never waited for by a caller that did not ask to."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Deque, Dict, List, Optional, Sequence, Tuple

Taken = Dict[str, List[str]]


class Buffer:
    def __init__(self, rows_max: int, bytes_max: int, rows_due: int, bytes_due: int, interval: float) -> None:
        self._rows_max = rows_max
        self._bytes_max = bytes_max
        self._rows_due = rows_due
        self._bytes_due = bytes_due
        self._interval = interval
        # A condition's own lock is reentrant: a signal handler that logs can't deadlock on its own thread.
        self._changed = threading.Condition()
        # It runs between any two steps of a put, though, so that its own rows wait for that put to end.
        self._is_busy = False
        self._reentered: Deque[Tuple[str, str]] = deque()
        self._incoming: Taken = {}
        self._incoming_rows = 0
        self._incoming_bytes = 0
        self._first_at = 0.0
        self._pending_rows = 0
        self._pending_bytes = 0
        self._waiting_for_room = 0
        self._flushing = 0
        self._generation = 0
        self._settled_generation = -1
        self._is_closed = False

    @property
    def pending(self) -> int:
        return self._pending_rows

    def put(self, path: str, row: str) -> bool:
        """False when there is no room for it."""
        with self._changed:
            if self._is_busy:
                self._reentered.append((path, row))
                return True
            self._is_busy = True
            try:
                is_kept = self._put_if_room(path, row)
                while self._reentered:
                    self._put_if_room(*self._reentered.popleft())
                return is_kept
            finally:
                self._is_busy = False

    def put_many(self, path: str, rows: List[str], wait_seconds: float) -> int:
        """How many of them, from the first on, found room in that time."""
        deadline = time.monotonic() + wait_seconds
        done = 0
        with self._changed:
            while done < len(rows) and not self._is_closed:
                count = self._put_what_fits(path, rows, done)
                if count > 0:
                    done += count
                    continue
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._waiting_for_room += 1
                try:
                    self._changed.wait(remaining)
                finally:
                    self._waiting_for_room -= 1
        return done

    def take(self) -> Optional[Taken]:
        """Blocks until a batch is due, and hands over all that came in. None when closed and empty."""
        with self._changed:
            while True:
                if self._incoming_rows > 0:
                    remaining = self._first_at + self._interval - time.monotonic()
                    if self._is_due() or remaining <= 0:
                        break
                    self._changed.wait(remaining)
                elif self._is_closed:
                    return None
                else:
                    self._changed.wait()
            taken, self._incoming = self._incoming, {}
            self._incoming_rows = 0
            self._incoming_bytes = 0
            self._generation += 1
            return taken

    def settle(self, row_count: int, byte_count: int) -> None:
        """These rows are stored, rejected or given up."""
        with self._changed:
            self._pending_rows -= row_count
            self._pending_bytes -= byte_count
            if self._waiting_for_room:
                self._changed.notify_all()

    def settle_taken(self) -> None:
        """All that was taken last is settled."""
        with self._changed:
            self._settled_generation = self._generation - 1
            self._changed.notify_all()

    def flush(self, timeout: Optional[float]) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            if self._pending_rows == 0:
                return True
            target = self._generation if self._incoming_rows > 0 else self._generation - 1
            self._flushing += 1
            self._changed.notify_all()
            try:
                while self._settled_generation < target:
                    remaining = None if deadline is None else deadline - time.monotonic()
                    if remaining is not None and remaining <= 0:
                        return False
                    self._changed.wait(remaining)
                return True
            finally:
                self._flushing -= 1

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return (
            self._is_closed
            or self._flushing > 0
            or self._incoming_rows >= self._rows_due
            or self._incoming_bytes >= self._bytes_due
        )

    def _put_if_room(self, path: str, row: str) -> bool:
        size = len(row)
        if (
            self._is_closed
            or self._pending_rows >= self._rows_max
            or self._pending_bytes + size > self._bytes_max
        ):
            return False
        self._append(path, (row,), size)
        return True

    def _put_what_fits(self, path: str, rows: List[str], start: int) -> int:
        if self._is_busy:
            return 0
        self._is_busy = True
        try:
            room_rows = max(self._rows_max - self._pending_rows, 0)
            room_bytes = self._bytes_max - self._pending_bytes
            count = 0
            size = 0
            for row in rows[start : start + room_rows]:
                if size + len(row) > room_bytes:
                    break
                size += len(row)
                count += 1
            if count > 0:
                self._append(path, rows[start : start + count], size)
            return count
        finally:
            self._is_busy = False

    def _append(self, path: str, rows: Sequence[str], size: int) -> None:
        was_empty = self._incoming_rows == 0
        was_due = self._incoming_rows >= self._rows_due or self._incoming_bytes >= self._bytes_due
        incoming = self._incoming.get(path)
        if incoming is None:
            incoming = self._incoming[path] = []
        incoming.extend(rows)
        self._incoming_rows += len(rows)
        self._incoming_bytes += size
        self._pending_rows += len(rows)
        self._pending_bytes += size
        if was_empty:
            self._first_at = time.monotonic()
            self._changed.notify_all()
        elif not was_due and self._is_due():
            self._changed.notify_all()
