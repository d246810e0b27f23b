import { expect, test } from "vitest";
import type { Model } from "#lib/api/model.ts";
import { prepareSchemaAnswer } from "./prepare-schema-answer.ts";
import { toPlainText } from "./sentence.ts";

const at = "2026-11-20T00:00:00.000Z";

function modelOf(count: number, inferredCount: number): Model {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    name: "eta",
    description: "",
    task: "binary",
    taskProvenance: "inferred",
    tier: 3,
    firstSeenAt: at,
    versions: [],
    features: Array.from({ length: count }, (_, i) => ({
      name: `f${i}`,
      type: "numeric",
      provenance: i < inferredCount ? "inferred" : "declared",
      firstSeenAt: at,
      lastSeenAt: at,
    })),
  };
}

test.each([
  [
    1_200,
    1_000,
    "eta is a binary model with 1,200 features; 1,000 types were inferred and wait for a person.",
  ],
  [2, 1, "eta is a binary model with 2 features; 1 type was inferred and waits for a person."],
  [1, 0, "eta is a binary model with 1 feature; every type is declared or confirmed."],
])("%s features of which %s are inferred", (count, inferredCount, words) => {
  expect(toPlainText(prepareSchemaAnswer(modelOf(count, inferredCount)).headline)).toBe(words);
});
