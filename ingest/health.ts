export interface Health {
  isReady: boolean;
  /** What is wrong, in words; empty when nothing is. */
  notes: string[];
}

export interface HealthFacts {
  isStopping: boolean;
  walBytes: number;
  walBytesMax: number;
  oldestUnstoredAgeMs: number;
  failing: { step: string; message: string } | null;
}

const lateMs = 30_000;
const nearlyFull = 0.8;

/** Ready as long as rows can be acknowledged: a store that is away is worth a note, not a refusal. */
export function describeHealth(facts: HealthFacts): Health {
  const notes: string[] = [];
  if (facts.isStopping) notes.push("The process is stopping.");
  const isFull = facts.walBytes >= facts.walBytesMax;
  const share = Math.round((100 * facts.walBytes) / facts.walBytesMax);
  if (isFull)
    notes.push(
      "The write-ahead log is full: rows are refused with 503 until the store has taken some.",
    );
  else if (facts.walBytes > nearlyFull * facts.walBytesMax)
    notes.push(`The write-ahead log is ${share} % full.`);
  if (facts.failing !== null)
    notes.push(`Shipping fails: ${failureOf(facts.failing)}. It is tried again until it works.`);
  if (facts.oldestUnstoredAgeMs > lateMs) {
    notes.push(
      `The oldest acknowledged row that is not stored has waited ${Math.round(facts.oldestUnstoredAgeMs / 1000)} s.`,
    );
  }
  return { isReady: !facts.isStopping && !isFull, notes };
}

/** The endpoint is public: which store is meant is said, what it answered is in the log. */
function failureOf({ step }: { step: string }): string {
  if (step === "insert") return "ClickHouse does not take the rows";
  if (step === "read") return "the log can't be read";
  return "Postgres does not answer";
}
