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
}

/** The newest run of bad buckets: when it began, and when it ended. Buckets that cannot say neither begin, end nor break one. Null
 *  where no bucket is bad: what the whole window shows may be too little for each of its parts. */
export function findProblemRun(buckets: readonly JudgedBucket[]): ProblemRun | null {
  let fromMs: number | null = null;
  let untilMs: number | null = null;
  let isOver = false;
  for (const bucket of [...buckets].reverse()) {
    switch (bucket.outcome) {
      case "problem":
        if (fromMs === null) untilMs = isOver ? bucket.untilMs : null;
        fromMs = bucket.fromMs;
        break;
      case "cannot_say":
        break;
      case "negligible":
      case "ok":
        if (fromMs !== null) return { fromMs, untilMs };
        isOver = true;
    }
  }
  return fromMs === null ? null : { fromMs, untilMs };
}
