"""One batch to the data plane: sent, sent again where that can help, split where it is too large, given up where not."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import time
from email.utils import parsedate_to_datetime
from threading import Event
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from ._version import __version__
from .quiet_log import QuietLog
from .stats import Counters, Rejection
from .transport import Answer, Transport

# A body of a few rows is smaller than what gzip adds to it is worth.
_GZIP_FROM_BYTES = 1024
_BACKOFF_FIRST_SECONDS = 0.25
_BACKOFF_MAX_SECONDS = 30.0
_RETRY_AFTER_MAX_SECONDS = 300.0
# Statuses that speak of the server's state and not of this batch: it is kept until `retry_seconds` are over.
_AWAY = frozenset({408, 425, 429, 502, 503, 504})
# Any other 5xx may be this batch's own doing, and must not hold up what is behind it for long.
_FAULTS_MAX = 5


class Retry(NamedTuple):
    reason: str
    retry_after: Optional[str] = None
    is_fault: bool = False


class Delivery:
    def __init__(
        self,
        transport: Transport,
        api_key: str,
        retry_seconds: float,
        counters: Counters,
        log: QuietLog,
        aborted: Event,
        on_rejected: Optional[Callable[[Rejection], None]],
    ) -> None:
        self._transport = transport
        self._retry_seconds = retry_seconds
        self._counters = counters
        self._log = log
        self._aborted = aborted
        self._on_rejected = on_rejected
        self._headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/x-ndjson",
            "Accept": "application/json",
            "User-Agent": f"plumbline-python/{__version__}",
        }

    def deliver(self, path: str, rows: List[str]) -> None:
        """Never raises. Every row is counted as sent, rejected or dropped when it returns."""
        parts = [rows]
        while parts:
            part = parts.pop()
            try:
                if not self._send(path, part):
                    half = len(part) // 2
                    parts += [part[half:], part[:half]]
            except Exception as error:
                self._drop("error", part, f"{type(error).__name__}: {error}")

    def close(self) -> None:
        self._transport.close()

    def _send(self, path: str, rows: List[str]) -> bool:
        """False when the batch must be split."""
        body = "\n".join(rows).encode("ascii")
        headers = self._headers
        if len(body) >= _GZIP_FROM_BYTES:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers = {**headers, "Content-Encoding": "gzip"}
        give_up_at = time.monotonic() + self._retry_seconds
        attempt = 0
        faults = 0
        while True:
            # The same bytes each time: ids and times are what the server knows a repeated row by.
            outcome = self._attempt(path, body, headers)
            if isinstance(outcome, Answer):
                return self._conclude(outcome, rows)
            faults += outcome.is_fault
            delay = _delay(attempt, outcome.retry_after)
            attempt += 1
            if faults >= _FAULTS_MAX or time.monotonic() + delay > give_up_at:
                self._drop("unavailable", rows, f"gave up after {attempt} attempts: {outcome.reason}")
                return True
            self._log.warn("retry", f"{outcome.reason}; trying again in {delay:.1f} s")
            self._counters.add("retries")
            if self._aborted.wait(delay):
                self._drop("closed", rows, f"closed while waiting to try again: {outcome.reason}")
                return True

    def _attempt(self, path: str, body: bytes, headers: Dict[str, str]) -> "Answer | Retry":
        try:
            answer = self._transport.post(path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return Retry(f"no answer from the server ({type(error).__name__}: {error})")
        if answer.status in _AWAY:
            return Retry(_words_of(answer), answer.retry_after)
        if answer.status >= 500:
            return Retry(_words_of(answer), answer.retry_after, is_fault=True)
        return answer

    def _conclude(self, answer: Answer, rows: List[str]) -> bool:
        if answer.status in (202, 422):
            verdict = _json_of(answer.body)
            if isinstance(verdict, dict) and isinstance(verdict.get("rejected"), list):
                self._count_verdict(verdict["rejected"], rows)
                return True
            if answer.status == 202:
                self._counters.add("sent", len(rows))
                return True
        if answer.status == 413 and len(rows) > 1:
            return False
        self._drop(f"http_{answer.status}", rows, _words_of(answer))
        return True

    def _count_verdict(self, rejected: List[Any], rows: List[str]) -> None:
        self._counters.add("sent", len(rows) - len(rejected))
        if not rejected:
            return
        self._counters.add("rejected", len(rejected))
        found = [_rejection_of(item, rows) for item in rejected]
        first = found[0]
        where = f" at {first.path}" if first.path else ""
        self._log.warn(
            "rejected",
            f"{len(found)} of {len(rows)} rows were rejected; the first, {first.prediction_id}: "
            f"{first.code}{where}: {first.message}",
        )
        if self._on_rejected is None:
            return
        for rejection in found:
            try:
                self._on_rejected(rejection)
            except Exception as error:
                self._log.warn("on_rejected", f"on_rejected raised {type(error).__name__}: {error}")

    def _drop(self, reason: str, rows: List[str], words: str) -> None:
        self._counters.drop(reason, len(rows))
        self._log.warn(f"drop_{reason}", f"{len(rows)} rows were dropped: {words}")


def _delay(attempt: int, retry_after: Optional[str]) -> float:
    asked = _seconds_of(retry_after)
    backoff = min(_BACKOFF_MAX_SECONDS, _BACKOFF_FIRST_SECONDS * 2 ** min(attempt, 16))
    jittered = backoff * random.uniform(0.5, 1.0)
    if asked is None:
        return jittered
    # Clients that were told the same second must not all come back in it.
    return min(asked, _RETRY_AFTER_MAX_SECONDS) + random.uniform(0.0, 0.1)


def _seconds_of(retry_after: Optional[str]) -> Optional[float]:
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return None


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _words_of(answer: Answer) -> str:
    """The server's own words, in one line: a problem document's detail, or whatever it said."""
    problem = _json_of(answer.body)
    said = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else None
    if not said:
        said = answer.body[:200].decode("utf-8", "replace").replace("\n", " ")
    if answer.location:
        said = f"moved to {answer.location}; set that as the url"
    return f"the server answered {answer.status}: {said}"


def _rejection_of(item: Any, rows: List[str]) -> Rejection:
    verdict: Dict[str, Any] = item if isinstance(item, dict) else {}
    index = verdict.get("index")
    row = _json_of(rows[index].encode()) if isinstance(index, int) and 0 <= index < len(rows) else {}
    return Rejection(
        prediction_id=verdict.get("prediction_id") or row.get("prediction_id"),
        code=str(verdict.get("code", "")),
        path=str(verdict.get("path", "")),
        message=str(verdict.get("message", "")),
        row=row,
    )
