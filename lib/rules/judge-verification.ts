import type { SeriesResult } from "#lib/domain/monitor.ts";

/** One series of the incident, and what its monitor says of it now. */
export interface AskedSeries {
  label: string;
  /** Why it can't be asked any more: its monitor is gone or off. */
  gone: string | null;
  /** Of its window and the step between two of them. */
  windowMs: number;
  cadenceMs: number;
  newest: { fromTime: Date; untilTime: Date; evaluatedAt: Date; result: SeriesResult } | null;
}

export interface Verdict {
  /** `waiting`: not yet to be said; asked again later. */
  kind: "verified" | "not_verified" | "verification_impossible" | "waiting";
  sentence: string;
  series: { label: string; said: string }[];
}

/** Beyond its window and step: profiles, late rows and a worker that was away. */
const graceMs = 30 * 60_000;

interface Found {
  kind: Verdict["kind"];
  said: string;
}

/** Whether monitors say that it is over. Calm counts from the first window that ends after the action; firing only of a window that lies
 *  wholly after it, since an earlier one still holds the rows from before. Unknown is waited for, and then it is impossible to say. */
export function judgeVerification(
  asked: readonly AskedSeries[],
  { succeededAt, askedAt, now }: { succeededAt: Date; askedAt: Date; now: Date },
): Verdict {
  if (asked.length === 0)
    return {
      kind: "verification_impossible",
      sentence: "No monitor stands behind this incident, so that nothing can be asked again",
      series: [],
    };
  const found = asked.map((series) => ({
    label: series.label,
    ...judgeSeries(series, { succeededAt, askedAt, now }),
  }));
  const series = found.map(({ label, said }) => ({ label, said }));
  const first = (kind: Verdict["kind"]) => found.find((each) => each.kind === kind);
  const worst = first("not_verified") ?? first("verification_impossible") ?? first("waiting");
  if (worst !== undefined)
    return { kind: worst.kind, sentence: `${worst.label}: ${worst.said}`, series };
  const count = found.length === 1 ? "The monitor is" : `All ${found.length} series are`;
  return { kind: "verified", sentence: `${count} calm again: ${series[0]?.said ?? ""}`, series };
}

function judgeSeries(
  { gone, windowMs, cadenceMs, newest }: AskedSeries,
  { succeededAt, askedAt, now }: { succeededAt: Date; askedAt: Date; now: Date },
): Found {
  if (gone !== null) return { kind: "verification_impossible", said: gone };
  const isLate =
    now.getTime() >
    Math.max(askedAt.getTime(), succeededAt.getTime() + windowMs + cadenceMs) + graceMs;
  const wait = (said: string): Found => ({
    kind: isLate ? "verification_impossible" : "waiting",
    said,
  });
  if (
    newest === null ||
    newest.evaluatedAt < askedAt ||
    newest.untilTime.getTime() <= succeededAt.getTime()
  )
    return wait("no window after the action was evaluated yet");
  const { result, fromTime } = newest;
  switch (result.kind) {
    case "no_data":
    case "failed":
      return wait(`cannot say: ${result.reason}`);
    case "value":
      if (result.judged === "clear") return { kind: "verified", said: result.sentence };
      if (fromTime < succeededAt)
        return wait(`${result.sentence} That window still holds rows from before the action`);
      return { kind: "not_verified", said: result.sentence };
  }
}
