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
from math import comb
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import factorial, gamma, gammaincc, kv

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


COUNT_PAIRS = {
    "ten even cells against a tilt": ([100] * 10, [70, 80, 90, 95, 100, 100, 105, 110, 120, 130]),
    "two cells": ([45, 45], [30, 60]),
    "very different sizes": ([20000, 30000, 50000], [190, 330, 480]),
    "skewed": ([9000, 900, 90, 9, 1], [880, 100, 15, 3, 2]),
    "twenty cells of a lattice": ([50 + (i * 37) % 41 for i in range(20)], [30 + (i * 23) % 47 for i in range(20)]),
}
SPARSE_PAIRS = {
    "a vanished and a new cell": ([428, 429, 143, 0], [200, 200, 0, 100]),
    "disjoint": ([100, 0], [0, 50]),
    "equal": ([10, 20, 30], [10, 20, 30]),
    "one cell": ([100], [7]),
}


def shares(counts, pseudo_count=0.0):
    counts = np.array(counts, dtype=np.float64) + pseudo_count
    return counts / counts.sum()


def psi():
    cases = []
    for name, (a, b) in {**COUNT_PAIRS, **SPARSE_PAIRS}.items():
        pseudo_count = 0.5 if 0 in a or 0 in b else 0.0
        p, q = shares(a, pseudo_count), shares(b, pseudo_count)
        cases.append({"name": name, "baseline": a, "window": b, "smoothing": "add_half" if pseudo_count else "none",
                      "value": float(stats.entropy(p, q) + stats.entropy(q, p))})
    write("psi", "scipy.stats.entropy both ways, in nats", cases=cases)


def jensen_shannon():
    cases = []
    for name, (a, b) in {**COUNT_PAIRS, **SPARSE_PAIRS}.items():
        cases.append({"name": name, "baseline": a, "window": b, "distanceNat": float(jensenshannon(a, b)),
                      "distanceBit": float(jensenshannon(a, b, base=2))})
    write("jensen-shannon", "scipy.spatial.distance.jensenshannon", cases=cases)


def hellinger():
    cases = [{"name": name, "baseline": a, "window": b,
              "distance": float(np.linalg.norm(np.sqrt(shares(a)) - np.sqrt(shares(b))) / np.sqrt(2))}
             for name, (a, b) in {**COUNT_PAIRS, **SPARSE_PAIRS}.items()]
    write("hellinger", "numpy.linalg.norm of the difference of the roots of the shares, over sqrt(2)", cases=cases)


def chi_squared():
    cases = []
    for name, (a, b) in COUNT_PAIRS.items():
        answer = stats.chi2_contingency(np.array([a, b]), correction=False)
        cases.append({"name": name, "baseline": a, "window": b, "statistic": float(answer.statistic),
                      "degreesOfFreedom": int(answer.dof), "pValue": float(answer.pvalue)})
    survival = [{"x": x, "degreesOfFreedom": k, "pValue": float(stats.chi2.sf(x, k))}
                for k in (1, 2, 3, 4, 9, 19, 50, 499, 5000)
                for x in (0.0, 1e-6, 0.5, 1.0, k * 0.5, k * 0.9, k * 1.0, k * 1.1, k * 1.5, k * 2.0 + 5, k * 3.0 + 40, k + 300.0)]
    gamma = [{"a": a, "x": x, "upper": float(gammaincc(a, x))} for a in (0.1, 1.0, 3.7, 25.5, 1000.0) for x in (0.01, 0.9, 3.0, 26.0, 1010.0)]
    tails = []
    for a, b, n, m in [(45, 30, 90, 90), (0, 3, 10000, 100), (0, 50, 10000, 100), (3, 0, 100, 10000), (200, 1, 50000, 100), (1, 1, 2, 2), (7, 12, 5000, 900), (23700, 6600, 69600, 47000), (6600, 23700, 47000, 69600)]:
        t = a + b
        law = stats.hypergeom(n + m, m, t)
        tails.append({"baselineCount": a, "windowCount": b, "baselineTotal": n, "windowTotal": m,
                      "lower": float(law.cdf(b)), "upper": float(law.sf(b - 1)),
                      "pValue": float(min(1.0, 2 * min(law.cdf(b), law.sf(b - 1))))})
    write("chi-squared", "scipy.stats.chi2_contingency(correction=False), chi2.sf, hypergeom; scipy.special.gammaincc",
          cases=cases, survival=survival, gamma=gamma, hypergeometric=tails)


def false_discovery():
    families = [[0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216], [0.5], [1e-9, 1.0, 1e-9, 0.3], [(i * 37 % 101 + 1) / 128 for i in range(60)]]
    cases = [{"pValues": ps, "adjusted": [float(x) for x in stats.false_discovery_control(ps)]} for ps in families]
    weighted = []
    for ps in families:
        weights = np.array([9.0 if i % 2 == 0 else 1.0 for i in range(len(ps))])
        scaled = np.minimum(1, np.array(ps) * weights.mean() / weights)
        weighted.append({"pValues": ps, "weights": [float(w) for w in weights], "adjusted": [float(x) for x in stats.false_discovery_control(scaled)]})
    write("false-discovery", "scipy.stats.false_discovery_control", cases=cases, weighted=weighted)


def kolmogorov_smirnov():
    pairs = {
        "equal sizes": (lattice(300, 7919, 10007, 0, 8192), lattice(300, 7907, 10009, 600, 8192)),
        "sizes without a common divisor": (lattice(401, 7919, 10007, 0, 8192), lattice(173, 7907, 10009, 900, 8192)),
        "many ties": (lattice(500, 7, 10, 0, 1), lattice(240, 7, 12, 0, 1)),
        "small": ([1.0, 2.0, 3.0], [2.5, 4.0]),
        "one row each, apart": ([1.0], [2.0]),
        "one row each, equal": ([1.0], [1.0]),
        "same sample": (lattice(50, 7, 64, 0, 1), lattice(50, 7, 64, 0, 1)),
        "disjoint": (lattice(60, 7, 64, 0, 1), lattice(40, 7, 64, 100, 1)),
        "above 10,000 rows": (lattice(12000, 7919, 100003, 0, 4), lattice(3000, 7907, 100019, 1500, 4)),
        "both signs around zero": (lattice(2500, 7919, 10007, -5003, 4096), lattice(1700, 7907, 10009, -4700, 4096)),
    }
    samples = []
    for name, (x, y) in pairs.items():
        auto, asymptotic = stats.ks_2samp(x, y, method="auto"), stats.ks_2samp(x, y, method="asymp")
        # One row a side rounds to a sample of none: scipy answers NaN, which JSON does not know.
        asymptotic_p = None if np.isnan(asymptotic.pvalue) else float(asymptotic.pvalue)
        samples.append({"name": name, "statistic": float(auto.statistic), "pValue": float(auto.pvalue),
                        "pValueAsymptotic": asymptotic_p, "baseline": x, "window": y})
    grid = [(n, d) for n in (1, 2, 5, 10, 50, 100, 140, 141, 200, 333, 1000, 2400, 5000, 20000, 99999) for d in
            [z / np.sqrt(n) for z in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.5, 1.8, 2.0, 2.1, 2.5, 3.0, 4.0)] if d < 1]
    one_sample = [{"n": n, "d": float(d), "pValue": float(stats.kstwo.sf(d, n))} for n, d in grid]
    many = [{"n": n, "d": float(z / np.sqrt(n)), "pValue": float(stats.kstwo.sf(z / np.sqrt(n), n))}
            for n in (100001, 1000000) for z in (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0)]
    write("kolmogorov-smirnov", "scipy.stats.ks_2samp(method='auto' and 'asymp'), scipy.stats.kstwo.sf",
          samples=samples, oneSample=one_sample, oneSampleOfManyRows=many)


LINE_PAIRS = {
    "equal sizes": (lattice(300, 7919, 10007, 0, 8192), lattice(300, 7907, 10009, 600, 8192)),
    "sizes without a common divisor": (lattice(401, 7919, 10007, 0, 8192), lattice(173, 7907, 10009, 900, 8192)),
    "many ties": (lattice(500, 7, 10, 0, 1), lattice(240, 7, 12, 0, 1)),
    "small": ([1.0, 2.0, 3.0], [2.5, 4.0]),
    "crossing: the window is narrower": (lattice(400, 7919, 10007, -5003, 1024), lattice(300, 7907, 5003, -2501, 1024)),
    "disjoint": (lattice(60, 7, 64, 0, 1), lattice(40, 7, 64, 100, 1)),
    "half of the values in one atom": (lattice(200, 7919, 10007, 0, 256) + [0.0] * 200, lattice(250, 7907, 10009, 300, 256) + [0.0] * 90),
    "around 1e9": ([1e9 + x for x in lattice(500, 7919, 10007, 0, 64)], [1e9 + x for x in lattice(400, 7907, 10009, 800, 64)]),
    "around 1e-9": (lattice(500, 7919, 10007, 0, 2.0**43), lattice(400, 7907, 10009, 800, 2.0**43)),
    "heavy tails": ([2.0 ** ((i * 7919) % 61 - 30) for i in range(500)], [2.0 ** ((i * 7907) % 59 - 27) for i in range(300)]),
}
# Rows beyond what a file should hold: the tests make them again from the same integers.
LARGE_LATTICES = [
    {"name": "a million rows each", "baseline": [1_000_000, 7919, 1_000_003, 0, 1024], "window": [1_000_000, 7907, 1_000_033, 9000, 1024], "offset": 0.0},
    {"name": "a million rows each around 1e9", "baseline": [1_000_000, 7919, 1_000_003, 0, 1024], "window": [1_000_000, 7907, 1_000_033, 9000, 1024], "offset": 1e9},
    {"name": "a million rows each around 1e-9", "baseline": [1_000_000, 7919, 1_000_003, 0, 2.0**50], "window": [1_000_000, 7907, 1_000_033, 9000, 2.0**50], "offset": 0.0},
]


def line_answers(x, y):
    x, y = np.array(x), np.array(y)
    cvm = stats.cramervonmises_2samp(x, y, method="asymptotic")
    welch = stats.ttest_ind(y, x, equal_var=False)
    interval = welch.confidence_interval(0.95)
    return {"wasserstein": float(stats.wasserstein_distance(x, y)), "deviation": float(np.std(x)),
            "energy": float(stats.energy_distance(x, y)), "cvm": float(cvm.statistic), "cvmPValue": float(cvm.pvalue),
            "difference": float(y.mean() - x.mean()), "t": float(welch.statistic), "degreesOfFreedom": float(welch.df),
            "tPValue": float(welch.pvalue), "low": float(interval.low), "high": float(interval.high)}


def two_sample():
    cases = [{"name": name, **line_answers(x, y), "baseline": x, "window": y} for name, (x, y) in LINE_PAIRS.items()]
    large = []
    for one in LARGE_LATTICES:
        x, y = (np.array(lattice(*one[side])) + one["offset"] for side in ("baseline", "window"))
        large.append({**one, **line_answers(x, y), "ks": float(stats.ks_2samp(x, y, method="asymp").statistic)})
    write("two-sample", "scipy.stats.wasserstein_distance, energy_distance, cramervonmises_2samp(method='asymptotic'), ttest_ind(equal_var=False), ks_2samp",
          cases=cases, large=large)


def cells():
    cases = []
    for name, (a, b) in {**COUNT_PAIRS, **SPARSE_PAIRS}.items():
        pseudo_count = 0.5 if 0 in a or 0 in b else 0.0
        gaps = np.abs(shares(a) - shares(b))
        case = {"name": name, "baseline": a, "window": b, "kl": float(stats.entropy(shares(a, pseudo_count), shares(b, pseudo_count))),
                "totalVariation": float(gaps.sum() / 2), "lInfinity": float(gaps.max()), "cell": int(gaps.argmax())}
        if len(a) > 1:
            table = np.array([a, b])
            g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
            n, k = int(table.sum()), len(a)
            chi2 = stats.chi2_contingency(table, correction=False).statistic
            # Bergsma (2013), formulas 5 and 6, in exact fractions of the statistic.
            phi = max(0.0, chi2 / n - (k - 1) / (n - 1))
            smaller = min(k - (k - 1) ** 2 / (n - 1) - 1, 2 - 1 / (n - 1) - 1)
            case |= {"g": float(g.statistic), "gPValue": float(g.pvalue), "cramersV": float(stats.contingency.association(table, method="cramer")),
                     "cramersVCorrected": float(min(1.0, np.sqrt(phi / smaller)))}
        cases.append(case)
    write("cells", "scipy.stats.entropy, chi2_contingency(lambda_='log-likelihood'), contingency.association; numpy", cases=cases)


def cramer_von_mises_tail(x):
    """The series of Anderson and Darling (1952) to its end; scipy's own stops at terms of 1e-7, and loses small tails."""
    k = np.arange(200)
    a = (4 * k + 1) ** 2 / (16 * x)
    terms = gamma(k + 0.5) / (gamma(0.5) * factorial(k)) * np.sqrt(4 * k + 1) * np.exp(-a) * kv(0.25, a)
    return float(1 - np.nansum(terms) / (np.pi * np.sqrt(x)))


def overrun_tail(outside, n, m):
    """P(K >= outside) exactly: scipy's betabinom.sf is one minus a sum, and loses small tails."""
    below = sum((k + 1) * comb(m - k + n - 2, n - 2) for k in range(outside))
    return float(1 - Fraction(below, comb(m + n, n)))


def distributions():
    law = [{"x": x, "pValue": cramer_von_mises_tail(x)} for x in (0.003, 0.01, 0.02, 0.05, 0.1, 0.1667, 0.3, 0.461, 0.743, 1.168, 2.0, 2.5)]
    t = [{"t": x, "degreesOfFreedom": v, "pValue": float(2 * stats.t.sf(x, v))} for v in (0.7, 1.0, 2.5, 10.0, 99.3, 1e4, 1e7) for x in (0.0, 0.1, 1.0, 2.5, 7.0, 30.0)]
    quantiles = [{"degreesOfFreedom": v, "quantile": float(stats.t.ppf(0.975, v))} for v in (0.7, 1.0, 2.5, 10.0, 99.3, 1e4, 1e7)]
    beta = [{"a": a, "b": b, "x": x, "value": float(stats.beta.cdf(x, a, b))} for a in (0.5, 2.0, 40.0) for b in (0.5, 3.0, 500.0) for x in (0.001, 0.2, 0.5, 0.95)]
    normal = [{"z": z, "pValue": float(stats.norm.sf(z))} for z in (-5.0, -1.0, 0.0, 0.3, 1.959963984540054, 5.0, 12.0, 37.0)]
    overrun = [{"outside": k, "baselineCount": n, "windowCount": m, "pValue": overrun_tail(k, n, m)}
               for n, m in ((2, 5), (100, 100), (1000, 200), (1000, 50000), (100000, 1000)) for k in (1, 2, 5, 40) if k <= m]
    wilson = []
    for k, n in ((0, 10), (1, 10), (81, 263), (15, 148), (1000, 1000), (3, 1_000_000)):
        low, high = stats.binomtest(k, n).proportion_ci(method="wilson")
        wilson.append({"count": k, "total": n, "low": float(low), "high": float(high)})
    # Newcombe (1998), table II, method 10, to the four digits that are printed there.
    newcombe = [{"first": a, "second": b, "low": low, "high": high} for a, b, low, high in (
        ([56, 70], [48, 80], 0.0524, 0.3339), ([9, 10], [3, 10], 0.1705, 0.8090), ([6, 7], [2, 7], 0.0582, 0.8062),
        ([5, 56], [0, 29], -0.0381, 0.1926), ([0, 10], [0, 20], -0.1611, 0.2775), ([0, 10], [0, 10], -0.2775, 0.2775),
        ([10, 10], [0, 20], 0.6791, 1.0), ([10, 10], [0, 10], 0.6075, 1.0))]
    write("distributions", "scipy.special.kv for the limiting law of Cramer-von Mises; scipy.stats t, beta, norm, binomtest; exact fractions; Newcombe (1998), table II",
          cramerVonMises=law, student=t, studentQuantiles=quantiles, beta=beta, normal=normal, overrun=overrun, wilson=wilson, newcombe=newcombe)


FLIGHTS = Path(__file__).resolve().parent.parent / "node_modules" / "vega-datasets" / "data" / "flights-3m.parquet"


def flights():
    """The demo's own rows: January 2001 against one week of June."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(FLIGHTS)
    date = table["date"].to_numpy().astype("datetime64[ms]")
    sides = [(date >= np.datetime64(a)) & (date < np.datetime64(b)) for a, b in (("2001-01-01", "2001-02-01"), ("2001-06-11", "2001-06-18"))]
    numeric = {
        "distance": table["distance"].to_numpy().astype(float),
        "delay": table["delay"].to_numpy().astype(float),
        "departure_hour": (date.astype("datetime64[h]").astype("int64") % 24).astype(float),
    }
    numbers = []
    for name, values in numeric.items():
        answer = stats.ks_2samp(values[sides[0]], values[sides[1]], method="asymp")
        numbers.append({"feature": name, "ks": float(answer.statistic), "pValue": float(answer.pvalue),
                        "baselineCount": int(sides[0].sum()), "windowCount": int(sides[1].sum())})
    categories = []
    for name in ("origin", "destination"):
        values = table[name].to_numpy(zero_copy_only=False)
        seen = sorted(set(values[sides[0]]) | set(values[sides[1]]))
        counts = np.array([[np.count_nonzero(column == one) for one in seen] for column in (values[sides[0]], values[sides[1]])])
        chi2 = stats.chi2_contingency(counts, correction=False)
        categories.append({"feature": name, "categoryCount": len(seen), "jsDistanceNat": float(jensenshannon(counts[0], counts[1])),
                           "jsDistanceBit": float(jensenshannon(counts[0], counts[1], base=2)),
                           "chiSquared": float(chi2.statistic), "degreesOfFreedom": int(chi2.dof)})
    write("flights", "scipy.stats.ks_2samp(method='asymp'), chi2_contingency(correction=False), scipy.spatial.distance.jensenshannon",
          baseline=["2001-01-01", "2001-02-01"], window=["2001-06-11", "2001-06-18"], numeric=numbers, categorical=categories)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    float_grid()
    moments()
    psi()
    jensen_shannon()
    hellinger()
    chi_squared()
    false_discovery()
    kolmogorov_smirnov()
    two_sample()
    cells()
    distributions()
    flights()
