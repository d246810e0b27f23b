"""What the SDK sends is accepted by a running data plane. Set PLUMBLINE_TEST_URL and PLUMBLINE_TEST_KEY."""

from __future__ import annotations

import os
import unittest
from typing import List

import plumbline

URL = os.environ.get("PLUMBLINE_TEST_URL")
KEY = os.environ.get("PLUMBLINE_TEST_KEY")


@unittest.skipUnless(URL and KEY, "PLUMBLINE_TEST_URL and PLUMBLINE_TEST_KEY name no running ingest")
class AgainstIngest(unittest.TestCase):
    def setUp(self) -> None:
        self.rejections: List[plumbline.Rejection] = []
        self.client = plumbline.Client(
            KEY, URL, model="sdk-python-test", version="1", on_rejected=self.rejections.append
        )
        self.addCleanup(self.client.close)

    def assert_all_sent(self, count: int) -> None:
        self.assertTrue(self.client.flush(30))
        stats = self.client.stats
        self.assertEqual((stats.sent, stats.rejected, stats.dropped), (count, 0, 0), self.rejections)

    def test_every_field_is_accepted(self) -> None:
        prediction_id = self.client.log_prediction(
            {"distance": 728, "origin": "ATL", "is_weekend": False, "note": None, "odd": float("nan")},
            "late",
            score=0.81,
            probabilities={"late": 0.81, "on_time": 0.19},
            latency_ms=12.5,
            tags={"region": "eu"},
            entity_id="customer-42",
            explanations={"distance": 0.21},
            embeddings={"text": [0.1, 0.2]},
            group_id="query-7",
            rank=3,
            weight=1,
            trace_id="trace",
        )
        self.client.log_label(prediction_id, "on_time")
        offline = {"distance": 728, "origin": "ATL", "note": None, "odd": float("nan")}
        self.client.log_features(prediction_id, offline, source="trips", version="1")
        self.client.log_features_frame({"prediction_id": [prediction_id], "distance": [728]}, source="trips")
        self.assert_all_sent(4)

    def test_a_change_is_accepted(self) -> None:
        self.client.change(
            "deployment",
            "1 to production",
            version="1",
            environment="production",
            source="ci",
            url="https://ci.example.com/1",
            details={"commit": "abc", "canary": True, "left": None},
        )
        self.client.change("feature_pipeline", "trips 12", model="")
        self.assert_all_sent(2)

    def test_numbers_booleans_and_strings_are_predictions_and_labels(self) -> None:
        for value in (3.5, True, "late", float("inf")):
            self.client.log_label(self.client.log_prediction({"x": 1}, value), "late")
        self.assert_all_sent(8)

    def test_a_frame_is_accepted_whole(self) -> None:
        columns = {"x": [0.1, float("nan"), float("inf"), None], "origin": ["ATL", None, "né", '"']}
        ids = self.client.log_frame({**columns, "prediction": [1.5, 2, None, 3]})
        self.client.log_labels_frame({"prediction_id": ids, "label": [1, None, 2, 3]})
        self.assert_all_sent(7)

    def test_a_row_that_is_not_as_agreed_is_rejected_alone_and_said(self) -> None:
        self.client.log_prediction({"x": 1})
        bad = self.client.log_prediction({"x": {"nested": 1}})
        self.assertTrue(self.client.flush(30))
        self.assertEqual((self.client.stats.sent, self.client.stats.rejected), (1, 1))
        self.assertEqual(self.rejections[0].prediction_id, bad)
        self.assertTrue(self.rejections[0].code)

    def test_a_wrong_key_is_refused_and_the_rows_are_counted(self) -> None:
        with plumbline.Client("not-a-key", URL, model="sdk-python-test") as stranger:
            stranger.log_prediction({"x": 1})
            self.assertTrue(stranger.flush(30))
            self.assertEqual(stranger.stats.dropped_by_reason, {"http_401": 1})


if __name__ == "__main__":
    unittest.main()
