/** What one step of `npm test` proved. `skipped` names each test that did not run, and why where that is known. */
export type Counts = { passed: number; failed: number; skipped: string[] };

type VitestReport = {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
};

/** A file that could not be loaded has no tests to fail: it counts as one failure. */
export function countVitest(report: VitestReport): Counts {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: tests.filter(({ status }) => status === "failed").length + broken.length,
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => fullName),
  };
}

export function countVerify(report: { name: string; isPassed: boolean }[]): Counts {
  const passed = report.filter(({ isPassed }) => isPassed).length;
  return { passed, failed: report.length - passed, skipped: [] };
}

export function countPython(report: {
  passed: number;
  failed: string[];
  skipped: string[];
}): Counts {
  return { passed: report.passed, failed: report.failed.length, skipped: report.skipped };
}

type PlaywrightSpec = {
  title: string;
  tests: { status: "expected" | "unexpected" | "flaky" | "skipped"; projectName?: string }[];
};
type PlaywrightSuite = { title: string; specs?: PlaywrightSpec[]; suites?: PlaywrightSuite[] };
type PlaywrightReport = { suites: PlaywrightSuite[]; errors: unknown[] };

/** A test that passed only when it was tried again has failed: it proves nothing. */
export function countPlaywright(report: PlaywrightReport): Counts {
  const counts: Counts = { passed: 0, failed: report.errors.length, skipped: [] };
  const visit = (suite: PlaywrightSuite, above: string) => {
    const title = above === "" ? suite.title : `${above} > ${suite.title}`;
    for (const spec of suite.specs ?? [])
      for (const { status } of spec.tests) {
        if (status === "expected") counts.passed += 1;
        else if (status === "skipped") counts.skipped.push(`${title} > ${spec.title}`);
        else counts.failed += 1;
      }
    for (const child of suite.suites ?? []) visit(child, title);
  };
  for (const suite of report.suites) visit(suite, "");
  return counts;
}

export function sumCounts(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/** What a step's exit code and its counts say together: a runner that ended badly has not passed, and one that ran
 *  nothing has proved nothing. */
export function settleCounts(counts: Counts | null, exitCode: number): Counts {
  if (counts === null) return { passed: 0, failed: 1, skipped: [] };
  const isEmpty = counts.passed + counts.failed + counts.skipped.length === 0;
  const isHidden = exitCode !== 0 && counts.failed === 0;
  return isEmpty || isHidden ? { ...counts, failed: counts.failed + 1 } : counts;
}
