from __future__ import annotations

import dataclasses
import enum
import json
import unittest
import uuid
from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from plumbline.encode import as_mapping, encode_row
from plumbline.ids import iso_of_ms, to_iso, uuid7, uuid7s

try:
    import numpy
except ImportError:
    numpy = None  # type: ignore[assignment]
try:
    import pandas
except ImportError:
    pandas = None  # type: ignore[assignment]


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Trip:
    distance: int
    origin: str


def sent_feature(value: object) -> object:
    line, _ = encode_row({"features": {"x": value}})
    return json.loads(line, parse_constant=lambda name: f"not JSON: {name}")["features"]["x"]


class Features(unittest.TestCase):
    def test_values_arrive_as_the_wire_has_them(self) -> None:
        when = datetime(2026, 11, 21, 3, 22, 0, 123_456, timezone.utc)
        cases = {
            "a float": (0.1, 0.1),
            "an int": (7, 7),
            "a boolean": (True, True),
            "a string that looks like a number": ("00728", "00728"),
            "other scripts": ("né à Québec 東京", "né à Québec 東京"),
            "None": (None, None),
            "NaN": (float("nan"), "NaN"),
            "infinity": (float("inf"), "Infinity"),
            "minus infinity": (float("-inf"), "-Infinity"),
            "a Decimal": (Decimal("12.5"), 12.5),
            "a Decimal NaN": (Decimal("NaN"), "NaN"),
            "a Fraction": (Fraction(1, 4), 0.25),
            "a datetime": (when, "2026-11-21T03:22:00.123Z"),
            "a naive datetime is UTC": (when.replace(tzinfo=None), "2026-11-21T03:22:00.123Z"),
            "a date": (date(2026, 11, 21), "2026-11-21"),
            "a duration": (timedelta(minutes=2), 120.0),
            "bytes": (b"abc", "abc"),
            "an enum": (Colour.RED, "red"),
            "a UUID": (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
            "a list goes as it is, for the server to judge": ([1, float("nan")], [1, "NaN"]),
        }
        for name, (value, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(sent_feature(value), expected)

    @unittest.skipIf(numpy is None, "numpy is not installed")
    def test_numpy_scalars_arrive_as_numbers(self) -> None:
        cases = [
            (numpy.float64(0.1), 0.1),
            (numpy.float32(0.5), 0.5),
            (numpy.int64(7), 7),
            (numpy.uint8(7), 7),
            (numpy.bool_(True), True),
            (numpy.str_("a"), "a"),
            (numpy.float32("nan"), "NaN"),
            (numpy.float64("-inf"), "-Infinity"),
            (numpy.array(3.5), 3.5),
            (numpy.datetime64("2026-11-21T03:22:00.123456789"), "2026-11-21T03:22:00.123Z"),
            (numpy.datetime64("NaT"), None),
            (numpy.timedelta64(1500, "ms"), 1.5),
        ]
        for value, expected in cases:
            with self.subTest(repr(value)):
                self.assertEqual(sent_feature(value), expected)

    @unittest.skipIf(pandas is None, "pandas is not installed")
    def test_pandas_missing_values_arrive_as_null(self) -> None:
        for value in (pandas.NA, pandas.NaT):
            self.assertIsNone(sent_feature(value))
        stamp = pandas.Timestamp("2026-11-21T03:22:00.123456Z")
        self.assertEqual(sent_feature(stamp), "2026-11-21T03:22:00.123Z")
        self.assertEqual(as_mapping(pandas.Series({"a": 1, "b": "x"})), {"a": 1, "b": "x"})

    def test_features_may_come_as_anything_that_maps_names_to_values(self) -> None:
        expected = {"distance": 728, "origin": "ATL"}
        for value in (expected, MappingProxyType(expected), OrderedDict(expected), Trip(728, "ATL")):
            self.assertEqual(as_mapping(value), expected)

    def test_what_can_not_be_sent_is_refused_by_name(self) -> None:
        for value in (object(), b"\xff\xfe", len):
            with self.assertRaisesRegex((TypeError, ValueError), "features.x"):
                encode_row({"features": {"x": value}})

    def test_outside_the_features_a_number_that_is_not_finite_is_left_out_and_said(self) -> None:
        line, notes = encode_row(
            {
                "prediction": {"label": "a", "score": float("nan")},
                "latency_ms": float("inf"),
                "explanations": {"a": float("nan"), "b": 1.0},
                "embeddings": {"good": [1.0], "bad": [1.0, float("nan")]},
            }
        )
        self.assertEqual(
            json.loads(line),
            {"prediction": {"label": "a"}, "explanations": {"b": 1.0}, "embeddings": {"good": [1.0]}},
        )
        self.assertEqual(
            [path for path, _ in notes],
            ["prediction.score", "latency_ms", "explanations.a", "embeddings.bad"],
        )


class IdsAndTimes(unittest.TestCase):
    def test_ids_are_versions_7_unique_and_ordered_by_time(self) -> None:
        ids = [uuid7(1_795_231_320_123) for _ in range(1_000)] + uuid7s(1_795_231_320_123, 1_000)
        self.assertEqual(len(set(ids)), 2_000)
        for text in ids:
            parsed = uuid.UUID(text)
            self.assertEqual((str(parsed), parsed.version, parsed.variant), (text, 7, uuid.RFC_4122))
            self.assertEqual(parsed.int >> 80, 1_795_231_320_123)
        self.assertLess(uuid7(1_000), uuid7(1_001))

    def test_times_are_utc_with_milliseconds(self) -> None:
        paris = timezone(timedelta(hours=1))
        cases = [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_231_320, "2026-11-21T03:22:00.000Z"),
            (1_795_231_320.5, "2026-11-21T03:22:00.500Z"),
            (1_795_231_320_123, "2026-11-21T03:22:00.123Z"),
            (datetime(2026, 11, 21, 4, 22, tzinfo=paris), "2026-11-21T03:22:00.000Z"),
            (datetime(1969, 12, 31, 23, 59, 59, 999_000), "1969-12-31T23:59:59.999Z"),
            ("2026-11-21T03:22:00Z", "2026-11-21T03:22:00Z"),
        ]
        for value, expected in cases:
            with self.subTest(repr(value)):
                self.assertEqual(to_iso(value), expected)
        for value in (None, float("nan"), True, object()):
            with self.assertRaises((TypeError, ValueError)):
                to_iso(value)
        self.assertEqual([iso_of_ms(ms)[-5:] for ms in (999, 1_000, 1_999)], [".999Z", ".000Z", ".999Z"])


if __name__ == "__main__":
    unittest.main()
