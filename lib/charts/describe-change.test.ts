import { expect, test } from "vitest";
import { describeChange } from "./describe-change.ts";

test("a change is told field by field, from what to what, whatever was written down", () => {
  expect(
    describeChange({
      action: "incident.note.correct",
      before: { text: "late", id: "1" },
      after: { text: "late by 2 h", id: "1", occurredAt: null },
    }),
  ).toEqual({
    action: "note correct",
    fields: [
      { name: "text", before: "late", after: "late by 2 h" },
      { name: "occurredAt", before: null, after: "nothing" },
    ],
  });
  expect(describeChange({ action: "incident.acknowledge", before: null, after: 3 })).toEqual({
    action: "acknowledge",
    fields: [],
  });
  const long = describeChange({ action: "x", after: { text: "a".repeat(9_000), list: [1, 2] } });
  expect(long.fields.map(({ after }) => after.length)).toEqual([200, 5]);
});
