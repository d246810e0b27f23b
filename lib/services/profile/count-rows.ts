import type { CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { Names } from "#db/clickhouse/native-blocks.ts";
import type { CountedRows } from "#db/clickhouse/queries/counted-rows.ts";
import type { NameColumn, NullableColumn } from "#db/clickhouse/read-columns.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { numberRunOf } from "#lib/stats/number-run.ts";
import { ProfileCounter } from "#lib/stats/profile-counter.ts";
import type { KeyRuns, RowCut, Runs } from "./key-columns.ts";
import {
  addUp,
  bareRuns,
  cutRuns,
  nameRun,
  notCounted,
  numberRuns,
  placeRuns,
  Rooms,
  scalarRun,
} from "./key-columns.ts";

/** Classes that are profiled one by one; a model with more is looked at by its label and score. */
export const classesMax = 100;

export interface CountOptions {
  /** Declared tags; the rows of each of their values are counted apart. */
  segmentCount: number;
  /** What is counted: all but some features where all would be too much at once. */
  isCounted: (feature: string) => boolean;
  /** Whether what is no feature is counted too. */
  hasRest: boolean;
  /** Names of values that are held at once. */
  namesMax: number;
  /** Whether fewer features can be counted at once, should the names be too many. */
  canSplit: () => boolean;
  /** What the one value of a row is that has no other: a label. */
  subject?: Extract<ProfileSubject, "feature" | "label">;
}

/** The rows of one group, or of one segment of it. */
export interface CountedGroup {
  group: number;
  /** -1: of the whole group; else the place of the tag in the list of declared ones. */
  segmentation: number;
  /** The place of its value, from 1; 0: of all values that are not listed. */
  place: number;
  keys: (valueNamesMax: number) => Iterable<CountedKey>;
}

interface Key {
  subject: ProfileSubject;
  feature: string;
}

interface KeyCount {
  counter: ProfileCounter;
  newestEventMs: number;
  newestReceivedMs: number;
  newestFeatureMs: number;
}

interface Group {
  group: number;
  place: number;
  rowCount: number;
  newestEventMs: number;
  newestReceivedMs: number;
  keys: KeyCount[];
}

/** What a block has of one group. */
interface Part {
  group: Group;
  rowCount: number;
  /** The newest of its rows. */
  eventMs: number;
  receivedMs: number;
}

/** Which group each row of a block belongs to. */
interface Cut extends RowCut {
  parts: readonly Part[];
}

type Times = Pick<CountedRows, "eventMs" | "receivedMs">;

/** What a block has of some keys, and how it is counted. */
type Counted = { times: Times } & (
  | { kind: "numbers"; runs: KeyRuns<Float64Array> }
  | { kind: "names"; runs: KeyRuns<Uint32Array>; names: Names }
  | { kind: "booleans"; runs: KeyRuns<Uint32Array> }
  | { kind: "nulls"; runs: KeyRuns<null> }
  /** When features were made. */
  | { kind: "featureTimes"; runs: KeyRuns<Float64Array> }
);
type OfKind<K extends Counted["kind"]> = Extract<Counted, { kind: K }>;

/** Too many different names at once: with fewer features there may be fewer. */
export class TooManyNames extends Error {}

/** Counts raw rows into profiles, block by block, in any order. What is held is a count of each key in each group, never a row. */
export class RowCounter {
  readonly #options: CountOptions;
  readonly #keys: Key[] = [];
  readonly #keyNumbers = new Map<ProfileSubject, Map<string, number>>();
  /** Of the whole, and then of every declared tag: groups by their number and the place of their segment. */
  readonly #groups: Map<number, Group>[];
  #classCount = 0;
  readonly #blockRooms = new Rooms();
  readonly #cutRooms = new Rooms();
  #nameCount = 0;
  /** Of each key the count that was begun last: that of the bucket before, most often. */
  readonly #latest: KeyCount[] = [];

  constructor(options: CountOptions) {
    this.#options = options;
    this.#groups = Array.from({ length: 1 + options.segmentCount }, () => new Map());
  }

  add(block: CountedRows): void {
    this.#blockRooms.clear();
    const columns = [...this.#features(block), ...(this.#options.hasRest ? this.#rest(block) : [])];
    for (let segmentation = -1; segmentation < this.#options.segmentCount; segmentation += 1) {
      const cut = this.#cut(block, segmentation);
      for (const column of columns) this.#count(column, cut);
    }
  }

  *groups(): Generator<CountedGroup> {
    for (const [i, groups] of this.#groups.entries()) {
      for (const own of groups.values()) {
        yield {
          group: own.group,
          segmentation: i - 1,
          place: own.place,
          keys: (valueNamesMax) => this.#results(own, valueNamesMax),
        };
      }
    }
  }

  *#results(group: Group, valueNamesMax: number): Generator<CountedKey> {
    const { rowCount, newestEventMs, newestReceivedMs } = group;
    if (this.#options.hasRest) {
      const profile = rowProfile(rowCount);
      const times = { newestEventMs, newestReceivedMs, newestFeatureMs: 0 };
      yield { subject: "row", feature: "", profile, ...times };
    }
    for (const [number, { subject, feature }] of this.#keys.entries()) {
      const own = group.keys[number];
      if (own === undefined) continue;
      const { counter, ...times } = own;
      yield { subject, feature, profile: counter.result(rowCount, valueNamesMax), ...times };
    }
  }

  #cut(block: CountedRows, segmentation: number): Cut {
    const { rowCount, group: groups, segments, eventMs, receivedMs } = block;
    const known = this.#groups[segmentation + 1] ?? new Map<number, Group>();
    const { segmentCount } = this.#options;
    const ofRow = new Uint32Array(rowCount);
    const parts: Part[] = [];
    const places = new Map<number, number>();
    let lastId = -1;
    let last = 0;
    let isInOrder = true;
    for (let row = 0; row < rowCount; row += 1) {
      const group = groups[row] ?? 0;
      const place =
        segmentation < 0 ? 0 : (segments?.values[row * segmentCount + segmentation] ?? 0);
      const id = group * segmentPlacesMax + place;
      if (id !== lastId) {
        last = places.get(id) ?? parts.length;
        lastId = id;
        if (last < parts.length - 1) isInOrder = false;
        if (last === parts.length) {
          places.set(id, last);
          parts.push({
            group: findGroup(known, id, group, place),
            rowCount: 0,
            eventMs: 0,
            receivedMs: 0,
          });
        }
      }
      ofRow[row] = last;
      const part = parts[last];
      if (part === undefined) continue;
      part.rowCount += 1;
      part.eventMs = Math.max(part.eventMs, eventMs?.[row] ?? 0);
      part.receivedMs = Math.max(part.receivedMs, receivedMs?.[row] ?? 0);
    }
    for (const { group, ...part } of parts) {
      group.rowCount += part.rowCount;
      group.newestEventMs = Math.max(group.newestEventMs, part.eventMs);
      group.newestReceivedMs = Math.max(group.newestReceivedMs, part.receivedMs);
    }
    const starts = Uint32Array.of(0, ...parts.map((part) => part.rowCount));
    addUp(starts);
    const order = isInOrder ? null : orderOf(ofRow, starts);
    return { parts, partCount: parts.length, ofRow, order, starts };
  }

  *#features(block: CountedRows): Generator<Counted> {
    const { numericFeatures, stringFeatures, booleanFeatures, nullFeatures } = block;
    const rooms = this.#blockRooms;
    const times = { eventMs: block.eventMs };
    if (numericFeatures !== undefined) {
      const keyOf = this.#featureKeys(numericFeatures.keys);
      yield { kind: "numbers", runs: numberRuns(numericFeatures, keyOf, rooms), times };
    }
    if (stringFeatures !== undefined) {
      const keyOf = this.#featureKeys(stringFeatures.keys);
      const { values: names } = stringFeatures;
      const runs = placeRuns(stringFeatures, names.places, keyOf, rooms);
      yield { kind: "names", runs, names, times };
    }
    if (booleanFeatures !== undefined) {
      const keyOf = this.#featureKeys(booleanFeatures.keys);
      const runs = placeRuns(booleanFeatures, booleanFeatures.values, keyOf, rooms);
      yield { kind: "booleans", runs, times };
    }
    if (nullFeatures !== undefined) {
      const keyOf = this.#featureKeys(nullFeatures.keys);
      yield { kind: "nulls", runs: bareRuns(nullFeatures, keyOf, rooms), times: {} };
    }
  }

  *#rest(block: CountedRows): Generator<Counted> {
    const { eventMs, receivedMs, probabilities, predictionLabel, featureTimestamps } = block;
    const rooms = this.#blockRooms;
    const scalars: [ProfileSubject, string, NullableColumn | undefined][] = [
      ["prediction", "value", block.predictionValue],
      ["prediction", "score", block.predictionScore],
      ["latency", "", block.latencyMs],
    ];
    for (const [subject, feature, column] of scalars) {
      if (column === undefined) continue;
      const runs = scalarRun(column, this.#numberOf(subject, feature), rooms);
      yield { kind: "numbers", runs, times: { eventMs, receivedMs } };
    }
    if (eventMs !== undefined && receivedMs !== undefined) {
      const runs = lagRun(eventMs, receivedMs, this.#numberOf("event_lag", ""), rooms);
      yield { kind: "numbers", runs, times: { eventMs, receivedMs } };
    }
    if (predictionLabel !== undefined) {
      const runs = nameRun(predictionLabel, this.#numberOf("prediction", "label"), rooms);
      yield { kind: "names", runs, names: predictionLabel, times: { eventMs } };
    }
    if (probabilities !== undefined) {
      const keyOf = probabilities.keys.names.map((name) => this.#classKey(name));
      yield { kind: "numbers", runs: numberRuns(probabilities, keyOf, rooms), times: { eventMs } };
    }
    if (featureTimestamps !== undefined && eventMs !== undefined) {
      const { names } = featureTimestamps.keys;
      const keyOf = names.map((name) => this.#numberOf("feature_age", name));
      const runs = numberRuns(featureTimestamps, keyOf, rooms);
      yield { kind: "featureTimes", runs, times: {} };
      yield { kind: "numbers", runs: agesOf(runs, eventMs, rooms), times: { eventMs } };
    }
  }

  #count(column: Counted, cut: Cut): void {
    this.#cutRooms.clear();
    switch (column.kind) {
      case "numbers":
        this.#addNumbers(column, cut);
        break;
      case "names":
        this.#addNames(column, cut);
        break;
      case "booleans":
        this.#addBooleans(column, cut);
        break;
      case "nulls":
        this.#addNulls(column, cut);
        break;
      case "featureTimes":
        this.#addFeatureTimes(column, cut);
        break;
    }
  }

  #addNumbers({ runs: keyRuns, times }: OfKind<"numbers">, cut: Cut): void {
    const runs = cutRuns(keyRuns, cut, this.#cutRooms);
    const run = numberRunOf(runs.values);
    eachRun(keyRuns.keys, runs, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
      own.counter.addNumbers(run, from, until);
      noteTimes(own, part, runs, times, from, until);
    });
  }

  #addNames({ runs: keyRuns, names: column, times }: OfKind<"names">, cut: Cut): void {
    const { names, listed } = column;
    const runs = cutRuns(keyRuns, cut, this.#cutRooms);
    const { values: places } = runs;
    const counts = new Uint32Array(names.length);
    const found = new Uint32Array(names.length);
    eachRun(keyRuns.keys, runs, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
      const foundCount = countPlaces(places.subarray(from, until), counts, found);
      for (let i = 0; i < foundCount; i += 1) {
        const place = found[i] ?? 0;
        const count = counts[place] ?? 0;
        const isNew =
          listed === null || foundCount < listedMin
            ? own.counter.addString(names[place] ?? "", count)
            : own.counter.addListed(listed.list, listed.places[place] ?? 0, count);
        if (isNew) this.#nameCount += 1;
        counts[place] = 0;
      }
      noteTimes(own, part, runs, times, from, until);
    });
    if (this.#nameCount > this.#options.namesMax) this.#limitNames();
  }

  #addBooleans({ runs: keyRuns, times }: OfKind<"booleans">, cut: Cut): void {
    const runs = cutRuns(keyRuns, cut, this.#cutRooms);
    const { values } = runs;
    eachRun(keyRuns.keys, runs, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
      let trueCount = 0;
      for (let i = from; i < until; i += 1) trueCount += values[i] ?? 0;
      const falseCount = until - from - trueCount;
      if (trueCount > 0) own.counter.addBoolean(true, trueCount);
      if (falseCount > 0) own.counter.addBoolean(false, falseCount);
      noteTimes(own, part, runs, times, from, until);
    });
  }

  #addNulls({ runs: keyRuns }: OfKind<"nulls">, cut: Cut): void {
    const runs = cutRuns(keyRuns, cut, this.#cutRooms);
    eachRun(keyRuns.keys, runs, cut, (key, { group }, from, until) =>
      this.#find(key, group).counter.addNulls(until - from),
    );
  }

  #addFeatureTimes({ runs: keyRuns }: OfKind<"featureTimes">, cut: Cut): void {
    const runs = cutRuns(keyRuns, cut, this.#cutRooms);
    eachRun(keyRuns.keys, runs, cut, (key, { group }, from, until) => {
      const own = this.#find(key, group);
      for (let i = from; i < until; i += 1)
        own.newestFeatureMs = Math.max(own.newestFeatureMs, runs.values[i] ?? 0);
    });
  }

  #limitNames(): void {
    if (this.#options.canSplit()) throw new TooManyNames();
    const named = this.#groups
      .flatMap((groups) => [...groups.values()].flatMap(({ keys }) => Object.values(keys)))
      .filter(({ counter }) => counter.nameCount > 0);
    const share = Math.ceil(this.#options.namesMax / (2 * named.length));
    for (const { counter } of named) counter.dropRareNames(share);
    this.#nameCount = named.reduce((sum, { counter }) => sum + counter.nameCount, 0);
  }

  #find(key: number, group: Group): KeyCount {
    const found = group.keys[key];
    if (found !== undefined) return found;
    const made = {
      counter: new ProfileCounter(this.#latest[key]?.counter),
      newestEventMs: 0,
      newestReceivedMs: 0,
      newestFeatureMs: 0,
    };
    group.keys[key] = made;
    this.#latest[key] = made;
    return made;
  }

  #featureKeys({ names }: NameColumn): number[] {
    const { isCounted, subject = "feature" } = this.#options;
    return names.map((name) => (isCounted(name) ? this.#numberOf(subject, name) : notCounted));
  }

  #classKey(name: string): number {
    // A dictionary begins with the empty name, whether or not any value has it.
    if (name === "") return notCounted;
    const feature = `probability:${name}`;
    const known = this.#keyNumbers.get("prediction")?.get(feature);
    if (known !== undefined) return known;
    if (this.#classCount === classesMax) return notCounted;
    this.#classCount += 1;
    return this.#numberOf("prediction", feature);
  }

  #numberOf(subject: ProfileSubject, feature: string): number {
    const numbers = this.#keyNumbers.get(subject) ?? new Map<string, number>();
    const known = numbers.get(feature);
    if (known !== undefined) return known;
    const number = this.#keys.push({ subject, feature }) - 1;
    this.#keyNumbers.set(subject, numbers.set(feature, number));
    return number;
  }
}

/** Names of a run from which on it is worth to count them by their place in the list that all blocks share. */
const listedMin = 64;

/** More than a tag has listed values. */
const segmentPlacesMax = 4_096;

const noValues = featureProfileOf([]);
const rowProfile = (rowCount: number): FeatureProfile => ({ ...noValues, rowCount });

function findGroup(known: Map<number, Group>, id: number, group: number, place: number): Group {
  const found = known.get(id);
  if (found !== undefined) return found;
  const made = { group, place, rowCount: 0, newestEventMs: 0, newestReceivedMs: 0, keys: [] };
  known.set(id, made);
  return made;
}

/** How old each feature was when its row was made. */
function agesOf(
  runs: KeyRuns<Float64Array>,
  eventMs: Float64Array,
  rooms: Rooms,
): KeyRuns<Float64Array> {
  const { keys, values: times, starts, rows } = runs;
  const ages = rooms.numbers(starts.at(-1) ?? 0);
  for (let run = 0; run < keys.length; run += 1) {
    const from = starts[run] ?? 0;
    for (let i = from; i < (starts[run + 1] ?? 0); i += 1)
      ages[i] = (eventMs[rows?.[i] ?? i - from] ?? 0) - (times[i] ?? 0);
  }
  return { ...runs, values: ages };
}

/** How long each row took from when it was made until it was received. */
function lagRun(
  eventMs: Float64Array,
  receivedMs: Float64Array,
  key: number,
  rooms: Rooms,
): KeyRuns<Float64Array> {
  const size = eventMs.length;
  const lags = rooms.numbers(size);
  for (let row = 0; row < size; row += 1) lags[row] = (receivedMs[row] ?? 0) - (eventMs[row] ?? 0);
  return { keys: [key], values: lags, starts: Uint32Array.of(0, size), rows: null };
}

/** Counts on, and lists what was not counted yet; answers how many these are. */
function countPlaces(places: Uint32Array, counts: Uint32Array, found: Uint32Array): number {
  let foundCount = 0;
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] ?? 0;
    const count = counts[place] ?? 0;
    if (count === 0) {
      found[foundCount] = place;
      foundCount += 1;
    }
    counts[place] = count + 1;
  }
  return foundCount;
}

/** Rows part by part, those of a part in their order. */
function orderOf(ofRow: Uint32Array, starts: Uint32Array): Uint32Array {
  const next = starts.slice();
  const order = new Uint32Array(ofRow.length);
  for (let row = 0; row < ofRow.length; row += 1) {
    const part = ofRow[row] ?? 0;
    const at = next[part] ?? 0;
    next[part] = at + 1;
    order[at] = row;
  }
  return order;
}

/** When these rows of a part were made and received; most often they are all that it has. */
function noteTimes(
  own: KeyCount,
  part: Part,
  { rows }: Pick<Runs<null>, "rows">,
  { eventMs, receivedMs }: Times,
  from: number,
  until: number,
): void {
  const newestOf = (times: Float64Array, newest: number) =>
    rows === null || until - from === part.rowCount ? newest : newestIn(times, rows, from, until);
  if (eventMs !== undefined)
    own.newestEventMs = Math.max(own.newestEventMs, newestOf(eventMs, part.eventMs));
  if (receivedMs !== undefined)
    own.newestReceivedMs = Math.max(own.newestReceivedMs, newestOf(receivedMs, part.receivedMs));
}

function newestIn(times: Float64Array, rows: Uint32Array, from: number, until: number): number {
  let newest = 0;
  for (let i = from; i < until; i += 1) {
    const time = times[rows[i] ?? 0] ?? 0;
    if (time > newest) newest = time;
  }
  return newest;
}

function eachRun(
  keys: readonly number[],
  { starts }: Pick<Runs<null>, "starts">,
  { parts }: Cut,
  visit: (key: number, part: Part, from: number, until: number) => void,
): void {
  for (const [run, key] of keys.entries()) {
    if (key === notCounted) continue;
    for (const [i, part] of parts.entries()) {
      const from = starts[run * parts.length + i] ?? 0;
      const until = starts[run * parts.length + i + 1] ?? 0;
      if (until > from) visit(key, part, from, until);
    }
  }
}
