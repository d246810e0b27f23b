import { hash } from "node:crypto";
import { insertEvidence } from "#db/postgres/queries/incident.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { frozenEvidenceSchema } from "#lib/domain/evidence.ts";
import type { MonitorSeries, SeriesOutcome } from "#lib/domain/monitor.ts";
import type { KnownWindow } from "#lib/rules/step-alert.ts";
import type { Alerting } from "../incident/alerting.ts";
import { sayError } from "../job/say-error.ts";

export type Freeze = (outcome: SeriesOutcome) => Promise<FrozenEvidence>;

export type Frozen =
  | { kind: "frozen"; hash: string; evidence: FrozenEvidence }
  | { kind: "missing"; reason: string };

/** Takes the evidence of an alert that begins to fire. Where it can't be had the alert fires all the same: a page never waits for
 *  a picture. */
export async function freezeEvidence(
  freeze: Freeze,
  series: MonitorSeries,
  { fromMs, untilMs, result }: KnownWindow,
): Promise<Frozen> {
  try {
    const outcome = {
      series,
      windowFrom: new Date(fromMs),
      windowUntil: new Date(untilMs),
      result,
    };
    const evidence = frozenEvidenceSchema.parse(await freeze(outcome));
    return { kind: "frozen", hash: hashOf(evidence), evidence };
  } catch (error) {
    return { kind: "missing", reason: sayError(error) };
  }
}

export async function keepEvidence(
  { pg, workspaceId, now }: Alerting,
  frozen: Extract<Frozen, { kind: "frozen" }>,
): Promise<void> {
  const { evidence } = frozen;
  await insertEvidence(pg, { workspaceId, hash: frozen.hash, evidence, frozenAt: now });
}

/** Of what it says, whatever the order of its fields. */
const hashOf = (evidence: FrozenEvidence): string =>
  hash("sha256", JSON.stringify(inOrder(evidence)), "hex");

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]));
}
