import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { IncidentSignature, SignaturePart } from "#lib/domain/incident-signature.ts";
import { likenessOfShapes } from "#lib/stats/compare-shapes.ts";

/** An alert of an incident with what was frozen of it. */
export interface SignedAlert {
  causeClass: string;
  monitorKind: string;
  subject: string;
  column: string;
  evidence: Pick<FrozenEvidence, "value" | "fireThreshold" | "statistic" | "shape"> | null;
}

const partsMax = 100;

/** What an incident is about, in figures: one part per alert, the features that it hits, its kind of cause. */
export function signatureOf(
  incident: { modelId: string | null; causeClass: string; segmentKey: string },
  alerts: readonly SignedAlert[],
): IncidentSignature {
  const columns = new Set(alerts.flatMap(({ column }) => (column === "" ? [] : [column])));
  return {
    schemaVersion: 1,
    ...incident,
    breadth: columns.size,
    parts: alerts.slice(0, partsMax).map(toPart),
  };
}

function toPart({ evidence, ...alert }: SignedAlert): SignaturePart {
  const value = evidence?.value ?? null;
  const threshold = evidence?.fireThreshold ?? null;
  const ratio = value === null || threshold === null || threshold === 0 ? 0 : value / threshold;
  return {
    ...alert,
    statistic: evidence?.statistic ?? "",
    direction: value === null || threshold === null ? null : directionOf(value, threshold),
    excessLog: ratio > 0 && Number.isFinite(ratio) ? Math.log(ratio) : null,
    shape: evidence?.shape ?? null,
  };
}

const directionOf = (value: number, threshold: number) => (value >= threshold ? "up" : "down");

export interface Likeness {
  /** Between 0 and 1. */
  value: number;
  /** Features that both are about, and the fault that both are named by; null where there is none. */
  sharedColumns: string[];
  sharedCause: string | null;
}

const contexts = { causeClass: 0.8, segment: 0.95, model: 0.95, breadthPower: 0.15 } as const;

/** How alike two incidents are: the mean of what each part of one is most like in the other, both ways, less what differs around them:
 *  another kind of cause (x 0.8), another model (x 0.95), a segment on one side alone (x 0.95), and many features against few
 *  (the ratio to the power of 0.15). Nothing is alike where a side has no part. */
export function compareSignatures(a: IncidentSignature, b: IncidentSignature): Likeness {
  const parts = (meanOfBest(a.parts, b.parts) + meanOfBest(b.parts, a.parts)) / 2;
  const breadth = Math.min(a.breadth, b.breadth) / Math.max(a.breadth, b.breadth, 1);
  const around =
    (a.causeClass === b.causeClass ? 1 : contexts.causeClass) *
    (a.modelId === b.modelId ? 1 : contexts.model) *
    ((a.segmentKey === "") === (b.segmentKey === "") ? 1 : contexts.segment) *
    (a.breadth === b.breadth ? 1 : Math.max(breadth, 0.05) ** contexts.breadthPower);
  const columnsOf = ({ parts: own }: IncidentSignature) =>
    new Set(own.flatMap(({ column }) => (column === "" ? [] : [column])));
  const isOneModel = a.modelId === b.modelId;
  return {
    value: parts * around,
    sharedColumns: isOneModel
      ? [...columnsOf(a)].filter((one) => columnsOf(b).has(one)).sort()
      : [],
    sharedCause: sharedCause(a, b),
  };
}

function meanOfBest(from: readonly SignaturePart[], into: readonly SignaturePart[]): number {
  if (from.length === 0 || into.length === 0) return 0;
  const best = from.map((part) => Math.max(...into.map((other) => likenessOfParts(part, other))));
  return best.reduce((sum, one) => sum + one, 0) / best.length;
}

/** Of what was asked about no column, the question and by how much it was missed speak. */
function likenessOfParts(a: SignaturePart, b: SignaturePart): number {
  if (a.shape !== null && b.shape !== null) return likenessOfShapes(a.shape, b.shape);
  const isSameQuestion = a.monitorKind === b.monitorKind && a.statistic === b.statistic;
  const isOneWay = a.direction === b.direction;
  if (a.shape !== null || b.shape !== null || !isOneWay) return isSameQuestion ? 0.3 : 0.1;
  if (!isSameQuestion) return a.causeClass === b.causeClass ? 0.4 : 0.1;
  if (a.excessLog === null || b.excessLog === null) return 0.7;
  return 0.7 + 0.3 * Math.exp(-((a.excessLog - b.excessLog) ** 2));
}

/** The fault that most parts of both are explained by. */
function sharedCause(a: IncidentSignature, b: IncidentSignature): string | null {
  const first = ({ parts }: IncidentSignature) =>
    parts.flatMap(({ shape }) => shape?.causes[0] ?? []);
  const there = new Set(first(b));
  const counts = new Map<string, number>();
  for (const name of first(a)) if (there.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [best] = [...counts].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return best?.[0] ?? null;
}
