export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** From 1, in the older text and in the newer one; null where it has none. */
  before: number | null;
  after: number | null;
}

/** Past this the middle is shown as replaced whole: comparing it line by line would take longer than reading it. */
const cellsMax = 4_000_000;

/** What became of a text, line by line, by the longest common subsequence. */
export function diffLines(older: string, newer: string): DiffLine[] {
  const [a, b] = [older.split("\n"), newer.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const [endA, endB] = [a.length - tail, b.length - tail];
  const same = (i: number, j: number): DiffLine => ({
    kind: "same",
    text: a[i] ?? "",
    before: i + 1,
    after: j + 1,
  });
  const removed = (i: number): DiffLine => ({
    kind: "removed",
    text: a[i] ?? "",
    before: i + 1,
    after: null,
  });
  const added = (j: number): DiffLine => ({
    kind: "added",
    text: b[j] ?? "",
    before: null,
    after: j + 1,
  });
  const lines = Array.from({ length: head }, (_, i) => same(i, i));
  const common = commonLength(a.slice(head, endA), b.slice(head, endB));
  let [i, j] = [head, head];
  while (i < endA || j < endB) {
    if (i < endA && j < endB && common !== null && a[i] === b[j]) {
      lines.push(same(i, j));
      i += 1;
      j += 1;
    } else if (
      i < endA &&
      (j >= endB || common === null || keepsBefore(common, i - head, j - head))
    ) {
      lines.push(removed(i));
      i += 1;
    } else {
      lines.push(added(j));
      j += 1;
    }
  }
  for (let k = 0; k < tail; k += 1) lines.push(same(endA + k, endB + k));
  return lines;
}

type Lengths = (i: number, j: number) => number;

const keepsBefore = (common: Lengths, i: number, j: number) => common(i + 1, j) >= common(i, j + 1);

function commonLength(a: readonly string[], b: readonly string[]): Lengths | null {
  const width = b.length + 1;
  if ((a.length + 1) * width > cellsMax) return null;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
