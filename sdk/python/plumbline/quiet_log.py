"""Logging that can't flood: one line a minute for each kind of trouble."""

from __future__ import annotations

import logging
import threading
import time
from typing import Dict, Tuple

logger = logging.getLogger("plumbline")

_INTERVAL_SECONDS = 60.0


class QuietLog:
    def __init__(self, interval_seconds: float = _INTERVAL_SECONDS) -> None:
        self._interval = interval_seconds
        self._lock = threading.RLock()
        self._said: Dict[str, Tuple[float, int]] = {}

    def warn(self, kind: str, message: str) -> None:
        now = time.monotonic()
        with self._lock:
            last, held_back = self._said.get(kind, (None, 0))
            if last is not None and now - last < self._interval:
                self._said[kind] = (last, held_back + 1)
                return
            self._said[kind] = (now, 0)
        more = f" ({held_back} more like this since the last line)" if held_back else ""
        logger.warning("%s%s", message, more)
