"""A data plane that misbehaves on request. Each POST takes the next behaviour; when none is left, rows are accepted."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, NamedTuple, Optional


class Received(NamedTuple):
    path: str
    headers: Dict[str, str]
    raw: bytes
    rows: List[Dict[str, Any]]


Behaviour = Callable[["Handler", Received], None]


def accept(handler: "Handler", received: Received) -> None:
    handler.answer(202, {"accepted": len(received.rows), "rejected": []})


def status(code: int, headers: Optional[Dict[str, str]] = None, body: Optional[Dict[str, Any]] = None) -> Behaviour:
    def behave(handler: "Handler", _received: Received) -> None:
        handler.answer(code, body or {"title": "no", "detail": f"stub says {code}"}, headers)

    return behave


def reject(indexes: List[int]) -> Behaviour:
    def behave(handler: "Handler", received: Received) -> None:
        rejected = [
            {
                "index": index,
                "prediction_id": received.rows[index]["prediction_id"],
                "code": "wrong_type",
                "path": "features.x",
                "message": "an object is no feature",
            }
            for index in indexes
        ]
        accepted = len(received.rows) - len(rejected)
        handler.answer(202 if accepted else 422, {"accepted": accepted, "rejected": rejected})

    return behave


def larger_than(row_count: int) -> Behaviour:
    def behave(handler: "Handler", received: Received) -> None:
        if len(received.rows) > row_count:
            handler.answer(413, {"detail": "the body is too large"})
        else:
            accept(handler, received)

    return behave


def reset(handler: "Handler", _received: Received) -> None:
    handler.close_connection = True
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def hang(handler: "Handler", _received: Received) -> None:
    handler.close_connection = True
    handler.stub.released.wait(30)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stub: "StubServer"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        text = gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw
        rows = [json.loads(line, parse_constant=_refuse_constant) for line in text.decode().split("\n")]
        received = Received(self.path, dict(self.headers.items()), raw, rows)
        behaviour = self.stub.note(received)
        try:
            behaviour(self, received)
        except OSError:
            self.close_connection = True

    def answer(self, code: int, body: Dict[str, Any], headers: Optional[Dict[str, str]] = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        pass

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_arguments: Any) -> None:
        pass

    def shutdown_request(self, request: Any) -> None:
        try:
            super().shutdown_request(request)
        except OSError:
            pass


class StubServer:
    def __init__(self, *behaviours: Behaviour, always: Behaviour = accept) -> None:
        self._behaviours = list(behaviours)
        self._always = always
        self._changed = threading.Condition()
        self.received: List[Received] = []
        self.released = threading.Event()
        self._server = QuietServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"stub": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def note(self, received: Received) -> Behaviour:
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()
            return self._behaviours.pop(0) if self._behaviours else self._always

    @property
    def rows(self) -> List[Dict[str, Any]]:
        with self._changed:
            return [row for received in self.received for row in received.rows]

    def wait_for_requests(self, count: int, timeout: float = 20.0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.received) >= count, timeout)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> "StubServer":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
