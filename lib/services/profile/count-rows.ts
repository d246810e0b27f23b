import type { CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { CountedRows } from "#db/clickhouse/queries/counted-rows.ts";
import type { ListColumn, NameColumn, NullableColumn } from "#db/clickhouse/read-columns.ts";
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

/** Which group each row of a block belongs to: a place in the list. */
interface Cut {
  parts: readonly Part[];
  ofRow: Uint32Array;
}

type Times = Pick<CountedRows, "eventMs" | "receivedMs">;

/** Elements of a block in order of key and part: those of key k and part p lie from `starts[k * parts + p]` on. */
interface Sorted {
  elements: Uint32Array;
  size: number;
  /** Of a list, before which element each row ends; absent where an element is a row. */
  ends?: Uint32Array;
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
  #elements = new Uint32Array();
  #run = numberRunOf(new Float64Array());
  #nameCount = 0;

  constructor(options: CountOptions) {
    this.#options = options;
    this.#groups = Array.from({ length: 1 + options.segmentCount }, () => new Map());
  }

  add(block: CountedRows): void {
    for (let segmentation = -1; segmentation < this.#options.segmentCount; segmentation += 1) {
      const cut = this.#cut(block, segmentation);
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

  #cut(block: CountedRows, segmentation: number): Cut {
    const { rowCount, group: groups, segments, eventMs, receivedMs } = block;
    const known = this.#groups[segmentation + 1] ?? new Map<number, Group>();
    const { segmentCount } = this.#options;
    const ofRow = new Uint32Array(rowCount);
    const parts: Part[] = [];
    const places = new Map<number, number>();
    let lastId = -1;
    let last = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const group = groups[row] ?? 0;
      const place =
        segmentation < 0 ? 0 : (segments.values[row * segmentCount + segmentation] ?? 0);
      const id = group * segmentPlacesMax + place;
      if (id !== lastId) {
        last = places.get(id) ?? parts.length;
        lastId = id;
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
    return { parts, ofRow };
  }

  #countNumbers({ numericFeatures, eventMs }: CountedRows, cut: Cut): void {
    if (numericFeatures === undefined) return;
    const keys = this.#featureKeys(numericFeatures.keys);
    this.#addNumbers(keys, this.#sort(numericFeatures, keys, cut), numericFeatures.values, cut, {
      eventMs,
    });
  }

  #countNames(block: CountedRows, cut: Cut): void {
    const { stringFeatures, booleanFeatures, nullFeatures, eventMs } = block;
    if (stringFeatures !== undefined) {
      const keys = this.#featureKeys(stringFeatures.keys);
      this.#addNames(
        keys,
        this.#sort(stringFeatures, keys, cut),
        stringFeatures.values,
        cut,
        eventMs,
      );
    }
    if (booleanFeatures !== undefined) {
      const keys = this.#featureKeys(booleanFeatures.keys);
      const sorted = this.#sort(booleanFeatures, keys, cut);
      this.#addBooleans(keys, sorted, booleanFeatures.values, cut, eventMs);
    }
    if (nullFeatures !== undefined) {
      const keys = this.#featureKeys(nullFeatures.keys);
      eachRun(keys, this.#sort(nullFeatures, keys, cut), cut, (key, { group }, from, until) =>
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
      const sorted = this.#sortRows((row) => column.isNull[row] === 0, cut);
      this.#addNumbers(keys, sorted, column.values, cut, { eventMs, receivedMs });
    }
    if (predictionLabel !== undefined) {
      const { names, places } = predictionLabel;
      const isEmpty = names.map((name) => name === "");
      const sorted = this.#sortRows((row) => isEmpty[places[row] ?? 0] === false, cut);
      this.#addNames(
        [this.#numberOf("prediction", "label")],
        sorted,
        predictionLabel,
        cut,
        eventMs,
      );
    }
    if (probabilities !== undefined) {
      const keys = probabilities.keys.names.map((name) => this.#classKey(name));
      this.#addNumbers(keys, this.#sort(probabilities, keys, cut), probabilities.values, cut, {
        eventMs,
      });
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
      for (; element < end; element += 1)
        ages[element] = (eventMs[row] ?? 0) - (times[element] ?? 0);
    const keys = names.names.map((name) => this.#numberOf("feature_age", name));
    const sorted = this.#sort(featureTimestamps, keys, cut);
    this.#addNumbers(keys, sorted, ages, cut, { eventMs });
    eachRun(keys, sorted, cut, (key, { group }, from, until) => {
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
    times: Times,
  ): void {
    const { elements, size } = sorted;
    if (this.#run.values.length < size) this.#run = numberRunOf(new Float64Array(withRoom(size)));
    const run = this.#run;
    for (let i = 0; i < size; i += 1) run.values[i] = values[elements[i] ?? 0] ?? 0;
    eachRun(keys, sorted, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
      own.counter.addNumbers(run, from, until);
      noteTimes(own, part, sorted, times, from, until);
    });
  }

  #addNames(
    keys: readonly number[],
    sorted: Sorted,
    { names, places }: NameColumn,
    cut: Cut,
    eventMs: Float64Array | undefined,
  ): void {
    const { elements } = sorted;
    const counts = new Uint32Array(names.length);
    eachRun(keys, sorted, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
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
      noteTimes(own, part, sorted, { eventMs }, from, until);
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
    const { elements } = sorted;
    eachRun(keys, sorted, cut, (key, part, from, until) => {
      const own = this.#find(key, part.group);
      let trueCount = 0;
      for (let i = from; i < until; i += 1) trueCount += values[elements[i] ?? 0] ?? 0;
      const falseCount = until - from - trueCount;
      if (trueCount > 0) own.counter.addBoolean(true, trueCount);
      if (falseCount > 0) own.counter.addBoolean(false, falseCount);
      noteTimes(own, part, sorted, { eventMs }, from, until);
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

  /** A counting sort: what is counted next lies behind each other, and one count at a time is at hand. `keys` are by place of the name.
   *  The answer is overwritten by the next one. */
  #sort(
    { ends, keys: { places } }: ListColumn,
    keys: readonly number[],
    { parts, ofRow }: Cut,
  ): Sorted {
    const partCount = parts.length;
    const isSkipped = Uint8Array.from(keys, (key) => (key === notCounted ? 1 : 0));
    const starts = new Uint32Array(keys.length * partCount + 1);
    for (let row = 0, element = 0; row < ofRow.length; row += 1) {
      const part = (ofRow[row] ?? 0) + 1;
      for (const end = ends[row] ?? 0; element < end; element += 1) {
        const place = places[element] ?? 0;
        if (isSkipped[place] === 0)
          starts[place * partCount + part] = (starts[place * partCount + part] ?? 0) + 1;
      }
    }
    const size = addUp(starts);
    const elements = this.#sortedRoom(size);
    const next = starts.slice();
    for (let row = 0, element = 0; row < ofRow.length; row += 1) {
      const part = ofRow[row] ?? 0;
      for (const end = ends[row] ?? 0; element < end; element += 1) {
        const place = places[element] ?? 0;
        if (isSkipped[place] === 1) continue;
        const slot = place * partCount + part;
        const at = next[slot] ?? 0;
        next[slot] = at + 1;
        elements[at] = element;
      }
    }
    return { elements, size, starts, ends };
  }

  /** The same of a column with one value a row. */
  #sortRows(isPresent: (row: number) => boolean, { parts, ofRow }: Cut): Sorted {
    const starts = new Uint32Array(parts.length + 1);
    for (let row = 0; row < ofRow.length; row += 1)
      if (isPresent(row)) starts[(ofRow[row] ?? 0) + 1] = (starts[(ofRow[row] ?? 0) + 1] ?? 0) + 1;
    const size = addUp(starts);
    const elements = this.#sortedRoom(size);
    const next = starts.slice();
    for (let row = 0; row < ofRow.length; row += 1) {
      if (!isPresent(row)) continue;
      const part = ofRow[row] ?? 0;
      const at = next[part] ?? 0;
      next[part] = at + 1;
      elements[at] = row;
    }
    return { elements, size, starts };
  }

  #sortedRoom(size: number): Uint32Array {
    if (this.#elements.length < size) this.#elements = new Uint32Array(withRoom(size));
    return this.#elements;
  }

  #find(key: number, group: Group): KeyCount {
    const found = group.keys[key];
    if (found !== undefined) return found;
    const made = {
      counter: new ProfileCounter(),
      newestEventMs: 0,
      newestReceivedMs: 0,
      newestFeatureMs: 0,
    };
    group.keys[key] = made;
    return made;
  }

  #featureKeys({ names }: NameColumn): number[] {
    const { isCounted, subject = "feature" } = this.#options;
    return names.map((name) => (isCounted(name) ? this.#numberOf(subject, name) : notCounted));
  }

  #classKey(name: string): number {
    // A dictionary begins with the empty name, whether or not any value has it.
    if (name === "") return notCounted;
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

/** When these rows of a part were made and received; most often they are all that it has. */
function noteTimes(
  own: KeyCount,
  part: Part,
  sorted: Sorted,
  { eventMs, receivedMs }: Times,
  from: number,
  until: number,
): void {
  const isWhole = until - from === part.rowCount;
  if (eventMs !== undefined) {
    const newest = isWhole ? part.eventMs : newestOf(eventMs, sorted, from, until);
    own.newestEventMs = Math.max(own.newestEventMs, newest);
  }
  if (receivedMs !== undefined) {
    const newest = isWhole ? part.receivedMs : newestOf(receivedMs, sorted, from, until);
    own.newestReceivedMs = Math.max(own.newestReceivedMs, newest);
  }
}

function newestOf(
  times: Float64Array,
  { elements, ends }: Sorted,
  from: number,
  until: number,
): number {
  let newest = 0;
  let row = 0;
  for (let i = from; i < until; i += 1) {
    const element = elements[i] ?? 0;
    // The elements of a run are in the order of their rows.
    if (ends === undefined) row = element;
    else while ((ends[row] ?? 0) <= element) row += 1;
    const time = times[row] ?? 0;
    if (time > newest) newest = time;
  }
  return newest;
}

/** From how many lie in each place to where each begins; answers how many there are. */
function addUp(starts: Uint32Array): number {
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  return starts.at(-1) ?? 0;
}

/** What blocks of about one size ask for is seldom made anew. */
const withRoom = (size: number) => size + (size >> 2);

function eachRun(
  keys: readonly number[],
  { starts }: Sorted,
  { parts }: Cut,
  visit: (key: number, part: Part, from: number, until: number) => void,
): void {
  for (const [place, key] of keys.entries()) {
    if (key === notCounted) continue;
    for (const [i, part] of parts.entries()) {
      const from = starts[place * parts.length + i] ?? 0;
      const until = starts[place * parts.length + i + 1] ?? 0;
      if (until > from) visit(key, part, from, until);
    }
  }
}
