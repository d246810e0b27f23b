"""The buffer and the one daemon thread that empties it, in whichever process this turns out to be."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from typing import Callable, Iterator, List, Optional

from .buffer import Buffer, Taken
from .delivery import Delivery
from .quiet_log import QuietLog
from .stats import Counters, Rejection, Stats
from .transport import Transport

# A batch is due at any of these; what has piled up behind a slow server leaves in larger ones.
_ROWS_DUE = 500
_BYTES_DUE = 1024 * 1024
_BATCH_ROWS_MAX = 5_000
_BATCH_BYTES_MAX = 4 * 1024 * 1024

# An emptied thread has nothing left to do but to close its connection.
_JOIN_SECONDS = 1.0


class Pipeline:
    def __init__(
        self,
        url: str,
        api_key: str,
        buffer_rows: int,
        buffer_bytes: int,
        flush_interval: float,
        request_timeout: float,
        retry_seconds: float,
        exit_timeout: float,
        on_rejected: Optional[Callable[[Rejection], None]],
        log: QuietLog,
    ) -> None:
        self._url = url
        self._api_key = api_key
        self._buffer_rows = buffer_rows
        self._buffer_bytes = buffer_bytes
        self._flush_interval = flush_interval
        self._request_timeout = request_timeout
        self._retry_seconds = retry_seconds
        self._exit_timeout = exit_timeout
        self._on_rejected = on_rejected
        self._is_closed = False
        self._start_empty(log)
        _pipelines.add(self)

    def _start_empty(self, log: QuietLog) -> None:
        self.log = log
        self.counters = Counters()
        self._aborted = threading.Event()
        # Taking the one item is atomic: neither a second thread nor a signal handler in the middle of a start can start twice.
        self._start_right = [True]
        self._thread: Optional[threading.Thread] = None
        self._buffer = Buffer(
            self._buffer_rows, self._buffer_bytes, _ROWS_DUE, _BYTES_DUE, self._flush_interval
        )
        self._delivery = Delivery(
            Transport(self._url, self._request_timeout),
            self._api_key,
            self._retry_seconds,
            self.counters,
            self.log,
            self._aborted,
            self._on_rejected,
        )

    def put(self, path: str, row: str) -> None:
        if self._thread is None:
            self._start()
        if self._buffer.put(path, row):
            self.counters.add("logged")
            return
        self._refuse(1)

    def put_many(self, path: str, rows: List[str], wait_seconds: float) -> None:
        if self._thread is None:
            self._start()
        taken = self._buffer.put_many(path, rows, wait_seconds)
        self.counters.add("logged", taken)
        if taken < len(rows):
            self._refuse(len(rows) - taken)

    def flush(self, timeout: Optional[float]) -> bool:
        if self._buffer.pending and self._thread is None:
            self._start()
        return self._buffer.flush(timeout)

    def close(self, timeout: Optional[float]) -> bool:
        if self._is_closed:
            return self._buffer.pending == 0
        self._is_closed = True
        is_flushed = self.flush(timeout)
        self._buffer.close()
        self._aborted.set()
        _running.discard(self)
        if self._thread is not None and is_flushed:
            self._thread.join(_JOIN_SECONDS)
        if not is_flushed:
            self.log.warn("closed", f"closed with {self._buffer.pending} rows not yet sent")
        return is_flushed

    @property
    def stats(self) -> Stats:
        return self.counters.snapshot(self._buffer.pending)

    def close_at_exit(self) -> None:
        try:
            self.close(self._exit_timeout)
        except Exception as error:
            self.log.warn("exit", f"could not flush at exit: {type(error).__name__}: {error}")

    def after_fork_in_child(self) -> None:
        """The parent's rows, thread, locks and connection stay the parent's."""
        self._delivery.close()
        if not self._is_closed:
            self._start_empty(QuietLog())

    def _refuse(self, count: int) -> None:
        reason = "closed" if self._is_closed else "full"
        self.counters.drop(reason, count)
        self.log.warn(
            f"drop_{reason}",
            "rows are dropped: the client is closed"
            if self._is_closed
            else "rows are dropped: the buffer is full, since the server takes them slower than they are logged",
        )

    def _start(self) -> None:
        if self._is_closed:
            return
        try:
            self._start_right.pop()
        except IndexError:
            return
        thread = threading.Thread(
            target=_run, args=(self._buffer, self._delivery, self._aborted), name="plumbline", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            self._start_right.append(True)
            raise
        self._thread = thread
        _running.add(self)
        _finalize_in_multiprocessing(self)


def _run(buffer: Buffer, delivery: Delivery, aborted: threading.Event) -> None:
    try:
        _empty(buffer, delivery, aborted)
    finally:
        delivery.close()


def _empty(buffer: Buffer, delivery: Delivery, aborted: threading.Event) -> None:
    while True:
        taken = buffer.take()
        if taken is None:
            return
        for path, batch, size in _batches(taken):
            if aborted.is_set():
                return
            delivery.deliver(path, batch)
            buffer.settle(len(batch), size)
        buffer.settle_taken()


def _batches(taken: Taken) -> "Iterator[tuple[str, List[str], int]]":
    for path, rows in taken.items():
        batch: List[str] = []
        size = 0
        for row in rows:
            if batch and (len(batch) >= _BATCH_ROWS_MAX or size + len(row) > _BATCH_BYTES_MAX):
                yield path, batch, size
                batch, size = [], 0
            batch.append(row)
            size += len(row)
        yield path, batch, size


_pipelines: "weakref.WeakSet[Pipeline]" = weakref.WeakSet()
# Strong: a client that went out of scope with rows in its buffer is still flushed at exit.
_running: "set[Pipeline]" = set()


def _close_all() -> None:
    for pipeline in list(_running):
        pipeline.close_at_exit()


def _finalize_in_multiprocessing(pipeline: Pipeline) -> None:
    """A multiprocessing child leaves through os._exit, past atexit; it runs these instead."""
    multiprocessing = sys.modules.get("multiprocessing")
    util = sys.modules.get("multiprocessing.util")
    if multiprocessing is None or util is None or multiprocessing.parent_process() is None:
        return
    util.Finalize(None, pipeline.close_at_exit, exitpriority=0)


def _after_fork_in_child() -> None:
    _running.clear()
    for pipeline in list(_pipelines):
        pipeline.after_fork_in_child()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
