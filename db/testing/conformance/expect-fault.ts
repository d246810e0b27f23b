import { AssertionError } from "node:assert";
import { ClickHouseError } from "@clickhouse/client";

/** Expects the work, or the reading of its answer, to fail with this code. */
export async function expectFault(work: Promise<unknown>, code: string): Promise<ClickHouseError> {
  try {
    const answer = await work;
    if (
      typeof answer === "object" &&
      answer !== null &&
      "text" in answer &&
      typeof answer.text === "function"
    ) {
      await answer.text();
    }
  } catch (error) {
    if (error instanceof ClickHouseError && error.code === code) return error;
    throw new AssertionError({
      message: `Expected code ${code}, got: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  throw new AssertionError({ message: `Expected code ${code}, and it went well` });
}
