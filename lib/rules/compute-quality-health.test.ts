import { expect, test } from "vitest";
import type { JudgedQuality } from "./compute-quality-health.ts";
import { computeQualityHealth } from "./compute-quality-health.ts";

const key = (verdict: JudgedQuality["verdict"], subject = "feature") => ({
  subject,
  feature: "f",
  verdict,
});

test.each([
  ["nothing judged is unknown", [], "unknown"],
  ["all well is healthy", [key("ok"), key("ok")], "healthy"],
  ["some that cannot be said leave it healthy", [key("ok"), key("cannot_say")], "healthy"],
  ["nothing that can be said is unknown", [key("cannot_say")], "unknown"],
  ["a failed evaluation is unknown, however well the rest", [key("ok"), key("failed")], "unknown"],
  ["a bad feature is one to watch", [key("ok"), key("problem"), key("failed")], "watch"],
  ["a bad prediction is a breach", [key("problem"), key("problem", "prediction")], "breach"],
])("%s", (_name, judged, health) => {
  expect(computeQualityHealth(judged)).toBe(health);
});
