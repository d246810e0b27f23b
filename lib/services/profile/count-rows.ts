import type { CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { CountedRows } from "#db/clickhouse/queries/counted-rows.ts";
import type {
  ListColumn,
  MapColumn,
  NameColumn,
  NullableColumn,
} from "#db/clickhouse/read-columns.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { numberRunOf } from "#lib/stats/number-counter.ts";
import { ProfileCounter } from "#lib/stats/profile-counter.ts";

/** Classes that are profiled one by one; a model with more is looked at by its label and score. */
const classesMax = 100;

export interface CountOptions {
  /** Declared tags; the rows of each of their values are counted apart. */
  segmentCount: number;
  /** What is counted: all but some features where all would be too much at once. */
  isCounted: (feature: string) => boolean;
  /** Whether what is no feature is counted too. */
  hasRest: boolean;
  /** Names of values that are held at once. */
  namesMax: number;
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

/** Which group each row of a block belongs to. */
interface Cut {
  groups: readonly Group[];
  /** Places in that list, by row. */
  ofRow: Uint32Array;
}

/** Elements of a block in order of key and group: those of key k and group g lie from `starts[k * groups + g]` on. */
interface Sorted {
  elements: Uint32Array;
  rows: Uint32Array;
  starts: Uint32Array;
}

/** Too many different names at once: with fewer features there may be fewer. */
export class TooManyNames extends Error {}

/** Counts raw rows into profiles, block by block, in any order. What is held is a count of each key in each group, never a row. */
export class RowCounter {
  readonly #options: CountOptions;
  readonly #keys: Key[] = [];
  readonly #keyNumbers = new Map<string, number>();
  /** Of the whole, and then of every declared tag: groups by their number and the place of their segment. */
  readonly #groups: Map<number, Group>[];
  #classCount = 0;
  #nameCount = 0;

  constructor(options: CountOptions) {
    this.#options = options;
    this.#groups = Array.from({ length: 1 + options.segmentCount }, () => new Map());
  }

  add(block: CountedRows): void {
    for (let segmentation = -1; segmentation < this.#options.segmentCount; segmentation += 1) {
      const cut = this.#cut(block, segmentation);
      this.#countRows(block, cut);
      this.#countNumbers(block, cut);
      this.#countNames(block, cut);
      if (this.#options.hasRest) this.#countRest(block, cut);
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

  #cut({ rowCount, group: groups, segments }: CountedRows, segmentation: number): Cut {
    const known = this.#groups[segmentation + 1] ?? new Map<number, Group>();
    const ofRow = new Uint32Array(rowCount);
    const list: Group[] = [];
    const places = new Map<number, number>();
    const { segmentCount } = this.#options;
    let lastId = -1;
    let last = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const group = groups[row] ?? 0;
      const place = segmentation < 0 ? 0 : (segments.values[row * segmentCount + segmentation] ?? 0);
      const id = group * segmentPlacesMax + place;
      if (id !== lastId) {
        last = places.get(id) ?? list.length;
        lastId = id;
        if (last === list.length) {
          places.set(id, last);
          list.push(findGroup(known, id, group, place));
        }
      }
      ofRow[row] = last;
    }
    return { groups: list, ofRow };
  }

  #countRows({ rowCount, eventMs, receivedMs }: CountedRows, { groups, ofRow }: Cut): void {
    for (let row = 0; row < rowCount; row += 1) {
      const group = groups[ofRow[row] ?? 0];
      if (group === undefined) continue;
      group.rowCount += 1;
      group.newestEventMs = Math.max(group.newestEventMs, eventMs?.[row] ?? 0);
      group.newestReceivedMs = Math.max(group.newestReceivedMs, receivedMs?.[row] ?? 0);
    }
  }

  #countNumbers({ numericFeatures, eventMs }: CountedRows, cut: Cut): void {
    if (numericFeatures === undefined) return;
    const keys = this.#featureKeys(numericFeatures.keys);
    this.#addNumbers(keys, sortList(numericFeatures, keys, cut), numericFeatures.values, cut, { eventMs });
  }

  #countNames(block: CountedRows, cut: Cut): void {
    const { stringFeatures, booleanFeatures, nullFeatures, eventMs } = block;
    if (stringFeatures !== undefined) {
      const keys = this.#featureKeys(stringFeatures.keys);
      this.#addNames(keys, sortList(stringFeatures, keys, cut), stringFeatures.values, cut, eventMs);
    }
    if (booleanFeatures !== undefined) {
      const keys = this.#featureKeys(booleanFeatures.keys);
      const sorted = sortList(booleanFeatures, keys, cut);
      this.#addBooleans(keys, sorted, booleanFeatures.values, cut, eventMs);
    }
    if (nullFeatures !== undefined) {
      const keys = this.#featureKeys(nullFeatures.keys);
      eachRun(keys, sortList(nullFeatures, keys, cut), cut, (key, group, from, until) =>
        this.#find(key, group).counter.addNulls(until - from),
      );
    }
  }

  #countRest(block: CountedRows, cut: Cut): void {
    const { eventMs, receivedMs, probabilities, predictionLabel } = block;
    const scalars: [ProfileSubject, string, NullableColumn | undefined][] = [
      ["prediction", "value", block.predictionValue],
      ["prediction", "score", block.predictionScore],
      ["latency", "", block.latencyMs],
      ["event_lag", "", block.eventLagMs],
    ];
    for (const [subject, feature, column] of scalars) {
      if (column === undefined) continue;
      const keys = [this.#numberOf(subject, feature)];
      const sorted = sortRows((row) => column.isNull[row] === 0, cut);
      this.#addNumbers(keys, sorted, column.values, cut, { eventMs, receivedMs });
    }
    if (predictionLabel !== undefined) {
      const { names, places } = predictionLabel;
      const isEmpty = names.map((name) => name === "");
      const sorted = sortRows((row) => isEmpty[places[row] ?? 0] === false, cut);
      this.#addNames([this.#numberOf("prediction", "label")], sorted, predictionLabel, cut, eventMs);
    }
    if (probabilities !== undefined) {
      const keys = probabilities.keys.names.map((name) => this.#classKey(name));
      this.#addNumbers(keys, sortList(probabilities, keys, cut), probabilities.values, cut, { eventMs });
    }
    this.#countAges(block, cut);
  }

  /** How old each feature was that came with a time of its own. */
  #countAges({ featureTimestamps, eventMs }: CountedRows, cut: Cut): void {
    if (featureTimestamps === undefined || eventMs === undefined) return;
    const { keys: names, ends, values: times } = featureTimestamps;
    const ages = new Float64Array(times.length);
    let element = 0;
    for (const [row, end] of ends.entries())
      for (; element < end; element += 1) ages[element] = (eventMs[row] ?? 0) - (times[element] ?? 0);
    const keys = names.names.map((name) => this.#numberOf("feature_age", name));
    const sorted = sortList(featureTimestamps, keys, cut);
    this.#addNumbers(keys, sorted, ages, cut, { eventMs });
    eachRun(keys, sorted, cut, (key, group, from, until) => {
      const own = this.#find(key, group);
      for (let i = from; i < until; i += 1)
        own.newestFeatureMs = Math.max(own.newestFeatureMs, times[sorted.elements[i] ?? 0] ?? 0);
    });
  }

  #addNumbers(
    keys: readonly number[],
    sorted: Sorted,
    values: Float64Array,
    cut: Cut,
    times: { eventMs?: Float64Array | undefined; receivedMs?: Float64Array | undefined },
  ): void {
    const { elements, rows } = sorted;
    const run = numberRunOf(new Float64Array(elements.length));
    for (let i = 0; i < elements.length; i += 1) run.values[i] = values[elements[i] ?? 0] ?? 0;
    eachRun(keys, sorted, cut, (key, group, from, until) => {
      const own = this.#find(key, group);
      own.counter.addNumbers(run, from, until);
      own.newestEventMs = newestOf(times.eventMs, rows, from, until, own.newestEventMs);
      own.newestReceivedMs = newestOf(times.receivedMs, rows, from, until, own.newestReceivedMs);
    });
  }

  #addNames(
    keys: readonly number[],
    sorted: Sorted,
    { names, places }: NameColumn,
    cut: Cut,
    eventMs: Float64Array | undefined,
  ): void {
    const { elements, rows } = sorted;
    const counts = new Uint32Array(names.length);
    eachRun(keys, sorted, cut, (key, group, from, until) => {
      const own = this.#find(key, group);
      const found: number[] = [];
      for (let i = from; i < until; i += 1) {
        const place = places[elements[i] ?? 0] ?? 0;
        const count = counts[place] ?? 0;
        if (count === 0) found.push(place);
        counts[place] = count + 1;
      }
      for (const place of found) {
        if (own.counter.addString(names[place] ?? "", counts[place] ?? 0)) this.#nameCount += 1;
        counts[place] = 0;
      }
      own.newestEventMs = newestOf(eventMs, rows, from, until, own.newestEventMs);
    });
    if (this.#nameCount > this.#options.namesMax) this.#limitNames();
  }

  #addBooleans(
    keys: readonly number[],
    sorted: Sorted,
    values: Uint8Array,
    cut: Cut,
    eventMs: Float64Array | undefined,
  ): void {
    const { elements, rows } = sorted;
    eachRun(keys, sorted, cut, (key, group, from, until) => {
      const own = this.#find(key, group);
      let trueCount = 0;
      for (let i = from; i < until; i += 1) trueCount += values[elements[i] ?? 0] ?? 0;
      const falseCount = until - from - trueCount;
      if (trueCount > 0) own.counter.addBoolean(true, trueCount);
      if (falseCount > 0) own.counter.addBoolean(false, falseCount);
      own.newestEventMs = newestOf(eventMs, rows, from, until, own.newestEventMs);
    });
  }

  /** One feature's names are held as far as there is room; of several, fewer at once are a way out. */
  #limitNames(): void {
    const counters = this.#groups.flatMap((groups) =>
      [...groups.values()].flatMap(({ keys }) =>
        Object.entries(keys).map(([key, { counter }]) => ({ key, counter })),
      ),
    );
    const named = counters.filter(({ counter }) => counter.nameCount > 0);
    if (new Set(named.map(({ key }) => key)).size > 1) throw new TooManyNames();
    const share = Math.ceil(this.#options.namesMax / (2 * named.length));
    for (const { counter } of named) counter.dropRareNames(share);
    this.#nameCount = named.reduce((sum, { counter }) => sum + counter.nameCount, 0);
  }

  #find(key: number, group: Group): KeyCount {
    const found = group.keys[key];
    if (found !== undefined) return found;
    const made = { counter: new ProfileCounter(), newestEventMs: 0, newestReceivedMs: 0, newestFeatureMs: 0 };
    group.keys[key] = made;
    return made;
  }

  #featureKeys({ names }: NameColumn): number[] {
    const { isCounted, subject = "feature" } = this.#options;
    return names.map((name) => (isCounted(name) ? this.#numberOf(subject, name) : notCounted));
  }

  #classKey(name: string): number {
    const known = this.#keyNumbers.get(keyName("prediction", `probability:${name}`));
    if (known !== undefined) return known;
    if (this.#classCount === classesMax) return notCounted;
    this.#classCount += 1;
    return this.#numberOf("prediction", `probability:${name}`);
  }

  #numberOf(subject: ProfileSubject, feature: string): number {
    const name = keyName(subject, feature);
    const known = this.#keyNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#keys.push({ subject, feature }) - 1;
    this.#keyNumbers.set(name, number);
    return number;
  }
}

const notCounted = -1;
/** More than a tag has listed values. */
const segmentPlacesMax = 4_096;

const keyName = (subject: ProfileSubject, feature: string) => `${subject}\u0000${feature}`;

const noValues = featureProfileOf([]);
const rowProfile = (rowCount: number): FeatureProfile => ({ ...noValues, rowCount });

function findGroup(known: Map<number, Group>, id: number, group: number, place: number): Group {
  const found = known.get(id);
  if (found !== undefined) return found;
  const made = { group, place, rowCount: 0, newestEventMs: 0, newestReceivedMs: 0, keys: [] };
  known.set(id, made);
  return made;
}

function newestOf(
  times: Float64Array | undefined,
  rows: Uint32Array,
  from: number,
  until: number,
  before: number,
): number {
  if (times === undefined) return before;
  let newest = before;
  for (let i = from; i < until; i += 1) {
    const time = times[rows[i] ?? 0] ?? 0;
    if (time > newest) newest = time;
  }
  return newest;
}

/** A counting sort: what is counted next lies behind each other, and one count at a time is at hand. `keys` are by place of the name. */
function sortList(list: ListColumn | MapColumn<unknown>, keys: readonly number[], cut: Cut): Sorted {
  const { ends, keys: column } = list;
  const { places } = column;
  const { ofRow } = cut;
  const groupCount = cut.groups.length;
  const skipped = keys.map((key) => (key === notCounted ? 1 : 0));
  const starts = new Uint32Array(keys.length * groupCount + 1);
  let element = 0;
  for (let row = 0; row < ends.length; row += 1) {
    const group = ofRow[row] ?? 0;
    const end = ends[row] ?? 0;
    for (; element < end; element += 1) {
      const place = places[element] ?? 0;
      if (skipped[place] === 1) continue;
      const at = place * groupCount + group + 1;
      starts[at] = (starts[at] ?? 0) + 1;
    }
  }
  addUp(starts);
  const next = starts.slice();
  const size = starts.at(-1) ?? 0;
  const elements = new Uint32Array(size);
  const rows = new Uint32Array(size);
  element = 0;
  for (let row = 0; row < ends.length; row += 1) {
    const group = ofRow[row] ?? 0;
    const end = ends[row] ?? 0;
    for (; element < end; element += 1) {
      const place = places[element] ?? 0;
      if (skipped[place] === 1) continue;
      const slot = place * groupCount + group;
      const at = next[slot] ?? 0;
      next[slot] = at + 1;
      elements[at] = element;
      rows[at] = row;
    }
  }
  return { elements, rows, starts };
}

/** The same of a column with one value a row. */
function sortRows(isPresent: (row: number) => boolean, { groups, ofRow }: Cut): Sorted {
  const starts = new Uint32Array(groups.length + 1);
  for (let row = 0; row < ofRow.length; row += 1) {
    if (!isPresent(row)) continue;
    const at = (ofRow[row] ?? 0) + 1;
    starts[at] = (starts[at] ?? 0) + 1;
  }
  addUp(starts);
  const next = starts.slice();
  const elements = new Uint32Array(starts.at(-1) ?? 0);
  for (let row = 0; row < ofRow.length; row += 1) {
    if (!isPresent(row)) continue;
    const group = ofRow[row] ?? 0;
    const at = next[group] ?? 0;
    next[group] = at + 1;
    elements[at] = row;
  }
  return { elements, rows: elements, starts };
}

function addUp(starts: Uint32Array): void {
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
}

function eachRun(
  keys: readonly number[],
  { starts }: Sorted,
  { groups }: Cut,
  visit: (key: number, group: Group, from: number, until: number) => void,
): void {
  for (const [place, key] of keys.entries()) {
    if (key === notCounted) continue;
    for (const [i, group] of groups.entries()) {
      const at = place * groups.length + i;
      const from = starts[at] ?? 0;
      const until = starts[at + 1] ?? 0;
      if (until > from) visit(key, group, from, until);
    }
  }
}
