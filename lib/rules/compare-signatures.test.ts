import { describe, expect, test } from "vitest";
import type { IncidentSignature, SignaturePart } from "#lib/domain/incident-signature.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { shapeOfShift } from "#lib/stats/shift-shape.ts";
import { compareSignatures } from "./compare-signatures.ts";

const random = seededRandom(3);
const numbers = (scale: number) =>
  Array.from({ length: 2_000 }, () => scale * Math.round(100 * (random() + random() ** 3)));
const shapeOf = (reference: (number | null)[], window: (number | null)[]) =>
  shapeOfShift({
    kind: "numeric",
    reference: featureProfileOf(reference),
    window: featureProfileOf(window),
  });
const part = (change: Partial<SignaturePart> = {}): SignaturePart => ({
  causeClass: "data_drift",
  monitorKind: "drift",
  statistic: "psi",
  subject: "feature",
  column: "distance",
  direction: "up",
  excessLog: 1,
  shape: null,
  ...change,
});
const signature = (
  parts: SignaturePart[],
  change: Partial<IncidentSignature> = {},
): IncidentSignature => ({
  schemaVersion: 1,
  modelId: "eta",
  causeClass: "data_drift",
  segmentKey: "",
  breadth: parts.length,
  parts,
  ...change,
});

const metres = numbers(1);
const unit = (column: string, scale: number) =>
  part({ column, shape: shapeOf(numbers(scale), numbers(scale * 1_000)) });
const nulls = (column: string, share: number) =>
  part({
    column,
    shape: shapeOf(
      metres,
      metres.map((value) => (random() < share ? null : value)),
    ),
  });

describe("two incidents are alike", () => {
  const now = signature([unit("distance", 1)]);

  test("by what happened to their features, whatever these are called", () => {
    const same = compareSignatures(now, signature([unit("weight", 7)], { modelId: "other" }));
    const other = compareSignatures(now, signature([nulls("distance", 0.4)]));
    expect(same.value).toBeGreaterThan(0.85);
    expect(other.value).toBeLessThan(0.4);
    expect(same.sharedCause).toBe("unit_change");
    expect(other.sharedColumns).toEqual(["distance"]);
    expect(same.sharedColumns).toEqual([]);
  });

  test("fully with themselves, and both ways alike", () => {
    expect(compareSignatures(now, now).value).toBeCloseTo(1, 9);
    const many = signature([unit("a", 1), nulls("b", 0.3), nulls("c", 0.6)]);
    expect(compareSignatures(now, many).value).toBeCloseTo(compareSignatures(many, now).value, 9);
    expect(compareSignatures(many, now).value).toBeLessThan(0.9);
  });

  test("less where the kind of cause, the model or the breadth is another", () => {
    const base = compareSignatures(now, now).value;
    for (const change of [
      { causeClass: "performance" },
      { modelId: "other" },
      { segmentKey: "region" },
      { breadth: 40 },
    ])
      expect(compareSignatures(now, { ...now, ...change }).value).toBeLessThan(base);
  });

  test("of no feature by the question and by how much it was missed", () => {
    const volume = (excessLog: number | null, direction: "up" | "down" = "down") =>
      signature([
        part({ monitorKind: "volume", statistic: "row_count", column: "", excessLog, direction }),
      ]);
    const near = compareSignatures(volume(-1), volume(-1.2)).value;
    const far = compareSignatures(volume(-1), volume(-6)).value;
    const opposite = compareSignatures(volume(-1), volume(1, "up")).value;
    expect([near > far, far > opposite]).toEqual([true, true]);
  });

  test("not at all where one has no alert", () => {
    expect(compareSignatures(now, signature([])).value).toBe(0);
    expect(compareSignatures(signature([]), signature([])).value).toBe(0);
  });
});
