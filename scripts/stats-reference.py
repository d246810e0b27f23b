"""Writes lib/stats/reference/*.json: inputs and the answers of numpy, scipy or exact fractions, with their versions.

    pip install -r scripts/requirements-reference.txt
    python scripts/stats-reference.py

The answers come from the libraries alone; nothing here reads the product's code. Inputs are made from integers, so
that they are the same bits everywhere. Run it again after adding a case, and commit the JSON with the case.
"""

import json
import platform
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import gammaincc

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference"
ALL_BITS = 2**64 - 1


def write(name, how, **content):
    head = {
        "how": how,
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
    }
    lines = []
    for key, value in {**head, **content}.items():
        if isinstance(value, list):
            # One case to a line: a diff then names the case.
            rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
            lines.append(f' "{key}": [\n{rows}\n ]')
        else:
            lines.append(f' "{key}": {json.dumps(value, allow_nan=False)}')
    (TARGET / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{name}.json")


def lattice(count, multiplier, modulus, offset, divisor):
    """(i * multiplier mod modulus + offset) / divisor; exact when the divisor is a power of two."""
    return [(((i * multiplier) % modulus) + offset) / divisor for i in range(count)]


# The grid, from the bits: struct for single values, numpy for whole rows.


def key_of(x):
    bits = struct.unpack("<Q", struct.pack("<d", x + 0.0))[0]
    return bits + 2**63 if bits < 2**63 else ALL_BITS - bits


def float_of_key(key):
    bits = key - 2**63 if key >= 2**63 else ALL_BITS - key
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bin_of(x, resolution, zero_floor):
    return key_of(0.0 if abs(x) < zero_floor else x) >> (52 - resolution)


def bins_of(values, resolution, zero_floor):
    x = np.where(np.abs(values) < zero_floor, 0.0, values) + 0.0
    bits = x.view(np.uint64)
    keys = np.where(bits >= np.uint64(2**63), ~bits, bits | np.uint64(2**63))
    return keys >> np.uint64(52 - resolution)


def zero_floor_of(values):
    if not (values.min() < 0 < values.max()):
        return 0.0
    bins, counts = np.unique(bins_of(values, 5, 0.0), return_counts=True)
    running = np.cumsum(counts)
    q25, q75 = (float_of_key(int(bins[np.argmax(4 * running >= share * values.size)]) << 47) for share in (1, 3))
    spread = 0.001 * q75 - 0.001 * q25
    bits = struct.unpack("<Q", struct.pack("<d", spread))[0] & ~(2**52 - 1)
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def grid_of(values, bin_count_max=1024):
    distinct = np.unique(values + 0.0)
    if distinct.size <= bin_count_max:
        return 52, 0.0, int(distinct.size)
    zero_floor = zero_floor_of(values)
    for resolution in range(52, -1, -1):
        bin_count = np.unique(bins_of(values, resolution, zero_floor)).size
        if bin_count <= bin_count_max or resolution == 0:
            return resolution, zero_floor, int(bin_count)
    raise AssertionError("unreachable")


def float_grid():
    singles = [0.0, -0.0, 1.0, -1.0, 62.0, 63.0, 64.0, 65.0, 999.0, -999.0, 0.1, -0.1, 1 / 3, 1e-3, -1e-3, 1.5e-9]
    singles += [5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308]
    singles += [2000.5, 1.7e9, 1.7e9 + 1e-3, 0.25, -0.25, 0.2499999, 9007199254740993.0]
    bins = []
    for x in singles:
        for resolution, zero_floor in [(0, 0.0), (5, 0.0), (12, 0.0), (20, 0.0), (21, 0.0), (37, 0.0), (52, 0.0), (5, 0.25), (52, 0.25)]:
            number = bin_of(x, resolution, zero_floor)
            bins.append({"x": x, "resolution": resolution, "zeroFloor": zero_floor, "bin": str(number),
                         "leftEdge": float_of_key(number << (52 - resolution))})
    named = {
        "few distinct values stay exact": lattice(3000, 7, 1000, -500, 8),
        "1,024 distinct values stay exact": lattice(1024, 1, 4096, 0, 1),
        "1,025 distinct values do not": lattice(1025, 1, 4096, 0, 1),
        "positive values have no zero floor": lattice(3000, 7919, 10007, 1, 64),
        "values on both sides of zero have one": lattice(3000, 7919, 10007, -5003, 4096),
        "a narrow range far from zero": lattice(2000, 7919, 10007, 131072000, 65536),
        "half of the values in one atom at zero": lattice(1500, 7919, 10007, -5003, 128) + [0.0] * 4600,
        "twelve orders of magnitude": [2.0 ** ((i * 7919) % 997 - 498) * (1 + i / 4096) for i in range(1500)],
        "both signs, twelve orders of magnitude": [(-1.0) ** i * 2.0 ** ((i * 7919) % 997 - 498) * (1 + i / 4096) for i in range(1500)],
    }
    grids = []
    for name, values in named.items():
        resolution, zero_floor, bin_count = grid_of(np.array(values, dtype=np.float64))
        grids.append({"name": name, "resolution": resolution, "zeroFloor": zero_floor, "binCount": bin_count, "values": values})
    write("float-grid", "struct and numpy.unique over the 64 bits; bin numbers as text, they exceed 2^53", bins=bins, grids=grids)


def moments():
    named = {
        "small integers": lattice(101, 37, 101, -50, 1),
        "at an offset of 1e9": [1e9 + x for x in lattice(999, 7919, 10007, 0, 8192)],
        "at an offset of -1e9, near constant": [-1e9 + x for x in lattice(500, 7, 3, 0, 1024)],
        "30 days of hours, three rows each, at 1e9 with a spread of 25": [1e9 + x for x in lattice(2160, 7919, 10007, -5003, 128)],
        "a large and many small": [2.0**40, *lattice(64, 5, 64, 0, 64)],
    }
    cases = []
    for name, values in named.items():
        exact = [Fraction(x) for x in values]
        mean = sum(exact) / len(exact)
        m2 = sum((x - mean) ** 2 for x in exact)
        cases.append({"name": name, "values": values, "mean": float(mean), "m2": float(m2)})
    write("moments", "exact fractions", cases=cases)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    float_grid()
    moments()
