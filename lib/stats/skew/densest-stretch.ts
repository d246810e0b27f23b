/** The middle of where most numbers lie together: a robust mode.
 *
 *  Definition. Of the sorted numbers the longest run whose last is within `widthOf` its first of it; its median. Found in one
 *  pass of two pointers after the sort. Degenerate input: no numbers: null. */
export const densestStretch = (
  numbers: readonly number[],
  widthOf: (value: number) => number,
): { readonly middle: number; readonly count: number } | null => {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  let best = { from: 0, count: 0 };
  let from = 0;
  for (let until = 0; until < sorted.length; until += 1) {
    while ((sorted[until] ?? 0) - (sorted[from] ?? 0) > widthOf(sorted[from] ?? 0)) from += 1;
    if (until - from + 1 > best.count) best = { from, count: until - from + 1 };
  }
  if (best.count === 0) return null;
  return { middle: sorted[best.from + ((best.count - 1) >> 1)] ?? 0, count: best.count };
};
