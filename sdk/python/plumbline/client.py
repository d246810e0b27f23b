"""The client: what a service calls. Nothing here waits for the network or raises into the caller."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from .encode import ROW_BYTES_MAX, Note, as_mapping, encode_row, is_missing, plain
from .frame import Columns, FrameEncoder, LabelColumns, OfflineColumns, PredictionColumns
from .ids import iso_of_ms, now_ms, to_iso, uuid7
from .pipeline import Pipeline
from .quiet_log import QuietLog
from .stats import Rejection, Stats

PREDICTIONS_PATH = "/v1/predictions"
LABELS_PATH = "/v1/labels"
FEATURES_PATH = "/v1/features"
CHANGES_PATH = "/v1/changes"

_FRAME_CHUNK_ROWS = 10_000


class Client:
    """Logs predictions, labels and offline features in the background.

    Every `log_` method returns at once. A row that can't be kept or sent is counted in `stats` and said once a minute
    through the logger "plumbline"; no method raises for a bad value or a server that is away.

    api_key, url: default to PLUMBLINE_API_KEY and PLUMBLINE_URL (then http://localhost:3000). Without a key the client
        is disabled, and says so once.
    model, version, environment: what a row is logged for where the call does not say.
    buffer_rows, buffer_bytes: what may wait in memory. When it is full, new rows are dropped.
    flush_interval: seconds that a row waits for others at most.
    request_timeout: seconds that one request may take.
    retry_seconds: how long a batch is tried again while the server is away.
    exit_timeout: seconds that the end of the process may be held up to send what is left.
    on_rejected: called in the background thread for each row that the server refused.
    """

    def __init__(
        self,
        api_key: Optional[str] = None,
        url: Optional[str] = None,
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: str = "production",
        *,
        buffer_rows: int = 100_000,
        buffer_bytes: int = 64 * 1024 * 1024,
        flush_interval: float = 0.5,
        request_timeout: float = 10.0,
        retry_seconds: float = 900.0,
        exit_timeout: float = 5.0,
        on_rejected: Optional[Callable[[Rejection], None]] = None,
    ) -> None:
        self._model = model
        self._version = version
        self._environment = environment
        self._log = QuietLog()
        self._disabled_stats = Stats()
        self._pipeline: Optional[Pipeline] = None
        key = api_key or os.environ.get("PLUMBLINE_API_KEY")
        if not key:
            self._log.warn("disabled", "disabled: no api_key was given and PLUMBLINE_API_KEY is not set")
            return
        try:
            self._pipeline = Pipeline(
                url=url or os.environ.get("PLUMBLINE_URL") or "http://localhost:3000",
                api_key=key.strip(),
                buffer_rows=buffer_rows,
                buffer_bytes=buffer_bytes,
                flush_interval=flush_interval,
                request_timeout=request_timeout,
                retry_seconds=retry_seconds,
                exit_timeout=exit_timeout,
                on_rejected=on_rejected,
                log=self._log,
            )
        except ValueError as error:
            self._log.warn("disabled", f"disabled: {error}")

    def log_prediction(
        self,
        features: Optional[Mapping[str, Any]] = None,
        prediction: Any = None,
        *,
        prediction_id: Optional[str] = None,
        timestamp: Any = None,
        score: Optional[float] = None,
        probabilities: Optional[Mapping[str, float]] = None,
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: Optional[str] = None,
        latency_ms: Optional[float] = None,
        tags: Optional[Mapping[str, Any]] = None,
        entity_id: Any = None,
        feature_timestamps: Optional[Mapping[str, Any]] = None,
        explanations: Optional[Mapping[str, float]] = None,
        embeddings: Optional[Mapping[str, Sequence[float]]] = None,
        group_id: Any = None,
        rank: Optional[int] = None,
        weight: Optional[float] = None,
        trace_id: Any = None,
    ) -> str:
        """Logs one prediction and returns its id, which a label will name. What was passed may be changed afterwards.

        prediction: a number (regression), a string or boolean (a class), or the wire's object of value, label, score and
            probabilities; `score` and `probabilities` beside it complete it.
        prediction_id, timestamp: set when they are not given (a UUIDv7; now). The timestamp is when the prediction was
            made: a datetime (naive means UTC), Unix seconds, or an ISO string.
        """
        ms = now_ms()
        row_id = _id_of(prediction_id, ms)
        pipeline = self._pipeline
        if pipeline is None:
            return row_id
        try:
            row: Dict[str, Any] = {
                "model": _required(model or self._model, "model"),
                "environment": environment or self._environment,
                "prediction_id": row_id,
                "timestamp": iso_of_ms(ms) if timestamp is None else to_iso(timestamp),
            }
            if version or self._version:
                row["version"] = str(version or self._version)
            if features is not None:
                row["features"] = as_mapping(features)
            answer = _prediction_of(prediction, score, probabilities)
            if answer is not None:
                row["prediction"] = answer
            if latency_ms is not None:
                row["latency_ms"] = latency_ms
            if tags:
                row["tags"] = {str(key): _text(item) for key, item in tags.items() if not is_missing(item)}
            if entity_id is not None:
                row["entity_id"] = _text(entity_id)
            if feature_timestamps:
                row["feature_timestamps"] = {
                    str(key): to_iso(item) for key, item in feature_timestamps.items() if not is_missing(item)
                }
            if explanations:
                row["explanations"] = as_mapping(explanations)
            if embeddings:
                row["embeddings"] = as_mapping(embeddings)
            if group_id is not None:
                row["group_id"] = _text(group_id)
            if rank is not None:
                row["rank"] = rank
            if weight is not None:
                row["weight"] = weight
            if trace_id is not None:
                row["trace_id"] = _text(trace_id)
            self._put(pipeline, PREDICTIONS_PATH, row)
        except Exception as error:
            self._drop_invalid(pipeline, 1, f"prediction {row_id}: {error}")
        return row_id

    def log_label(
        self,
        prediction_id: str,
        label: Any,
        *,
        timestamp: Any = None,
        model: Optional[str] = None,
        environment: Optional[str] = None,
    ) -> None:
        """Logs what turned out to be true of a prediction. A later timestamp corrects an earlier one; it defaults to now."""
        pipeline = self._pipeline
        if pipeline is None:
            return
        try:
            if is_missing(prediction_id):
                raise ValueError("a label needs the id of its prediction")
            value = label if type(label) in (str, bool, int, float) else _plain_label(label)
            if value is None or value != value:
                raise ValueError("the label is missing; log it once it is known")
            row = {
                "model": _required(model or self._model, "model"),
                "environment": environment or self._environment,
                "prediction_id": _text(prediction_id),
                "label": value,
                "label_timestamp": iso_of_ms(now_ms()) if timestamp is None else to_iso(timestamp),
            }
            self._put(pipeline, LABELS_PATH, row)
        except Exception as error:
            self._drop_invalid(pipeline, 1, f"label of {prediction_id!r}: {error}")

    def log_features(
        self,
        prediction_id: str,
        features: Mapping[str, Any],
        *,
        timestamp: Any = None,
        source: Optional[str] = None,
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: Optional[str] = None,
    ) -> None:
        """Logs what the offline store says that the features of a prediction were, all of them in one row: a later row
        replaces an earlier one.

        timestamp: as of when; now, when it is not given.
        source: where the values come from, such as the name of a feature table.
        version: the row is for every version that made the prediction, unless one is named here.
        """
        pipeline = self._pipeline
        if pipeline is None:
            return
        try:
            if is_missing(prediction_id):
                raise ValueError("offline features need the id of their prediction")
            row: Dict[str, Any] = {
                "model": _required(model or self._model, "model"),
                "environment": environment or self._environment,
                "prediction_id": _text(prediction_id),
                "timestamp": iso_of_ms(now_ms()) if timestamp is None else to_iso(timestamp),
                "features": as_mapping(features),
            }
            if version:
                row["version"] = str(version)
            if source:
                row["source"] = str(source)
            self._put(pipeline, FEATURES_PATH, row)
        except Exception as error:
            self._drop_invalid(pipeline, 1, f"offline features of {prediction_id!r}: {error}")

    def change(
        self,
        kind: str,
        title: str,
        *,
        change_id: Optional[str] = None,
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: Optional[str] = None,
        source: Optional[str] = None,
        url: Optional[str] = None,
        details: Optional[Mapping[str, Any]] = None,
        timestamp: Any = None,
    ) -> str:
        """Tells that something was changed, so that it stands beside what broke afterwards, and returns the change's id.

        kind: deployment, promotion, rollback, retrain, feature_pipeline, config, schema or other.
        change_id: set when it is not given; a job that may run twice should give its own, such as the commit: the same id
            counts once.
        model: the client's own, when it is not given; "" means all models, as the release of a shared pipeline does.
        version, environment: those that it is about; all of them, when they are not given.
        timestamp: when it happened; now, when it is not given.
        """
        ms = now_ms()
        row_id = _id_of(change_id, ms)
        pipeline = self._pipeline
        if pipeline is None:
            return row_id
        try:
            row: Dict[str, Any] = {
                "id": row_id,
                "kind": kind,
                "title": title,
                "model": self._model or "" if model is None else model,
                "occurred_at": iso_of_ms(ms) if timestamp is None else to_iso(timestamp),
            }
            given = {"version": version, "environment": environment, "source": source, "url": url}
            row.update({name: str(value) for name, value in given.items() if value})
            if details:
                row["details"] = {str(key): _text(item) for key, item in details.items() if not is_missing(item)}
            self._put(pipeline, CHANGES_PATH, row)
        except Exception as error:
            self._drop_invalid(pipeline, 1, f"change {row_id}: {error}")
        return row_id

    def log_frame(
        self,
        frame: Any,
        *,
        features: Optional[Sequence[str]] = None,
        prediction: Optional[str] = None,
        score: Optional[str] = None,
        prediction_id: Optional[str] = None,
        timestamp: Optional[str] = None,
        entity_id: Optional[str] = None,
        latency_ms: Optional[str] = None,
        tags: Sequence[str] = (),
        group_id: Optional[str] = None,
        rank: Optional[str] = None,
        weight: Optional[str] = None,
        trace_id: Optional[str] = None,
        ignore: Sequence[str] = (),
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: Optional[str] = None,
        nan_as_null: Optional[bool] = None,
        wait: float = 0.0,
    ) -> List[str]:
        """Logs many predictions and returns their ids, in order.

        frame: a pandas DataFrame, a pyarrow Table or RecordBatch, a dict of columns, or dicts (a list or an iterator).
        The other arguments name columns. `prediction`, `prediction_id` and `timestamp` default to the columns of those
        names where there are any. All columns that are named nowhere are features, unless `features` lists them.
        nan_as_null: whether NaN among the features means that a value is missing. By default it does in a DataFrame,
            where pandas writes missing values so, and nowhere else.
        wait: seconds to wait for room in the buffer; 0 drops what does not fit. Give a batch job a minute.
        """
        columns = PredictionColumns(
            features=features,
            prediction=prediction,
            score=score,
            prediction_id=prediction_id,
            timestamp=timestamp,
            entity_id=entity_id,
            latency_ms=latency_ms,
            tags=tuple(tags),
            group_id=group_id,
            rank=rank,
            weight=weight,
            trace_id=trace_id,
            ignore=tuple(ignore),
            nan_as_null=nan_as_null,
        )
        return self._log_chunks(
            PREDICTIONS_PATH, frame, columns, model, version or self._version, environment, wait
        )

    def log_labels_frame(
        self,
        frame: Any,
        *,
        prediction_id: str = "prediction_id",
        label: str = "label",
        timestamp: Optional[str] = None,
        model: Optional[str] = None,
        environment: Optional[str] = None,
        wait: float = 0.0,
    ) -> None:
        """Logs many labels; rows without a label are left out. Takes what `log_frame` takes."""
        columns = LabelColumns(prediction_id=prediction_id, label=label, timestamp=timestamp)
        self._log_chunks(LABELS_PATH, frame, columns, model, None, environment, wait)

    def log_features_frame(
        self,
        frame: Any,
        *,
        prediction_id: str = "prediction_id",
        timestamp: Optional[str] = None,
        source: Optional[str] = None,
        features: Optional[Sequence[str]] = None,
        ignore: Sequence[str] = (),
        model: Optional[str] = None,
        version: Optional[str] = None,
        environment: Optional[str] = None,
        nan_as_null: Optional[bool] = None,
        wait: float = 0.0,
    ) -> None:
        """Logs the offline features of many predictions. Takes what `log_frame` takes; `prediction_id` and `timestamp` name
        columns, `source` is the same for all. All other columns are features, unless `features` lists them."""
        columns = OfflineColumns(
            prediction_id=prediction_id,
            timestamp=timestamp,
            source=source,
            features=features,
            ignore=tuple(ignore),
            nan_as_null=nan_as_null,
        )
        self._log_chunks(FEATURES_PATH, frame, columns, model, version, environment, wait)

    def flush(self, timeout: Optional[float] = 10.0) -> bool:
        """Waits until all that was logged before is sent, rejected or dropped; False when the time was not enough."""
        return True if self._pipeline is None else self._pipeline.flush(timeout)

    def close(self, timeout: Optional[float] = 10.0) -> bool:
        """Flushes and stops. What is logged afterwards is dropped."""
        return True if self._pipeline is None else self._pipeline.close(timeout)

    @property
    def stats(self) -> Stats:
        return self._disabled_stats if self._pipeline is None else self._pipeline.stats

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _put(self, pipeline: Pipeline, path: str, row: Dict[str, Any]) -> None:
        line, notes = encode_row(row)
        if len(line) > ROW_BYTES_MAX:
            raise ValueError(f"the row has {len(line)} bytes, {ROW_BYTES_MAX} are allowed")
        if notes:
            self._note_altered(pipeline, 1, notes)
        pipeline.put(path, line)

    def _log_chunks(
        self,
        path: str,
        frame: Any,
        columns: Columns,
        model: Optional[str],
        version: Optional[str],
        environment: Optional[str],
        wait: float,
    ) -> List[str]:
        pipeline = self._pipeline
        ids: List[str] = []
        try:
            encoder = FrameEncoder(
                columns,
                _required(model or self._model, "model"),
                version,
                environment or self._environment,
            )
            for chunk in encoder.chunks(frame, _FRAME_CHUNK_ROWS):
                ids.extend(chunk.ids)
                if pipeline is None:
                    continue
                if chunk.bad_count:
                    self._drop_invalid(pipeline, chunk.bad_count, chunk.bad_reason)
                if chunk.notes:
                    self._note_altered(pipeline, chunk.altered_count, chunk.notes)
                pipeline.put_many(path, chunk.lines, wait)
        except Exception as error:
            if pipeline is not None:
                self._drop_invalid(pipeline, 1, f"a frame could not be read: {error}")
        return ids

    def _note_altered(self, pipeline: Pipeline, count: int, notes: Sequence[Note]) -> None:
        pipeline.counters.add("altered", count)
        path, words = notes[0]
        pipeline.log.warn("altered", f"a value was left out of {count} row(s): {path} {words}")

    def _drop_invalid(self, pipeline: Pipeline, count: int, reason: str) -> None:
        pipeline.counters.drop("invalid", count)
        pipeline.log.warn("drop_invalid", f"{count} row(s) could not be logged: {reason}")


def _id_of(given: Any, ms: int) -> str:
    if given is None:
        return uuid7(ms)
    try:
        return uuid7(ms) if is_missing(given) else _text(given)
    except Exception:
        return uuid7(ms)


def _required(value: Any, name: str) -> str:
    if not value:
        raise ValueError(f"no {name} was named, neither here nor when the client was made")
    return str(value)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    found = value if isinstance(value, (int, float)) else _plain_or_self(value)
    return found if isinstance(found, str) else str(found)


def _plain_or_self(value: Any) -> Any:
    try:
        return plain(value)
    except (TypeError, ValueError):
        return value


def _plain_label(value: Any) -> Any:
    if isinstance(value, (str, bool, int, float)):
        return value
    found = plain(value)
    if isinstance(found, (str, bool, int, float)) or found is None:
        return found
    raise TypeError(f"a {type(value).__name__} is no label")


def _prediction_of(prediction: Any, score: Any, probabilities: Any) -> Any:
    if score is None and probabilities is None:
        return prediction
    answer: Dict[str, Any] = {}
    value = prediction if isinstance(prediction, (str, bool, int, float)) else _plain_or_self(prediction)
    if isinstance(value, dict):
        answer.update(value)
    elif isinstance(value, (str, bool)):
        answer["label"] = value
    elif value is not None:
        answer["value"] = value
    if score is not None:
        answer["score"] = score
    if probabilities is not None:
        answer["probabilities"] = as_mapping(probabilities)
    return answer
