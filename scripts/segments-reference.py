"""Writes lib/stats/reference/worst-segments.json: labelled rows with tags, and what scipy and statsmodels say of every segment.

    pip install -r scripts/requirements-reference.txt
    python scripts/segments-reference.py

The answers come from the libraries alone, on the rows themselves; nothing here reads the product's code. Rows are made from
integers, so that they are the same bits everywhere. Nothing is left out here: which findings are named is the product's rule.
"""

import json
import platform
from itertools import combinations
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference" / "worst-segments.json"


def rows_of(count):
    """Three tags whose values are unlike in size, a row's draw in 0..9999, and an amount."""
    rows = []
    for i in range(count):
        draw = (i * 7919 + 3571) % 10_007
        region = ("eu", "us", "asia", "")[(0, 0, 0, 1, 1, 1, 1, 2, 2, 3)[(i * 13) % 10]]
        carrier = ("AA", "DL", "HA")[(0, 0, 0, 0, 1, 1, 1, 2)[(i // 10 * 5) % 8]]
        hour = str((i // 80 * 11) % 4)
        rows.append(({"region": region, "carrier": carrier, "hour": hour}, draw, (i * 31) % 257 / 64))
    return rows


def rate_loss(tags, draw, _amount):
    planted = tags["carrier"] == "HA" or (tags["region"] == "asia" and tags["hour"] == "3")
    return 1 if draw < (4_000 if planted else 2_000) else 0


def mean_loss(tags, draw, amount):
    return amount + draw / 8_192 + (0.75 if tags["region"] == "us" and tags["carrier"] == "DL" else 0)


def candidates(rows, losses, count_min):
    keys = ["carrier", "hour", "region"]
    wanted = [(key,) for key in keys] + list(combinations(keys, 2))
    found = []
    for names in wanted:
        for values in sorted({tuple(tags[key] for key in names) for tags, _, _ in rows}):
            inside = np.array([tuple(tags[key] for key in names) == values for tags, _, _ in rows])
            if inside.sum() >= count_min and (~inside).sum() >= count_min:
                found.append(([{"key": key, "value": value} for key, value in zip(names, values)], losses[inside], losses[~inside]))
    return found


def study(kind, count, loss, count_min):
    rows = rows_of(count)
    losses = np.array([loss(*row) for row in rows], dtype=float)
    found = candidates(rows, losses, count_min)
    answers = []
    for conditions, here, there in found:
        if kind == "rate":
            k, n, wrong = int(here.sum()), here.size, int(losses.sum())
            p = float(stats.hypergeom.sf(k - 1, losses.size, wrong, n))
            low, high = confint_proportions_2indep(k, n, int(there.sum()), there.size, method="newcomb", compare="diff")
            own = proportion_confint(k, n, method="wilson")
        else:
            test = stats.ttest_ind(here, there, equal_var=False, alternative="greater")
            p = float(test.pvalue)
            low, high = stats.ttest_ind(here, there, equal_var=False).confidence_interval()
            own = stats.t.interval(0.95, here.size - 1, loc=here.mean(), scale=stats.sem(here))
        answers.append({"conditions": conditions, "count": int(here.size), "mean": float(here.mean()), "m2": float(((here - here.mean()) ** 2).sum()),
                        "restMean": float(there.mean()), "difference": [float(low), float(high)], "own": [float(own[0]), float(own[1])], "pValue": p})
    for answer, adjusted in zip(answers, stats.false_discovery_control([one["pValue"] for one in answers])):
        answer["adjustedPValue"] = float(adjusted)
    total = {"count": int(losses.size), "mean": float(losses.mean()), "m2": float(((losses - losses.mean()) ** 2).sum())}
    return {"kind": kind, "countMin": count_min, "total": total, "segments": answers}


if __name__ == "__main__":
    studies = [study("rate", 4_000, rate_loss, 50), study("mean", 3_000, mean_loss, 40)]
    head = {
        "how": "scipy.stats.hypergeom.sf, ttest_ind(equal_var=False, alternative='greater'), false_discovery_control; statsmodels Newcombe and Wilson",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    }
    lines = [f' "{key}": {json.dumps(value)}' for key, value in head.items()]
    cases = ",\n".join("  " + json.dumps(one, allow_nan=False) for one in studies)
    TARGET.write_text("{\n" + ",\n".join([*lines, f' "studies": [\n{cases}\n ]']) + "\n}\n", encoding="utf-8")
    print(TARGET.name)
