"""One kept-alive connection to the data plane, through the environment's proxy where one is set."""

from __future__ import annotations

import http.client
import ssl
import urllib.request
from base64 import b64encode
from typing import Dict, NamedTuple, Optional, Tuple
from urllib.parse import unquote, urlsplit

_ANSWER_BYTES_MAX = 16 * 1024 * 1024


class Answer(NamedTuple):
    status: int
    retry_after: Optional[str]
    location: Optional[str]
    body: bytes


class Transport:
    def __init__(self, url: str, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no http or https URL")
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._base = parts.path.rstrip("/")
        self._timeout = timeout_seconds
        self._connection: Optional[http.client.HTTPConnection] = None
        self._target_prefix = self._base
        self._proxy_headers: Dict[str, str] = {}

    def post(self, path: str, body: bytes, headers: Dict[str, str]) -> Answer:
        """Raises OSError or http.client.HTTPException when no answer came."""
        is_reused = self._connection is not None
        try:
            return self._post_once(path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            # The server may close an idle connection at any time: that says nothing about the server's health.
            if not is_reused:
                raise
        except BaseException:
            self.close()
            raise
        try:
            return self._post_once(path, body, headers)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _post_once(self, path: str, body: bytes, headers: Dict[str, str]) -> Answer:
        connection = self._connection or self._connect()
        self._connection = connection
        connection.request("POST", self._target_prefix + path, body, {**headers, **self._proxy_headers})
        response = connection.getresponse()
        content = response.read(_ANSWER_BYTES_MAX)
        if response.will_close or not response.isclosed():
            self.close()
        return Answer(
            response.status, response.getheader("Retry-After"), response.getheader("Location"), content
        )

    def _connect(self) -> http.client.HTTPConnection:
        proxy = self._proxy()
        host, port = (proxy[0], proxy[1]) if proxy else (self._host, self._port)
        authorization = proxy[2] if proxy else {}
        if self._scheme == "https":
            secure = http.client.HTTPSConnection(
                host, port, timeout=self._timeout, context=ssl.create_default_context()
            )
            if proxy:
                secure.set_tunnel(self._host, self._port, authorization)
            return secure
        if proxy:
            self._target_prefix = f"http://{_bracketed(self._host)}:{self._port}{self._base}"
            self._proxy_headers = authorization
        return http.client.HTTPConnection(host, port, timeout=self._timeout)

    def _proxy(self) -> Optional[Tuple[str, int, Dict[str, str]]]:
        found = urllib.request.getproxies().get(self._scheme)
        if not found or urllib.request.proxy_bypass(self._host):
            return None
        parts = urlsplit(found if "://" in found else f"http://{found}")
        if not parts.hostname:
            return None
        headers: Dict[str, str] = {}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Proxy-Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return parts.hostname, parts.port or 80, headers


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
