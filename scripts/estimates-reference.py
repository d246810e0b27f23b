"""Writes lib/stats/reference/performance-direct-loss.json and performance-multiclass-estimate.json: what LightGBM and scikit-learn
make of DLE and of CBPE for many classes, by NannyML's definitions, with the libraries' versions.

    pip install -r scripts/requirements-reference.txt
    python scripts/estimates-reference.py

Rows are made from integers by a formula that the tests repeat, so that they are the same bits everywhere. Nothing here
reads the product's code.
"""

import json
import platform
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import sklearn
from sklearn import metrics
from sklearn.isotonic import IsotonicRegression

TARGET = Path(__file__).resolve().parent.parent / "lib" / "stats" / "reference"


def write(name, how, **content):
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__, "lightgbm": lightgbm.__version__}
    lines = [f' "how": {json.dumps(how)}', f' "versions": {json.dumps(versions)}']
    for key, value in content.items():
        rows = ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value)
        lines.append(f' "{key}": [\n{rows}\n ]')
    (TARGET / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{name}.json")


def u(i, factor, modulus):
    return ((i * factor) % modulus + 0.5) / modulus


def regression_rows(first, count, tilt):
    """A prediction whose error grows with `size` and depends on `kind`; `tilt` moves what comes in, not what it means."""
    rows = []
    for i in range(first, first + count):
        a = u(i, 7919, 10007)
        size = a * (1 - tilt) + tilt * (0.5 + 0.5 * a)
        other = u(i, 6271, 10009)
        kind = "abcd"[int(u(i, 5003, 9967) * 4) if u(i, 4099, 9973) > tilt else 3]
        noise = u(i, 3571, 10037) + u(i, 2657, 10039) + u(i, 1873, 10061) - 1.5
        spread = 0.5 + 4 * size * size + (2 if kind == "d" else 0)
        truth = 20 + 30 * size + 5 * other
        rows.append((size, other, kind, truth, truth + spread * noise))
    return rows


def direct_loss():
    def frame(rows):
        data = pd.DataFrame(rows, columns=["size", "other", "kind", "prediction", "label"])
        data["kind"] = data["kind"].map({"a": 1, "b": 2, "c": 3, "d": 4})
        return data

    reference = frame(regression_rows(0, 4000, 0.0))
    columns = ["size", "other", "kind", "prediction"]
    losses = {
        "mae": lambda y, p: np.abs(p - y),
        "mse": lambda y, p: (p - y) ** 2,
        "mape": lambda y, p: np.abs(p - y) / np.maximum(np.abs(y), np.finfo(np.float64).eps),
        "msle": lambda y, p: (np.log1p(y) - np.log1p(p)) ** 2,
    }
    models = {name: lightgbm.LGBMRegressor(verbose=-1).fit(reference[columns], loss(reference.label, reference.prediction))
              for name, loss in losses.items()}
    windows = []
    for first, tilt in ((4000, 0.0), (5000, 0.3), (6000, 0.6), (7000, 0.9)):
        data = frame(regression_rows(first, 1000, tilt))
        estimated = {name: float(np.maximum(0, model.predict(data[columns])).mean()) for name, model in models.items()}
        realised = {"mae": metrics.mean_absolute_error(data.label, data.prediction), "mse": metrics.mean_squared_error(data.label, data.prediction),
                    "mape": metrics.mean_absolute_percentage_error(data.label, data.prediction),
                    "msle": metrics.mean_squared_log_error(data.label, data.prediction)}
        for values in (estimated, realised):
            values["rmse"], values["rmsle"] = float(np.sqrt(values["mse"])), float(np.sqrt(values["msle"]))
        windows.append({"first": first, "tilt": tilt, "estimated": estimated, "realised": {k: float(v) for k, v in realised.items()}})
    write("performance-direct-loss", "lightgbm.LGBMRegressor() on the row losses of 4,000 reference rows, as NannyML's DLE; sklearn.metrics", windows=windows)


def class_rows(first, count, tilt):
    """Three probabilities that overstate, and a label drawn by milder ones."""
    names = ["ant", "bee", "cat"]
    rows = []
    for i in range(first, first + count):
        a, b = u(i, 7919, 10007), u(i, 6271, 10009)
        logits = [2 * a - 1 + tilt, 2 * b - 1, 0.2]
        weights = [1 + max(0.0, 1 + x) ** 2 for x in logits]
        sharp = [w * w * w for w in weights]
        scores = [round(s / sum(sharp), 3) for s in sharp]
        draw = u(i, 3571, 10037) * sum(weights)
        label = names[0] if draw < weights[0] else names[1] if draw < weights[0] + weights[1] else names[2]
        rows.append((scores, names[int(np.argmax(scores))], label))
    return names, rows


def multiclass():
    names, reference = class_rows(0, 3000, 0.0)
    table = np.array([scores for scores, _, _ in reference])
    labels = np.array([label for _, _, label in reference])
    calibrators = [IsotonicRegression(increasing=True, out_of_bounds="clip").fit(table[:, j], (labels == name).astype(float))
                   for j, name in enumerate(names)]
    windows = []
    for first, tilt in ((3000, 0.0), (4000, 0.8)):
        _, rows = class_rows(first, 1000, tilt)
        scores = np.array([s for s, _, _ in rows])
        decided = np.array([d for _, d, _ in rows])
        p = np.column_stack([c.predict(scores[:, j]) for j, c in enumerate(calibrators)])
        total = p.sum(axis=1, keepdims=True)
        p = np.where(total > 0, p / np.where(total > 0, total, 1), 1 / len(names))
        f1, precision, recall, auc = [], [], [], []
        for j, name in enumerate(names):
            yes = decided == name
            tp, fp, fn = p[yes, j].sum(), (1 - p[yes, j]).sum(), p[~yes, j].sum()
            precision.append(tp / (tp + fp))
            recall.append(tp / (tp + fn))
            f1.append(tp / (tp + 0.5 * (fp + fn)))
            weights = np.concatenate([p[:, j], 1 - p[:, j]])
            auc.append(metrics.roc_auc_score(np.repeat([1, 0], len(rows)), np.tile(scores[:, j], 2), sample_weight=weights))
        estimated = {"accuracy": float(np.mean([p[i, names.index(d)] for i, d in enumerate(decided)])),
                     "macro_precision": float(np.mean(precision)), "macro_recall": float(np.mean(recall)), "macro_f1": float(np.mean(f1)),
                     "macro_roc_auc": float(np.mean(auc))}
        windows.append({"first": first, "tilt": tilt, "estimated": estimated})
    write("performance-multiclass-estimate", "sklearn.isotonic.IsotonicRegression per class, rows renormalised, sklearn.metrics.roc_auc_score with expected "
          "labels as weights; macro means, as NannyML's CBPE", windows=windows)


if __name__ == "__main__":
    direct_loss()
    multiclass()
