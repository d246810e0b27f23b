/** What a job tells of itself while it runs; kept in its run. */
export interface JobStep {
  doneCount?: number;
  totalCount?: number;
  /** Of this step alone. */
  rowsRead?: number;
  /** A window that was evaluated in this step. */
  window?: { fromTime: Date; untilTime: Date };
}

export type JobProgress = (step: JobStep) => Promise<void>;

/** How a run ended that did not fail; `skipped` did nothing, and `detail` says why. */
export interface JobOutcome {
  state: "done" | "skipped";
  detail: string;
}
