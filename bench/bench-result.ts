/** What a benchmark hands back: a table for people, and the goals of the plan that it is held against. */
export interface BenchResult {
  name: string;
  rows: Record<string, number | string>[];
  budgets: Budget[];
}

export interface Budget {
  what: string;
  goal: string;
  value: string;
  met: boolean;
}

/** From the command line, for the benchmarks that take them. */
export interface BenchOptions {
  rows?: number;
}

export interface Bench {
  name: string;
  description: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
