/** Rows as a client would send them: 20 numeric and 5 categorical features, about 600 bytes of JSON. */

export interface SampleRow {
  predictionId: string;
  timestampMs: number;
  numeric: [string, number][];
  categorical: [string, string][];
  score: number;
}

/** A small seeded generator: the same rows in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function sampleRow(
  random: () => number,
  predictionId: string,
  timestampMs: number,
): SampleRow {
  const numeric = Array.from({ length: 20 }, (_, i): [string, number] => [
    `num_f${String(i).padStart(2, "0")}`,
    Math.round((random() + random() + random() - 1.5) * 10_000) / 10_000,
  ]);
  const categorical = Array.from({ length: 5 }, (_, i): [string, string] => [
    `cat_f${i}`,
    `value_${Math.floor(random() * random() * 40)}`,
  ]);
  return {
    predictionId,
    timestampMs,
    numeric,
    categorical,
    score: Math.round(random() * 1e6) / 1e6,
  };
}

export function wireJson(row: SampleRow, model: string): string {
  return JSON.stringify({
    model,
    version: "v1",
    prediction_id: row.predictionId,
    timestamp: new Date(row.timestampMs).toISOString(),
    features: Object.fromEntries([...row.numeric, ...row.categorical]),
    prediction: row.score,
  });
}

/** The same row, shaped for an insert straight into the engine. */
export function engineJson(row: SampleRow, model: string): string {
  return JSON.stringify({
    model,
    version: "v1",
    prediction_id: row.predictionId,
    timestamp: new Date(row.timestampMs).toISOString(),
    numeric_features: Object.fromEntries(row.numeric),
    string_features: Object.fromEntries(row.categorical),
    prediction: row.score,
  });
}

const uuidPattern = "00000000-0000-7000-8000-";

/** Ids of one width, whose last twelve digits `renumber` rewrites in place. */
export function numberedId(number: number): string {
  return uuidPattern + String(number).padStart(12, "0");
}

/** Where the digits of each row's id stand in a body. */
export function findIdDigits(body: Buffer): number[] {
  const offsets: number[] = [];
  const needle = `"${uuidPattern}`;
  for (let at = body.indexOf(needle); at >= 0; at = body.indexOf(needle, at + 1)) {
    offsets.push(at + needle.length);
  }
  return offsets;
}

/** Gives the rows of a body new ids, so that it can be sent again. */
export function renumber(body: Buffer, digits: readonly number[], first: number): void {
  let number = first;
  for (const at of digits) {
    let rest = number++;
    for (let i = 11; i >= 0; i--) {
      body[at + i] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
}
