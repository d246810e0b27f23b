/** What one bucket of time says of one question. */
export interface JudgedBucket {
  fromMs: number;
  untilMs: number;
  outcome: "problem" | "negligible" | "ok" | "cannot_say";
}

export interface ProblemRun {
  fromMs: number;
  /** Null while it goes on. */
  untilMs: number | null;
  /** How many of its buckets are bad. */
  badCount: number;
}

/** From this many bad buckets on, a run that goes on is a problem by itself, however good the rest of the window was. */
export const runBadCountMin = 3;

/** The newest run of bad buckets: when it began, and when it ended. Buckets that cannot say neither begin, end nor break one. Null
 *  where no bucket is bad: what the whole window shows may be too little for each of its parts. */
export function findProblemRun(buckets: readonly JudgedBucket[]): ProblemRun | null {
  let fromMs: number | null = null;
  let untilMs: number | null = null;
  let isOver = false;
  let badCount = 0;
  for (const bucket of [...buckets].reverse()) {
    switch (bucket.outcome) {
      case "problem":
        if (fromMs === null) untilMs = isOver ? bucket.untilMs : null;
        fromMs = bucket.fromMs;
        badCount += 1;
        break;
      case "cannot_say":
        break;
      case "negligible":
      case "ok":
        if (fromMs !== null) return { fromMs, untilMs, badCount };
        isOver = true;
    }
  }
  return fromMs === null ? null : { fromMs, untilMs, badCount };
}
