import { behaviourCases } from "./behaviour-cases.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import { insertCases } from "./insert-cases.ts";
import { queryCases } from "./query-cases.ts";
import { refusalCases } from "./refusal-cases.ts";

/** The written list of what the product asks of ClickHouse. */
export const conformanceCases: ConformanceCase[] = [
  ...queryCases,
  ...insertCases,
  ...behaviourCases,
  ...refusalCases,
];
