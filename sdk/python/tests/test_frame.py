from __future__ import annotations

import json
import logging
import unittest
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Dict, List

import plumbline
from plumbline.frame import FrameEncoder, LabelColumns, OfflineColumns, PredictionColumns
from tests.stub_server import StubServer, hang

try:
    import numpy
    import pandas
except ImportError:
    numpy = pandas = None  # type: ignore[assignment]
try:
    import pyarrow
except ImportError:
    pyarrow = None  # type: ignore[assignment]

NAN = float("nan")


def rows_of(frame: Any, chunk: int = 3, **columns: Any) -> List[Dict[str, Any]]:
    encoder = FrameEncoder(PredictionColumns(**columns), 'model "100%"', "1", "production")
    found = [json.loads(line) for part in encoder.chunks(frame, chunk) for line in part.lines]
    for row in found:
        assert row.pop("model") == 'model "100%"' and row.pop("version") == "1"
        assert row.pop("environment") == "production"
    return found


class Frames(unittest.TestCase):
    def test_every_kind_of_frame_gives_the_same_rows(self) -> None:
        columns: Dict[str, List[Any]] = {
            "id": ["a", "b", "c", "d"],
            "made": ["2026-11-21T03:22:00Z"] * 4,
            "late": ["late", "on_time", "late", "late"],
            "probability": [0.75, 0.25, 0.5, 1.0],
            "distance": [728, 12, 99, 5],
            "share 50%": [0.1, 1e300, -0.0, 3.0],
            "origin": ["ATL", 'O"H', "東", ""],
            "is_weekend": [True, False, True, False],
            "region": ["eu", "us", "eu", "us"],
            "spare": [1, 2, 3, 4],
        }
        keys = list(columns)
        frames: Dict[str, Any] = {
            "a dict of columns": columns,
            "a list of dicts": [dict(zip(keys, row)) for row in zip(*columns.values())],
            "an iterator of dicts": iter([dict(zip(keys, row)) for row in zip(*columns.values())]),
        }
        if pandas is not None:
            frames["a DataFrame"] = pandas.DataFrame(columns)
            frames["a DataFrame with an index"] = pandas.DataFrame(columns, index=[9, 9, 8, 7])
            frames["categories"] = pandas.DataFrame(columns).astype({"origin": "category", "late": "category"})
            frames["nullable types"] = pandas.DataFrame(columns).convert_dtypes()
            frames["a dict of arrays"] = {name: numpy.array(values) for name, values in columns.items()}
            frames["a dict of Series"] = {name: pandas.Series(values) for name, values in columns.items()}
        if pyarrow is not None:
            frames["an Arrow table"] = pyarrow.table(columns)
            frames["a record batch"] = pyarrow.RecordBatch.from_pydict(columns)
        expected = [
            {
                "prediction_id": columns["id"][i],
                "timestamp": "2026-11-21T03:22:00Z",
                "features": {
                    name: columns[name][i] for name in ("distance", "share 50%", "origin", "is_weekend")
                },
                "prediction": {"label": columns["late"][i], "score": columns["probability"][i]},
                "tags": {"region": columns["region"][i]},
            }
            for i in range(4)
        ]
        for name, frame in frames.items():
            with self.subTest(name):
                rows = rows_of(
                    frame,
                    prediction_id="id",
                    timestamp="made",
                    prediction="late",
                    score="probability",
                    tags=("region",),
                    ignore=("spare",),
                )
                self.assertEqual(rows, expected)
                self.assertIs(type(rows[0]["features"]["is_weekend"]), bool)

    def test_ids_and_times_are_set_where_the_frame_has_none(self) -> None:
        ids = [row["prediction_id"] for row in rows_of({"x": [1, 2, 3, 4]})]
        self.assertEqual(len(set(ids)), 4)
        named = rows_of({"x": [1, 2], "prediction_id": ["a", None], "prediction": [1.5, 2.5]})
        self.assertEqual(named[0]["prediction_id"], "a")
        self.assertEqual(len(named[1]["prediction_id"]), 36)
        self.assertEqual([row["prediction"] for row in named], [1.5, 2.5])
        self.assertEqual(named[0]["features"], {"x": 1})
        as_feature = rows_of({"prediction": [1]}, features=["prediction"])
        self.assertEqual(as_feature[0]["features"], {"prediction": 1})
        self.assertNotIn("prediction", as_feature[0])

    def test_missing_and_not_finite_are_told_apart_where_the_frame_does(self) -> None:
        values = [1.5, NAN, float("inf"), float("-inf"), None]
        expected = [1.5, "NaN", "Infinity", "-Infinity", None]
        frames: Dict[str, Any] = {"columns": {"x": values}, "dicts": [{"x": value} for value in values]}
        if pyarrow is not None:
            frames["Arrow"] = pyarrow.table({"x": pyarrow.array(values, from_pandas=False)})
        for name, frame in frames.items():
            with self.subTest(name):
                self.assertEqual([row["features"]["x"] for row in rows_of(frame)], expected)

    @unittest.skipIf(pandas is None, "pandas is not installed")
    def test_nan_in_a_data_frame_is_a_missing_value_unless_told_otherwise(self) -> None:
        frame = pandas.DataFrame({"x": [1.5, None, float("inf")], "y": ["a", None, NAN]})
        frame["z"] = pandas.array([1, None, 3], dtype="Int64")
        frame["t"] = pandas.to_datetime(["2026-11-21T03:22:00.123", None, None])
        frame["c"] = pandas.Categorical(["u", None, "v"])
        rows = [row["features"] for row in rows_of(frame)]
        self.assertEqual([row["x"] for row in rows], [1.5, None, "Infinity"])
        self.assertEqual([row["y"] for row in rows], ["a", None, None])
        self.assertEqual([row["z"] for row in rows], [1, None, 3])
        self.assertEqual([row["t"] for row in rows], ["2026-11-21T03:22:00.123Z", None, None])
        self.assertEqual([row["c"] for row in rows], ["u", None, "v"])
        told = [row["features"] for row in rows_of(frame, nan_as_null=False)]
        self.assertEqual([row["x"] for row in told], [1.5, "NaN", "Infinity"])

    @unittest.skipIf(pandas is None, "pandas is not installed")
    def test_times_of_a_data_frame_are_utc(self) -> None:
        naive = pandas.to_datetime(["2026-11-21T03:22:00.123456", "2026-11-21T03:22:01.000000"])
        for times in (naive, naive.tz_localize("UTC").tz_convert("Asia/Tokyo")):
            rows = rows_of(pandas.DataFrame({"made": times, "x": [1, 2]}), timestamp="made")
            self.assertEqual(
                [row["timestamp"] for row in rows], ["2026-11-21T03:22:00.123Z", "2026-11-21T03:22:01.000Z"]
            )

    def test_a_key_that_a_row_lacks_stays_absent(self) -> None:
        rows = rows_of([{"x": 1, "y": 2}, {"x": 1}, {"y": 2, "x": 3}])
        self.assertEqual([row["features"] for row in rows], [{"x": 1, "y": 2}, {"x": 1}, {"y": 2, "x": 3}])

    def test_odd_values_are_converted_and_bad_ones_cost_their_row_alone(self) -> None:
        when = datetime(2026, 11, 21, tzinfo=timezone.utc)
        encoder = FrameEncoder(PredictionColumns(), "m", None, "production")
        frame = {"x": [Decimal("1.5"), when, object(), b"\xff", [1, 2], True]}
        (chunk,) = encoder.chunks(frame, 10)
        kept = [json.loads(line)["features"]["x"] for line in chunk.lines]
        self.assertEqual(kept, [1.5, "2026-11-21T00:00:00.000Z", [1, 2], True])
        self.assertEqual((chunk.bad_count, len(chunk.ids)), (2, 6))
        self.assertIn("row 2: features.x", chunk.bad_reason)

    def test_a_prediction_that_is_not_finite_is_left_out_and_said(self) -> None:
        encoder = FrameEncoder(PredictionColumns(score="s", latency_ms="l"), "m", None, "production")
        frame = {"prediction": [1.0, NAN, None], "s": [0.5, None, 0.25], "l": [1, float("inf"), NAN]}
        (chunk,) = encoder.chunks(frame, 10)
        rows = [json.loads(line) for line in chunk.lines]
        self.assertEqual(
            [row.get("prediction") for row in rows], [{"value": 1.0, "score": 0.5}, None, {"score": 0.25}]
        )
        self.assertEqual([row.get("latency_ms") for row in rows], [1, None, None])
        self.assertEqual(chunk.altered_count, 1)

    def test_labels_that_are_not_known_yet_are_left_out(self) -> None:
        encoder = FrameEncoder(LabelColumns("id", "actual", "seen"), "m", None, "production")
        frame = {"id": ["a", "b", 3, None], "actual": ["late", None, 2.5, 1], "seen": [0, 0, 1.5, 0]}
        (chunk,) = encoder.chunks(frame, 10)
        self.assertEqual(
            [json.loads(line) for line in chunk.lines],
            [
                {
                    "model": "m",
                    "environment": "production",
                    "prediction_id": name,
                    "label": label,
                    "label_timestamp": time,
                }
                for name, label, time in (
                    ("a", "late", "1970-01-01T00:00:00.000Z"),
                    ("3", 2.5, "1970-01-01T00:00:01.500Z"),
                )
            ],
        )
        self.assertEqual(chunk.bad_count, 1)


    def test_offline_features_are_all_columns_but_those_that_are_named(self) -> None:
        columns = OfflineColumns("id", "as_of", "trips", None, ("row",))
        encoder = FrameEncoder(columns, "m", None, "production")
        frame = {"id": ["a", None], "as_of": [0, 0], "row": [1, 2], "x": [1.5, 2], "zip": ["00728", "1"]}
        (chunk,) = encoder.chunks(frame, 10)
        self.assertEqual(
            [json.loads(line) for line in chunk.lines],
            [
                {
                    "model": "m",
                    "environment": "production",
                    "source": "trips",
                    "prediction_id": "a",
                    "timestamp": "1970-01-01T00:00:00.000Z",
                    "features": {"x": 1.5, "zip": "00728"},
                }
            ],
        )
        self.assertEqual((chunk.bad_count, chunk.bad_reason), (1, "row 1: offline features need the id of their prediction"))


class FramesThroughTheClient(unittest.TestCase):
    def setUp(self) -> None:
        logging.getLogger("plumbline").disabled = True
        self.addCleanup(lambda: setattr(logging.getLogger("plumbline"), "disabled", False))

    def test_a_frame_larger_than_the_buffer_arrives_whole_when_the_caller_waits(self) -> None:
        with StubServer() as server, plumbline.Client("key", server.url, "eta", buffer_rows=1_000) as client:
            ids = client.log_frame({"x": list(range(25_000))}, wait=30)
            client.log_labels_frame({"prediction_id": ids[:100], "label": [1] * 100}, wait=30)
            self.assertTrue(client.flush(30))
            self.assertEqual(client.stats.sent, 25_100)
            sent = [row["prediction_id"] for row in server.rows if "features" in row]
            self.assertEqual(sent, ids)

    def test_predictions_carry_the_clients_version_and_labels_carry_none(self) -> None:
        with StubServer() as server, plumbline.Client("key", server.url, "eta", version="7") as client:
            ids = client.log_frame([{"x": 1}])
            client.log_labels_frame([{"prediction_id": ids[0], "label": "late"}])
            self.assertTrue(client.flush(30))
            found = {received.path: received.rows[0] for received in server.received}
            self.assertEqual(found["/v1/predictions"]["version"], "7")
            self.assertEqual(
                sorted(found["/v1/labels"]),
                ["environment", "label", "label_timestamp", "model", "prediction_id"],
            )

    def test_a_frame_larger_than_the_buffer_does_not_stall_a_caller_who_does_not_wait(self) -> None:
        with StubServer(hang) as server:
            client = plumbline.Client("key", server.url, "eta", buffer_rows=1_000)
            ids = client.log_frame({"x": list(range(2_500))})
            self.assertEqual(len(ids), 2_500)
            self.assertEqual(client.stats.dropped_by_reason, {"full": 1_500})
            server.released.set()
            client.close(20)


if __name__ == "__main__":
    unittest.main()
