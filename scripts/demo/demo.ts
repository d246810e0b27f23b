import type { DelayModel, TrainingRow } from "./delay-model.ts";
import { scoreOf, trainDelayModel } from "./delay-model.ts";
import {
  chooseShift,
  demoDayMs,
  historyFromMs,
  productionFromMs,
  recordSpans,
  trainingFromMs,
} from "./demo-clock.ts";
import type { DemoState } from "./demo-state.ts";
import { packModel, readDemoState, unpackModel, writeDemoState } from "./demo-state.ts";
import type { FlightEvent, FlightFeatures, FlightPrediction } from "./flight.ts";
import { FlightReplay, lateFromMinutes } from "./flight.ts";
import { FlightStore } from "./flight-store.ts";
import type { FrontDoor } from "./front-door.ts";
import { pause, postPatiently, postRows } from "./front-door.ts";

const modelName = "flight-delay";
const modelVersion = "2001-01";
/** What a flight is about: how far it goes, and when it leaves. Each costs the profiling of every row once more. */
const segmentKeys = ["haul", "period"] as const;
type SegmentKey = (typeof segmentKeys)[number];
/** There are no people in the record: how far a flight goes stands for what all should be treated alike by. */
const sensitiveKey: SegmentKey = "haul";
/** A shadow answers some of the requests beside the champion: so few that the model's volume stays what is usual. It is trained on the
 *  newest week whose flights had landed when it began: a month would hold up the start. */
const shadowEvery = 40;
const shadowHistoryMs = 14 * demoDayMs;
const shadowTrainingMs = 7 * demoDayMs;
const rowsPerPost = 5_000;
const postsAtOnce = 3;
/** Long enough for every flight that was in the air, and the landings of two hours, to be known again after a restart. */
const warmUpMs = 36 * 3_600_000;
const liveEveryMs = 3_000;

export interface DemoOptions {
  root: string;
  folder: string;
  clickhouseUrl: string;
  door: FrontDoor;
  manage: {
    /** Has a model's rows profiled by these tags. */
    declareSegments: (model: string, keys: readonly string[]) => Promise<void>;
    /** Watches a model with the default monitors. */
    watch: (model: string) => Promise<void>;
    /** Has the groups of a tag compared with each other. */
    markSensitive: (model: string, key: string) => Promise<void>;
  };
  clock: () => number;
  say: (line: string) => void;
}

/** Who answers: the champion every request, and a shadow some of those from a moment on. */
interface Answerers {
  champion: DelayModel;
  shadow: { version: string; fromMs: number; model: DelayModel };
}

/** Real flights as a model's production traffic: what lies in the past is loaded, what comes arrives at its own pace. */
export class Demo {
  readonly #options: DemoOptions;
  readonly #store: FlightStore;
  #state: DemoState;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#store = new FlightStore(options.clickhouseUrl);
    const known = readDemoState(options.folder);
    const clock = known ?? chooseShift(options.clock());
    this.#state = known ?? {
      shiftMs: clock.shiftMs,
      sentUntilMs: historyFromMs(clock),
      isBaselineSent: false,
      areSegmentsDeclared: false,
      isWatched: false,
      isSensitiveMarked: false,
      model: null,
      shadow: null,
    };
  }

  /** Trains on January, uploads January as the baseline, and logs everything up to now. Cut off, it goes on where it was. */
  async load(): Promise<void> {
    const { root, folder, say, clock, manage } = this.#options;
    await this.#store.load(root);
    const champion = await this.#openModel();
    if (!this.#state.isBaselineSent) {
      say("Demo: uploading January 2001 as the baseline.");
      await this.#sendBaseline(champion);
      this.#state = { ...this.#state, isBaselineSent: true };
      writeDemoState(folder, this.#state);
    }
    // Before the first row: nothing is profiled twice.
    if (!this.#state.areSegmentsDeclared) {
      await manage.declareSegments(modelName, segmentKeys);
      this.#state = { ...this.#state, areSegmentsDeclared: true };
      writeDemoState(folder, this.#state);
    }
    const shadow = await this.#openShadow();
    await this.#advance({ champion, shadow }, clock(), (share) =>
      say(`Demo: logging flights, ${Math.round(share * 100)} %`),
    );
    // After the history: before it, every window would be asked of what is not there yet.
    if (!this.#state.isWatched) {
      await manage.watch(modelName);
      this.#state = { ...this.#state, isWatched: true };
      writeDemoState(folder, this.#state);
    }
    if (!this.#state.isSensitiveMarked) {
      await manage.markSensitive(modelName, sensitiveKey);
      this.#state = { ...this.#state, isSensitiveMarked: true };
      writeDemoState(folder, this.#state);
    }
  }

  /** Logs what departs and lands from now on, until the door closes. */
  async live(): Promise<void> {
    const { door, clock, say } = this.#options;
    const answerers = { champion: await this.#openModel(), shadow: await this.#openShadow() };
    while (!door.signal.aborted) {
      await pause(liveEveryMs, door.signal);
      if (door.signal.aborted) return;
      await this.#advance(answerers, clock(), () => undefined).catch((error: unknown) => {
        if (!door.signal.aborted)
          say(`Demo: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #openModel(): Promise<DelayModel> {
    if (this.#state.model !== null) return unpackModel(this.#state.model);
    this.#options.say("Demo: training a model of delays on the flights of January 2001.");
    const model = trainDelayModel(await this.#record(trainingFromMs, productionFromMs));
    this.#state = { ...this.#state, model: packModel(model) };
    writeDemoState(this.#options.folder, this.#state);
    return model;
  }

  async #openShadow(): Promise<Answerers["shadow"]> {
    const known = this.#state.shadow;
    if (known !== null) return { ...known, model: unpackModel(known.model) };
    const fromMs = Math.max(this.#state.sentUntilMs, this.#options.clock() - shadowHistoryMs);
    this.#options.say("Demo: training its shadow on the newest week.");
    const [span] = recordSpans(this.#state, fromMs, fromMs + 1);
    const landedMs = (span?.fromMs ?? productionFromMs) - demoDayMs;
    const model = trainDelayModel(await this.#record(landedMs - shadowTrainingMs, landedMs));
    const version = `${new Date(landedMs).toISOString().slice(0, 7)}-shadow`;
    this.#state = { ...this.#state, shadow: { version, fromMs, model: packModel(model) } };
    writeDemoState(this.#options.folder, this.#state);
    return { version, fromMs, model };
  }

  /** Flights of the record with what was known at departure, and how they turned out. */
  async #record(firstMs: number, endMs: number): Promise<TrainingRow[]> {
    const rows: TrainingRow[] = [];
    const replay = new FlightReplay(0);
    await this.#warmUp(replay, firstMs);
    for (let fromMs = firstMs; fromMs < endMs; fromMs += demoDayMs) {
      const { flights, firstOrdinal } = await this.#store.between(
        fromMs,
        Math.min(endMs, fromMs + demoDayMs),
      );
      flights.forEach((flight, index) => {
        for (const event of replay.depart(flight, firstOrdinal + index)) {
          if (event.kind === "prediction") {
            rows.push({ features: event.features, isLate: flight.delayMinutes >= lateFromMinutes });
          }
        }
      });
    }
    return rows;
  }

  async #sendBaseline(model: DelayModel): Promise<void> {
    const lines = [
      `distance,origin,destination,departure_hour,is_weekend,inbound_delay,${segmentKeys.join(",")},predicted,score,actual`,
    ];
    for (const { features, isLate } of await this.#record(trainingFromMs, productionFromMs)) {
      const { label, score } = predict(model, features);
      lines.push(
        [
          features.distance,
          features.origin,
          features.destination,
          features.departure_hour,
          features.is_weekend,
          features.inbound_delay ?? "",
          ...Object.values(tagsOf(features)),
          label,
          score,
          isLate ? "late" : "on_time",
        ].join(","),
      );
    }
    const mapping = {
      prediction: "predicted",
      score: "score",
      label: "actual",
      types: { is_weekend: "boolean" },
      tags: segmentKeys,
    };
    const query = new URLSearchParams({
      model: modelName,
      version: modelVersion,
      name: "January 2001",
      format: "csv",
      mapping: JSON.stringify(mapping),
    });
    const answer = await postPatiently(
      this.#options.door,
      `/v1/baselines?${query}`,
      "text/csv",
      lines.join("\n"),
    );
    await answer.body?.cancel();
  }

  async #advance(
    answerers: Answerers,
    untilMs: number,
    progress: (share: number) => void,
  ): Promise<void> {
    const startMs = this.#state.sentUntilMs;
    for (const span of recordSpans(this.#state, startMs, untilMs)) {
      const replay = new FlightReplay(span.shiftMs);
      await this.#warmUp(replay, span.fromMs);
      for (let fromMs = span.fromMs; fromMs < span.untilMs; fromMs += demoDayMs) {
        const chunkUntilMs = Math.min(span.untilMs, fromMs + demoDayMs);
        await this.#sendChunk(answerers, replay, fromMs, chunkUntilMs);
        this.#state = { ...this.#state, sentUntilMs: chunkUntilMs + span.shiftMs };
        writeDemoState(this.#options.folder, this.#state);
        progress((this.#state.sentUntilMs - startMs) / Math.max(1, untilMs - startMs));
      }
    }
  }

  /** Replays the time before without logging it, so that the landings behind a feature and the flights in the air are known. */
  async #warmUp(replay: FlightReplay, untilMs: number): Promise<void> {
    const { flights, firstOrdinal } = await this.#store.between(untilMs - warmUpMs, untilMs);
    flights.forEach((flight, index) => {
      drain(replay.depart(flight, firstOrdinal + index));
    });
    drain(replay.landUntil(untilMs));
  }

  async #sendChunk(
    { champion, shadow }: Answerers,
    replay: FlightReplay,
    fromMs: number,
    untilMs: number,
  ): Promise<void> {
    const { flights, firstOrdinal } = await this.#store.between(fromMs, untilMs);
    const predictions: string[] = [];
    const labels: string[] = [];
    const take = (event: FlightEvent, ordinal: number) => {
      if (event.kind === "label") {
        labels.push(labelLine(event.id, event.isLate, event.timeMs));
        return;
      }
      predictions.push(predictionLine(modelVersion, champion, event));
      if (event.timeMs >= shadow.fromMs && ordinal % shadowEvery === 0)
        predictions.push(predictionLine(shadow.version, shadow.model, event));
    };
    flights.forEach((flight, index) => {
      const ordinal = firstOrdinal + index;
      for (const event of replay.depart(flight, ordinal)) take(event, ordinal);
    });
    for (const { id, isLate, timeMs } of replay.landUntil(untilMs))
      labels.push(labelLine(id, isLate, timeMs));
    await this.#post("/v1/predictions", predictions);
    await this.#post("/v1/labels", labels);
  }

  async #post(path: string, lines: readonly string[]): Promise<void> {
    const batches: string[][] = [];
    for (let at = 0; at < lines.length; at += rowsPerPost)
      batches.push(lines.slice(at, at + rowsPerPost));
    for (let at = 0; at < batches.length; at += postsAtOnce) {
      await Promise.all(
        batches
          .slice(at, at + postsAtOnce)
          .map((batch) => postRows(this.#options.door, path, batch)),
      );
    }
  }
}

function predict(model: DelayModel, features: FlightPrediction["features"]) {
  const score = scoreOf(model, features);
  return {
    label: score >= model.threshold ? "late" : "on_time",
    score: Math.round(score * 1e4) / 1e4,
  };
}

function predictionLine(version: string, model: DelayModel, event: FlightPrediction): string {
  return JSON.stringify({
    model: modelName,
    version,
    prediction_id: event.id,
    timestamp: new Date(event.timeMs).toISOString(),
    entity_id: `${event.flight.origin}-${event.flight.destination}`,
    features: event.features,
    prediction: predict(model, event.features),
    tags: tagsOf(event.features),
    ...(event.inboundAtMs === null
      ? {}
      : { feature_timestamps: { inbound_delay: new Date(event.inboundAtMs).toISOString() } }),
  });
}

function labelLine(id: string, isLate: boolean, timeMs: number): string {
  return JSON.stringify({
    model: modelName,
    prediction_id: id,
    label: isLate ? "late" : "on_time",
    label_timestamp: new Date(Math.floor(timeMs)).toISOString(),
  });
}

/** In the order of `segmentKeys`. */
function tagsOf({ distance, departure_hour: hour }: FlightFeatures): Record<SegmentKey, string> {
  return { haul: haulOf(distance), period: periodOf(hour) };
}

function haulOf(miles: number): string {
  if (miles < 500) return "short";
  return miles < 1_500 ? "medium" : "long";
}

function periodOf(hour: number): string {
  if (hour < 5 || hour >= 22) return "night";
  if (hour < 12) return "morning";
  return hour < 17 ? "afternoon" : "evening";
}

function drain(events: Iterable<unknown>): void {
  for (const event of events) void event;
}
