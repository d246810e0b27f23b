"""Writes lib/stats/reference/insights.json: incidents that were made up, and what pandas and scipy say of them.

    pip install -r scripts/requirements-reference.txt
    python scripts/insights-reference.py

Durations come from pandas' dates, medians and p90s from numpy.quantile (method "linear"), shares from scipy's binomtest. Nothing
here reads the product's code. Run it again after adding a case, and commit the JSON with the case.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

spec = importlib.util.spec_from_file_location("reference", Path(__file__).with_name("stats-reference.py"))
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)

MEASURES = {
    "detect": ("impactStartedAt", "detectedAt"),
    "acknowledge": ("detectedAt", "acknowledgedAt"),
    "mitigate": ("impactStartedAt", "mitigatedAt"),
    "resolve": ("impactStartedAt", "resolvedAt"),
}
STAMPS = ["impactStartedAt", "detectedAt", "acknowledgedAt", "mitigatedAt", "resolvedAt"]
REAL = ["real_degradation", "data_bug"]


def make_up(rng, count):
    rows = []
    for number in range(1, count + 1):
        began = pd.Timestamp("2026-08-01", tz="UTC") + pd.Timedelta(seconds=int(rng.integers(0, 90 * 86400)))
        steps = rng.lognormal([6, 5, 8, 8], 1.2)
        stamps = [began]
        for step in steps:
            stamps.append(stamps[-1] + pd.Timedelta(seconds=int(step)))
        row = dict(zip(STAMPS, stamps))
        if rng.random() < 0.2:
            row["impactStartedAt"] = None
        for name in ["acknowledgedAt", "mitigatedAt"]:
            if rng.random() < 0.4:
                row[name] = None
        is_over = rng.random() < 0.8
        if not is_over:
            row["resolvedAt"] = None
        verdicts = REAL + ["benign_shift", "seasonality", "monitor_bug"]
        row["verdict"] = str(rng.choice(verdicts)) if is_over and rng.random() < 0.8 else None
        row["model"] = str(rng.choice(["eta", "fraud", "rank"])) if rng.random() < 0.9 else None
        row["pageCount"] = int(rng.poisson(4))
        row["monitors"] = sorted({str(name) for name in rng.choice(["m1", "m2", "m3", "m4"], size=2)})
        row["number"] = number
        rows.append(row)
    return rows


def summarise(frame):
    summary = {}
    for measure, (start, end) in MEASURES.items():
        known = (frame[end] - frame[start]).dropna().dt.total_seconds().to_numpy() * 1000
        summary[measure] = {
            "count": len(known),
            "withoutCount": len(frame) - len(known),
            "medianMs": None if len(known) == 0 else float(np.quantile(known, 0.5, method="linear")),
            "p90Ms": None if len(known) == 0 else float(np.quantile(known, 0.9, method="linear")),
        }
    return summary


def judge(frame):
    judged = frame[frame["verdict"].notna()]
    real = int(judged["verdict"].isin(REAL).sum())
    share = None
    if len(judged) > 0:
        interval = stats.binomtest(real, len(judged)).proportion_ci(0.95, method="wilson")
        share = {"value": real / len(judged), "lower": float(interval.low), "upper": float(interval.high)}
    return {
        "incidentCount": len(frame),
        "pageCount": int(frame["pageCount"].sum()),
        "judgedCount": len(judged),
        "realCount": real,
        "realShare": share,
        "pagesPerReal": None if real == 0 else float(judged["pageCount"].sum() / real),
    }


def case(name, rows):
    frame = pd.DataFrame(rows)
    for stamp in STAMPS:
        frame[stamp] = pd.to_datetime(frame[stamp], utc=True)
    frame["model"] = frame["model"].astype(object)
    models = [
        {"name": None if key == "" else key, "incidentCount": len(own), "durations": summarise(own)}
        for key, own in frame.groupby(frame["model"].fillna(""))
    ]
    monitors = sorted({each for row in rows for each in row["monitors"]})
    iso = lambda at: None if pd.isna(at) else at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "name": name,
        "incidents": [{**row, **{stamp: iso(row[stamp]) for stamp in STAMPS}} for row in rows],
        "durations": summarise(frame),
        "models": models,
        "all": judge(frame),
        "monitors": {each: judge(frame[frame["monitors"].map(lambda own: each in own)]) for each in monitors},
    }


def insights():
    rng = np.random.default_rng(20)
    cases = [case(f"{count} incidents", make_up(rng, count)) for count in (1, 2, 3, 10, 47, 300)]
    reference.write("insights", "numpy.quantile(linear), scipy.stats.binomtest(wilson)", cases=cases)


if __name__ == "__main__":
    insights()
