const sliceMs = 5 * 60_000;

/** What came of one five minutes of events. */
export interface Slice {
  fromMs: number;
  newestEventMs: number;
  /** Received minus made, of the row that came fastest. */
  lagMinMs: number;
}

export interface SliceShare {
  sliceCount: number;
  freshCount: number;
  /** Not profiled yet: neither fresh nor stale. */
  unknownCount: number;
}

export interface SliceOptions {
  fromMs: number;
  untilMs: number;
  ageMs: number;
  /** Starts of slices whose rows are not all profiled. */
  waiting: ReadonlySet<number>;
}

/** In how many five-minute slices the model was fresh. */
export function measureSlices(slices: readonly Slice[], options: SliceOptions): SliceShare {
  const judged = judgeSlices(slices, options);
  const freshCount = judged.filter(({ isFresh }) => isFresh === true).length;
  const unknownCount = judged.filter(({ isFresh }) => isFresh === null).length;
  return { sliceCount: judged.length - unknownCount, freshCount, unknownCount };
}

export interface JudgedSlice {
  fromMs: number;
  /** Null is not known: rows of it are not profiled yet, and nothing else says that it was fresh. */
  isFresh: boolean | null;
}

/** Whether the model was fresh at the end of each five-minute slice: the newest row that was made in the time before it came within that
 *  time. Slices without rows count, as stale unless an earlier one was still fresh enough. */
export function judgeSlices(
  slices: readonly Slice[],
  { fromMs, untilMs, ageMs, waiting }: SliceOptions,
): JudgedSlice[] {
  const sorted = slices
    .filter((slice) => slice.lagMinMs <= ageMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const waits = [...waiting].sort((a, b) => a - b);
  const judged: JudgedSlice[] = [];
  let newestMs = Number.NEGATIVE_INFINITY;
  let newestWaitingMs = Number.NEGATIVE_INFINITY;
  let next = 0;
  let waited = 0;
  for (
    let start = Math.ceil(fromMs / sliceMs) * sliceMs;
    start + sliceMs <= untilMs;
    start += sliceMs
  ) {
    for (
      let slice = sorted[next];
      slice !== undefined && slice.fromMs <= start;
      slice = sorted[next]
    ) {
      newestMs = Math.max(newestMs, slice.newestEventMs);
      next += 1;
    }
    for (let ms = waits[waited]; ms !== undefined && ms <= start; ms = waits[waited]) {
      newestWaitingMs = ms;
      waited += 1;
    }
    const isFresh = newestMs >= start + sliceMs - ageMs;
    const isKnown = newestWaitingMs <= start - ageMs;
    judged.push({ fromMs: start, isFresh: isFresh || (isKnown ? false : null) });
  }
  return judged;
}

/** How old the newest event was that had come by a moment; null: none since `fromMs`. Of a bucket it is known when its newest event was
 *  made and how soon its fastest row came: what was made after the moment less that had not come yet. */
export function measureEventAge(
  slices: readonly Slice[],
  { atMs, fromMs, widthMs }: { atMs: number; fromMs: number; widthMs: number },
): number | null {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const slice of slices) {
    if (slice.fromMs < fromMs || slice.fromMs + widthMs > Math.ceil(atMs / widthMs) * widthMs)
      continue;
    const arrivedMs = Math.min(slice.newestEventMs, atMs - Math.max(0, slice.lagMinMs));
    if (arrivedMs >= slice.fromMs) newestMs = Math.max(newestMs, arrivedMs);
  }
  return newestMs === Number.NEGATIVE_INFINITY ? null : atMs - newestMs;
}

export type Attainment = "met" | "missed" | "cannot_say";

/** Whether a share reaches its objective; `least` and `most` bound the count where a histogram cannot tell exactly. */
export function judgeShare(
  { least, most, total }: { least: number; most: number; total: number },
  objective: number,
): Attainment {
  if (total === 0) return "cannot_say";
  if (least / total >= objective) return "met";
  return most / total < objective ? "missed" : "cannot_say";
}
