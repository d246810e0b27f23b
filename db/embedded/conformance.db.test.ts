import { afterAll, beforeAll, describe, inject, test } from "vitest";
import type { ConformanceContext } from "#db/testing/conformance/conformance-case.ts";
import { openConformance } from "#db/testing/conformance/conformance-case.ts";
import { conformanceCases } from "#db/testing/conformance/conformance-cases.ts";

describe("the store answers every call of the written list", () => {
  let context: ConformanceContext & { close(): Promise<void> };
  beforeAll(async () => {
    context = await openConformance(inject("clickhouseUrl"));
  });
  afterAll(() => context.close());
  test.each(conformanceCases)("$name", (one) => one.run(context));
});
