from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import plumbline
from tests.stub_server import StubServer, hang, larger_than, reject, reset, status

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
PACKAGE_FOLDER = str(Path(__file__).resolve().parent.parent)


def client_of(server: StubServer, **options: object) -> plumbline.Client:
    arguments = {"api_key": "key", "url": server.url, "model": "eta", "version": "1", **options}
    return plumbline.Client(**arguments)  # type: ignore[arg-type]


class ClientCase(unittest.TestCase):
    def setUp(self) -> None:
        logging.getLogger("plumbline").disabled = True
        self.addCleanup(lambda: setattr(logging.getLogger("plumbline"), "disabled", False))


class WhatIsSent(ClientCase):
    def test_a_row_carries_everything_that_was_passed_and_an_id_and_time_of_its_own(self) -> None:
        with StubServer() as server, client_of(server) as client:
            given = client.log_prediction(
                {"distance": 728, "origin": "ATL", "is_weekend": False, "note": None},
                "late",
                score=0.81,
                probabilities={"late": 0.81, "on_time": 0.19},
                latency_ms=12.5,
                tags={"region": "eu", "shard": 3},
                entity_id=42,
                feature_timestamps={"origin_traffic": 1795231200},
                explanations={"distance": 0.21},
                embeddings={"text": [0.1, 0.2]},
                group_id="query-7",
                rank=3,
                weight=1,
                trace_id="t",
            )
            self.assertTrue(client.flush(10))
            (row,) = server.rows
            self.assertRegex(given, UUID7)
            self.assertRegex(row.pop("timestamp"), ISO)
            self.assertEqual(
                row,
                {
                    "model": "eta",
                    "version": "1",
                    "environment": "production",
                    "prediction_id": given,
                    "features": {"distance": 728, "origin": "ATL", "is_weekend": False, "note": None},
                    "prediction": {
                        "label": "late",
                        "score": 0.81,
                        "probabilities": {"late": 0.81, "on_time": 0.19},
                    },
                    "latency_ms": 12.5,
                    "tags": {"region": "eu", "shard": "3"},
                    "entity_id": "42",
                    "feature_timestamps": {"origin_traffic": "2026-11-21T03:20:00.000Z"},
                    "explanations": {"distance": 0.21},
                    "embeddings": {"text": [0.1, 0.2]},
                    "group_id": "query-7",
                    "rank": 3,
                    "weight": 1,
                    "trace_id": "t",
                },
            )
            headers = server.received[0].headers
            self.assertEqual(headers["Authorization"], "Bearer key")
            self.assertEqual(headers["Content-Type"], "application/x-ndjson")

    def test_a_change_says_what_of_what_and_when(self) -> None:
        with StubServer() as server, client_of(server) as client:
            given = client.change("retrain", "weekly", version="2", details={"rows": 10, "left": None})
            again = client.change("config", "limits", change_id="abc", model="", timestamp=1795231200)
            self.assertTrue(client.flush(10))
            first, second = server.rows
            self.assertRegex(given, UUID7)
            self.assertEqual(again, "abc")
            self.assertRegex(first.pop("occurred_at"), ISO)
            self.assertEqual(
                first,
                {
                    "id": given,
                    "kind": "retrain",
                    "title": "weekly",
                    "model": "eta",
                    "version": "2",
                    "details": {"rows": "10"},
                },
            )
            self.assertEqual((second["id"], second["model"]), ("abc", ""))
            self.assertTrue(second["occurred_at"].startswith("2026-11-21T"))

    def test_a_label_names_its_prediction_and_its_time(self) -> None:
        with StubServer() as server, client_of(server) as client:
            client.log_label("p1", 3.5, environment="staging")
            client.log_label("p2", None)
            client.log_label("p3", float("nan"))
            self.assertTrue(client.flush(10))
            (row,) = server.rows
            self.assertEqual(server.received[0].path, "/v1/labels")
            self.assertRegex(row.pop("label_timestamp"), ISO)
            self.assertEqual(
                row, {"model": "eta", "environment": "staging", "prediction_id": "p1", "label": 3.5}
            )
            self.assertEqual(client.stats.dropped_by_reason, {"invalid": 2})

    def test_offline_features_name_their_prediction_and_no_version_of_the_clients(self) -> None:
        with StubServer() as server, client_of(server) as client:
            client.log_features("p1", {"distance": 728, "note": None, "ratio": float("nan")}, source="trips", timestamp=0)
            client.log_features("p2", {"distance": 1}, version="2", environment="staging")
            client.log_features(None, {"distance": 1})  # type: ignore[arg-type]
            client.log_features("p3", 7)  # type: ignore[arg-type]
            self.assertTrue(client.flush(10))
            first, second = server.rows
            self.assertEqual({received.path for received in server.received}, {"/v1/features"})
            self.assertEqual(
                first,
                {
                    "model": "eta",
                    "environment": "production",
                    "prediction_id": "p1",
                    "timestamp": "1970-01-01T00:00:00.000Z",
                    "features": {"distance": 728, "note": None, "ratio": "NaN"},
                    "source": "trips",
                },
            )
            self.assertRegex(second.pop("timestamp"), ISO)
            self.assertEqual((second["version"], second["environment"]), ("2", "staging"))
            self.assertEqual(client.stats.dropped_by_reason, {"invalid": 2})

    def test_what_the_caller_changes_afterwards_is_not_sent(self) -> None:
        with StubServer() as server, client_of(server) as client:
            features = {"x": 1}
            client.log_prediction(features)
            features["x"] = 2
            client.flush(10)
            self.assertEqual(server.rows[0]["features"], {"x": 1})

    def test_rows_leave_without_a_flush(self) -> None:
        with StubServer() as server, client_of(server) as client:
            client.log_prediction({"x": 1})
            self.assertTrue(server.wait_for_requests(1, timeout=4))
            client.flush(10)

    def test_many_rows_leave_in_batches_that_are_compressed(self) -> None:
        with StubServer() as server, client_of(server, flush_interval=60) as client:
            for number in range(1_000):
                client.log_prediction({"x": number})
            self.assertTrue(server.wait_for_requests(1), "500 rows are due, whatever the interval")
            self.assertTrue(client.flush(10))
            self.assertEqual([row["features"]["x"] for row in server.rows], list(range(1_000)))
            self.assertLess(len(server.received), 10)
            self.assertEqual(server.received[0].headers["Content-Encoding"], "gzip")
            self.assertEqual(client.stats.sent, 1_000)


class WhenTheServerMisbehaves(ClientCase):
    def test_a_batch_is_repeated_with_the_same_bytes_until_it_is_acknowledged(self) -> None:
        for name, behaviour in {
            "503": status(503, {"Retry-After": "0"}),
            "429": status(429, {"Retry-After": "0"}),
            "500": status(500),
            "502 from a proxy": status(502),
            "connection reset": reset,
        }.items():
            with self.subTest(name), StubServer(behaviour, behaviour) as server, client_of(server) as client:
                client.log_prediction({"x": 1})
                self.assertTrue(client.flush(20))
                bodies = [received.raw for received in server.received]
                self.assertGreaterEqual(len(bodies), 3)
                self.assertEqual(len(set(bodies)), 1)
                self.assertEqual(client.stats.sent, 1)
                self.assertEqual(client.stats.dropped, 0)

    def test_retry_after_is_waited_for(self) -> None:
        with StubServer(status(503, {"Retry-After": "1"})) as server, client_of(server) as client:
            client.log_prediction({"x": 1})
            self.assertTrue(server.wait_for_requests(1))
            refused_at = time.monotonic()
            self.assertTrue(server.wait_for_requests(2))
            self.assertGreaterEqual(time.monotonic() - refused_at, 0.9)
            client.flush(10)

    def test_a_server_that_hangs_holds_up_neither_the_caller_nor_the_rows_for_ever(self) -> None:
        with StubServer(hang) as server, client_of(server, request_timeout=0.3) as client:
            client.log_prediction({"x": 1})
            self.assertTrue(server.wait_for_requests(1))
            for number in range(1_000):
                client.log_prediction({"x": number})
            self.assertFalse(server.released.is_set(), "all calls returned while the server was still hanging")
            self.assertTrue(client.flush(20))
            self.assertEqual(client.stats.sent, 1_001)

    def test_no_server_at_all_is_survived(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        client = plumbline.Client("key", url, "eta", retry_seconds=0.5)
        client.log_prediction({"x": 1})
        self.assertTrue(client.flush(20))
        self.assertEqual(client.stats.dropped_by_reason, {"unavailable": 1})
        client.close(0)

    def test_an_idle_connection_that_was_closed_costs_no_retry(self) -> None:
        def accept_and_close(handler, received):  # type: ignore[no-untyped-def]
            handler.answer(202, {"accepted": 1, "rejected": []})
            handler.close_connection = True

        with StubServer(accept_and_close) as server, client_of(server) as client:
            for number in range(2):
                client.log_prediction({"x": number})
                self.assertTrue(client.flush(10))
            self.assertEqual((client.stats.sent, client.stats.retries), (2, 0))

    def test_refused_batches_are_dropped_counted_and_not_repeated(self) -> None:
        for code in (301, 400, 401, 403, 404, 413, 415):
            with self.subTest(code), StubServer(status(code)) as server, client_of(server) as client:
                client.log_prediction({"x": 1})
                self.assertTrue(client.flush(10))
                self.assertEqual(len(server.received), 1)
                self.assertEqual(client.stats.dropped_by_reason, {f"http_{code}": 1})

    def test_an_answer_that_is_not_the_data_planes_is_no_acknowledgement(self) -> None:
        with StubServer(status(200, body={"hello": "world"})) as server, client_of(server) as client:
            client.log_prediction({"x": 1})
            client.flush(10)
            self.assertEqual((client.stats.sent, client.stats.dropped), (0, 1))

    def test_a_batch_that_poisons_the_server_does_not_hold_up_the_next_for_ever(self) -> None:
        with StubServer(*[status(500, {"Retry-After": "0"})] * 5) as server, client_of(server) as client:
            client.log_prediction({"x": 1})
            self.assertTrue(server.wait_for_requests(1))
            client.log_prediction({"x": 2})
            self.assertTrue(client.flush(20))
            self.assertEqual((client.stats.sent, client.stats.dropped_by_reason), (1, {"unavailable": 1}))

    def test_a_batch_that_is_too_large_is_split(self) -> None:
        with StubServer(always=larger_than(3)) as server, client_of(server, flush_interval=60) as client:
            for number in range(10):
                client.log_prediction({"x": number})
            self.assertTrue(client.flush(20))
            self.assertEqual(client.stats.sent, 10)
            stored = [r["features"]["x"] for got in server.received if len(got.rows) <= 3 for r in got.rows]
            self.assertEqual(stored, list(range(10)))

    def test_rejected_rows_are_counted_said_and_handed_to_the_callback(self) -> None:
        rejections = []

        def note(rejection: plumbline.Rejection) -> None:
            rejections.append(rejection)
            raise RuntimeError("a callback that fails")

        for indexes in ([1], [0, 1, 2]):
            rejections.clear()
            with self.subTest(indexes), StubServer(reject(indexes)) as server:
                with client_of(server, flush_interval=60, on_rejected=note) as client:
                    ids = [client.log_prediction({"x": number}) for number in range(3)]
                    self.assertTrue(client.flush(10))
                    self.assertEqual(client.stats.rejected, len(indexes))
                    self.assertEqual(client.stats.sent, 3 - len(indexes))
                    self.assertEqual([r.prediction_id for r in rejections], [ids[i] for i in indexes])
                    self.assertEqual(rejections[0].code, "wrong_type")
                    self.assertEqual(rejections[0].row["features"], {"x": indexes[0]})


class InTheCallersPath(ClientCase):
    def test_a_full_buffer_drops_the_newest_and_says_so_once(self) -> None:
        logging.getLogger("plumbline").disabled = False
        with StubServer(hang) as server, self.assertLogs("plumbline", "WARNING") as logs:
            client = client_of(server, buffer_rows=10, request_timeout=30)
            for number in range(50):
                client.log_prediction({"x": number})
            self.assertEqual(client.stats.pending, 10)
            self.assertEqual(client.stats.dropped_by_reason, {"full": 40})
            self.assertEqual(len([line for line in logs.output if "buffer is full" in line]), 1)
            server.released.set()
            self.assertTrue(client.close(20))
            self.assertEqual(sorted(row["features"]["x"] for row in server.received[-1].rows)[-1], 9)

    def test_the_buffer_is_bounded_in_bytes_too(self) -> None:
        with StubServer(hang) as server:
            client = client_of(server, buffer_bytes=10_000)
            for _ in range(50):
                client.log_prediction({"x": "y" * 1_000})
            self.assertLess(client.stats.pending, 10)
            self.assertGreater(client.stats.dropped_by_reason["full"], 40)
            server.released.set()
            client.close(20)

    def test_bad_arguments_never_raise(self) -> None:
        class Hostile:
            def __str__(self) -> str:
                raise RuntimeError("no")

            __repr__ = __str__

        loop: dict = {}
        loop["loop"] = loop
        with StubServer() as server, client_of(server) as client:
            calls = {
                "an object": lambda: client.log_prediction({"x": Hostile()}),
                "features that are no mapping": lambda: client.log_prediction(17),  # type: ignore[arg-type]
                "a circle": lambda: client.log_prediction(loop),
                "a hostile id": lambda: client.log_prediction({}, prediction_id=Hostile()),  # type: ignore[arg-type]
                "a hostile timestamp": lambda: client.log_prediction({}, timestamp=Hostile()),
                "an object as prediction": lambda: client.log_prediction({}, Hostile()),
                "tags that are no mapping": lambda: client.log_prediction({}, tags=3),  # type: ignore[arg-type]
                "two megabytes": lambda: client.log_prediction({"x": "y" * 2_000_000}),
                "a label that is an object": lambda: client.log_label("p", Hostile()),
                "a label of nothing": lambda: client.log_label(None, 1),  # type: ignore[arg-type]
                "a frame that is none": lambda: client.log_frame(object()),
                "a frame without the column": lambda: client.log_frame({"x": [1]}, prediction="y"),
                "labels without a column": lambda: client.log_labels_frame({"x": [1]}),
            }
            for count, (name, call) in enumerate(calls.items(), start=1):
                with self.subTest(name):
                    call()
            self.assertTrue(client.flush(10))
            self.assertGreaterEqual(client.stats.dropped_by_reason["invalid"], len(calls) - 1)

    def test_without_a_key_the_client_is_disabled_and_says_so(self) -> None:
        logging.getLogger("plumbline").disabled = False
        key = os.environ.pop("PLUMBLINE_API_KEY", None)
        try:
            with self.assertLogs("plumbline", "WARNING") as logs:
                client = plumbline.Client(model="eta")
            self.assertIn("PLUMBLINE_API_KEY", logs.output[0])
            self.assertRegex(client.log_prediction({"x": 1}), UUID7)
            self.assertEqual(len(client.log_frame({"x": [1, 2]})), 2)
            client.log_label("p", 1)
            self.assertTrue(client.flush())
            self.assertTrue(client.close())
        finally:
            if key is not None:
                os.environ["PLUMBLINE_API_KEY"] = key

    def test_without_a_model_rows_are_dropped_with_the_reason(self) -> None:
        with StubServer() as server, client_of(server, model=None) as client:
            client.log_prediction({"x": 1})
            client.log_prediction({"x": 1}, model="other")
            client.flush(10)
            self.assertEqual([row["model"] for row in server.rows], ["other"])

    def test_after_close_rows_are_dropped(self) -> None:
        with StubServer() as server:
            client = client_of(server)
            client.close()
            client.log_prediction({"x": 1})
            self.assertEqual(client.stats.dropped_by_reason, {"closed": 1})

    def test_threads_may_log_at_once(self) -> None:
        with StubServer() as server, client_of(server) as client:
            threads = [
                threading.Thread(target=lambda: [client.log_prediction({"x": 1}) for _ in range(500)])
                for _ in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertTrue(client.flush(20))
            self.assertEqual(len({row["prediction_id"] for row in server.rows}), 4_000)


def run_script(source: str, url: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PLUMBLINE_URL": url, "PLUMBLINE_API_KEY": "key", "PYTHONPATH": PACKAGE_FOLDER}
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", source],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class AtTheEndOfAProcess(unittest.TestCase):
    def test_rows_are_sent_when_the_script_ends(self) -> None:
        with StubServer() as server:
            ended = run_script("import plumbline; plumbline.Client(model='eta').log_prediction({'x': 1})", server.url)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertEqual(len(server.rows), 1)

    def test_a_hanging_server_holds_the_end_up_no_longer_than_it_may(self) -> None:
        with StubServer(always=hang) as server:
            started = time.monotonic()
            ended = run_script(
                "import plumbline; plumbline.Client(model='eta', exit_timeout=0.5).log_prediction({'x': 1})",
                server.url,
            )
            self.assertEqual(ended.returncode, 0)
            self.assertIn("1 rows not yet sent", ended.stderr)
            self.assertLess(time.monotonic() - started, 20)

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_a_forked_child_sends_its_own_rows_and_none_of_its_parents(self) -> None:
        source = """
import os, plumbline
client = plumbline.Client(model='eta', flush_interval=60)
client.log_prediction({'x': 0}); client.flush()
client.log_prediction({'who': 'parent'})
child = os.fork()
if child == 0:
    client.log_prediction({'who': 'child'})
    os._exit(0 if client.flush(10) and client.stats.sent == 1 else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        with StubServer() as server:
            ended = run_script(source, server.url)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertEqual(
                sorted(row["features"].get("who", "") for row in server.rows), ["", "child", "parent"]
            )

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_a_multiprocessing_child_sends_its_rows_when_it_ends(self) -> None:
        source = """
import multiprocessing, plumbline
client = plumbline.Client(model='eta', flush_interval=60)
client.log_prediction({'who': 'parent'})
process = multiprocessing.get_context('fork').Process(target=client.log_prediction, args=({'who': 'child'},))
process.start(); process.join()
"""
        with StubServer() as server:
            ended = run_script(source, server.url)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(sorted(row["features"]["who"] for row in server.rows), ["child", "parent"])

    @unittest.skipUnless(hasattr(signal, "setitimer"), "this platform has no interval timer")
    def test_a_signal_handler_that_logs_does_not_deadlock(self) -> None:
        source = """
import signal, plumbline
client = plumbline.Client(model='eta')
counts = [0]
def handler(*_):
    client.log_prediction({'who': 'handler'}); counts[0] += 1
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
logged = 0
while counts[0] < 200 and logged < 90_000:
    client.log_prediction({'who': 'main'}); logged += 1
signal.setitimer(signal.ITIMER_REAL, 0)
assert client.flush(20)
assert client.stats.sent == logged + counts[0], client.stats
"""
        with StubServer() as server:
            ended = run_script(source, server.url)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
