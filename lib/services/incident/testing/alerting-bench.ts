import { randomUUID } from "node:crypto";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { MonitorSeries, SeriesOutcome, SeriesResult } from "#lib/domain/monitor.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import type { AlertingMonitor, ApplyOptions } from "#lib/services/alert/apply-outcomes.ts";
import { applyOutcomes } from "#lib/services/alert/apply-outcomes.ts";
import type { AlertingSeams } from "../alerting.ts";
import { tickIncidents } from "../tick-incidents.ts";

export interface Sent {
  destinationIds: string[];
  message: IncidentMessage;
}

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 10, 20);

/** Hours after the first, as a moment. */
export const at = (hour: number) => new Date(startMs + hour * hourMs);

export const ada: IncidentActor = { kind: "user", id: "ada", name: "Ada", via: "console" };
export const grace: IncidentActor = { kind: "outside", id: "U1", name: "Grace", via: "slack" };

const wholeModel: MonitorSeries = {
  environment: "production",
  version: "1",
  subject: "model",
  column: "",
  segmentKey: "",
  segmentValue: "",
};
export const feature = (column: string): MonitorSeries => ({
  ...wholeModel,
  subject: "feature",
  column,
});

function judgedAs(judged: "fire" | "clear" | "between", value = 0.5): SeriesResult {
  return {
    kind: "value",
    value,
    lower: null,
    upper: null,
    sampleCount: 1_000,
    judged,
    fireThreshold: 0.4,
    clearThreshold: 0.2,
    sentence: `PSI ${value}`,
  };
}

/** F fires, C is clear, b lies between, u is no data, x failed. */
export function outcomeOf(letter: string, hour: number, series = wholeModel): SeriesOutcome {
  const results: Record<string, SeriesResult> = {
    F: judgedAs("fire", 0.5),
    C: judgedAs("clear", 0.1),
    b: judgedAs("between", 0.3),
    u: { kind: "no_data", reason: "no rows came" },
    x: { kind: "failed", reason: "the store was away" },
  };
  const result = results[letter];
  if (result === undefined) throw new Error(`no outcome is called ${letter}`);
  return { series, windowFrom: at(hour), windowUntil: at(hour + 1), result };
}

export interface Bench {
  stores: TestStores;
  workspaceId: string;
  slug: string;
  model: { id: string; name: string };
  sent: Sent[];
  /** "triggered", "resolved": what was said, in the order in which it was. */
  said(): string[];
  silenced: { isOn: boolean };
  monitor(overrides?: Partial<AlertingMonitor>): AlertingMonitor;
  seams: Partial<AlertingSeams>;
  apply(
    monitor: AlertingMonitor,
    outcomes: SeriesOutcome[],
    now?: Date,
    options?: Partial<ApplyOptions>,
  ): ReturnType<typeof applyOutcomes>;
  tick(now: Date): Promise<number>;
}

/** A workspace with a model, a clock in hours, and an outbox that remembers. */
export async function setUpBench(stores: TestStores): Promise<Bench> {
  const { id: workspaceId, slug } = await buildWorkspace(stores.postgres);
  const model = await buildModel(stores.postgres, workspaceId);
  const sent: Sent[] = [];
  const silenced = { isOn: false };
  const seams: Partial<AlertingSeams> = {
    async enqueue(_tx, { message, destinationIds }) {
      sent.push({ message, destinationIds: [...destinationIds] });
    },
    silencedAlertIds: async (_scope, alerts) =>
      new Set(silenced.isOn ? alerts.map(({ id }) => id) : []),
  };
  const slack = randomUUID();
  return {
    stores,
    workspaceId,
    slug,
    model,
    sent,
    said: () => sent.map(({ message }) => message.kind),
    silenced,
    seams,
    monitor: (overrides = {}) => ({
      id: randomUUID(),
      modelId: model.id,
      name: "Drift of eta",
      kind: "drift",
      causeClass: "data_drift",
      fireCount: 1,
      windowCount: 1,
      clearCount: 1,
      severityOverride: null,
      ownerTeamId: null,
      ownerUserId: null,
      runbookUrl: null,
      destinationIds: [slack],
      revision: 1,
      ...overrides,
    }),
    apply(monitor, outcomes, now = outcomes.at(-1)?.windowUntil ?? at(0), options = {}) {
      return stores.postgres.transaction((tx) =>
        applyOutcomes(
          tx,
          {
            workspaceId,
            monitorId: monitor.id,
            monitor,
            now,
            newId: randomUUID,
            freeze: async (outcome) => evidenceOf(monitor, model, outcome),
            publicUrl: "https://plumbline.example",
            seams,
            ...options,
          },
          outcomes,
        ),
      );
    },
    tick: (now) =>
      tickIncidents(stores.postgres, {
        workspaceId,
        now,
        newId: randomUUID,
        seams,
        onError: (error) => {
          throw error;
        },
      }),
  };
}

export function evidenceOf(
  monitor: AlertingMonitor,
  model: { id: string; name: string },
  { series, windowFrom, windowUntil, result }: SeriesOutcome,
): FrozenEvidence {
  if (result.kind !== "value") throw new Error("Only a value has evidence.");
  const { value, lower, upper, fireThreshold, clearThreshold, sampleCount, sentence } = result;
  return {
    schemaVersion: 1,
    frozenAt: windowUntil.toISOString(),
    sentence,
    monitor: {
      id: monitor.id,
      name: monitor.name,
      kind: monitor.kind,
      revision: monitor.revision,
      settings: { fireCount: monitor.fireCount },
    },
    model,
    series,
    statistic: "psi",
    unit: null,
    value,
    lower,
    upper,
    fireThreshold,
    clearThreshold,
    window: {
      from: windowFrom.toISOString(),
      until: windowUntil.toISOString(),
      rowCount: sampleCount,
      sampleCount,
    },
    reference: null,
    distribution: null,
    history: [],
    query: null,
  };
}
