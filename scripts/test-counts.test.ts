import { expect, test } from "vitest";
import {
  countPlaywright,
  countPython,
  countVerify,
  countVitest,
  settleCounts,
  sumCounts,
} from "./test-counts.ts";

const assertion = (status: string, fullName = "t") => ({ status, fullName });

test("vitest: a test that did not run is named, whatever kept it from running", () => {
  const report = {
    testResults: [
      {
        name: "a.test.ts",
        status: "passed",
        assertionResults: [
          assertion("passed"),
          assertion("pending", "golden vectors"),
          assertion("todo", "later"),
        ],
      },
      { name: "b.test.ts", status: "failed", assertionResults: [assertion("failed")] },
    ],
  };
  expect(countVitest(report)).toEqual({
    passed: 1,
    failed: 1,
    skipped: ["golden vectors", "later"],
  });
});

test("vitest: a file that cannot be loaded is a failure", () => {
  const report = { testResults: [{ name: "a.test.ts", status: "failed", assertionResults: [] }] };
  expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: [] });
});

test("playwright: nested suites count, flaky is failed, errors outside of tests are failures", () => {
  const spec = (title: string, status: "expected" | "flaky" | "skipped") => ({
    title,
    tests: [{ status }],
  });
  const report = {
    errors: [{ message: "no server" }],
    suites: [
      {
        title: "drift.spec.ts",
        specs: [spec("opens", "expected")],
        suites: [
          { title: "on a phone", specs: [spec("scrolls", "flaky"), spec("prints", "skipped")] },
        ],
      },
    ],
  };
  expect(countPlaywright(report)).toEqual({
    passed: 1,
    failed: 2,
    skipped: ["drift.spec.ts > on a phone > prints"],
  });
});

test("checks and Python's tests count one each", () => {
  expect(
    countVerify([
      { name: "types", isPassed: true },
      { name: "walls", isPassed: false },
    ]),
  ).toEqual({ passed: 1, failed: 1, skipped: [] });
  expect(countPython({ passed: 3, failed: ["a"], skipped: ["b: no pandas"] })).toEqual({
    passed: 3,
    failed: 1,
    skipped: ["b: no pandas"],
  });
});

test("sums keep every name", () => {
  const sum = sumCounts([
    { passed: 1, failed: 0, skipped: ["a"] },
    { passed: 2, failed: 1, skipped: ["b"] },
  ]);
  expect(sum).toEqual({ passed: 3, failed: 1, skipped: ["a", "b"] });
});

test.each([
  ["left no report", null, 0, 1],
  ["ran nothing", { passed: 0, failed: 0, skipped: [] }, 0, 1],
  ["passed and ended badly", { passed: 5, failed: 0, skipped: [] }, 1, 1],
  ["failed two and ended badly", { passed: 5, failed: 2, skipped: [] }, 1, 2],
  ["passed and ended well", { passed: 5, failed: 0, skipped: [] }, 0, 0],
])("a runner that %s counts its failures right", (_, counts, exitCode, failed) => {
  expect(settleCounts(counts, exitCode).failed).toBe(failed);
});
