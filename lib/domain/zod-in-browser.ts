import { regexes } from "zod/v4/core";

/** What `zod` is in the browser's bundle (next.config.ts): the words of it that the contracts use, and no others. The whole library is
 *  32 kB of every page's script, before it has drawn anything; this is two. It refuses what zod refuses and answers what zod
 *  answers, which the test beside this file holds for every contract; it only does not say why, since an answer that is not as
 *  agreed is not shown at all. A word that is missing here fails that test. */

class Refused extends Error {}

type Read = (value: unknown) => unknown;
type Shape = Record<string, Schema>;

function refuse(): never {
  throw new Refused("This value is not as agreed.");
}

class Schema {
  readonly read: Read;
  /** The members of an object; none of anything else. */
  readonly shape: Shape;
  /** The words of an enumeration; none of anything else. */
  readonly options: readonly unknown[];

  constructor(read: Read, shape: Shape = {}, options: readonly unknown[] = []) {
    this.read = read;
    this.shape = shape;
    this.options = options;
  }

  parse(value: unknown): unknown {
    return this.read(value);
  }

  safeParse(value: unknown): { success: boolean; data?: unknown; error?: Error } {
    try {
      return { success: true, data: this.read(value) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { success: false, error };
    }
  }

  nullable(): Schema {
    return new Schema((value) => (value === null ? null : this.read(value)));
  }

  optional(): Schema {
    return new Schema((value) => (value === undefined ? undefined : this.read(value)));
  }

  default(initial: unknown): Schema {
    return new Schema((value) => (value === undefined ? initial : this.read(value)));
  }

  min(least: number): Schema {
    return this.refine((value) => sizeOf(value) >= least);
  }

  max(most: number): Schema {
    return this.refine((value) => sizeOf(value) <= most);
  }

  int(): Schema {
    return this.refine(Number.isSafeInteger);
  }

  regex(pattern: RegExp): Schema {
    return this.refine((value) => pattern.test(String(value)));
  }

  trim(): Schema {
    return new Schema((value) => String(this.read(value)).trim());
  }

  refine(isRight: (value: unknown) => boolean): Schema {
    return new Schema((value) => {
      const known = this.read(value);
      return isRight(known) ? known : refuse();
    }, this.shape);
  }

  extend(shape: Shape): Schema {
    return object({ ...this.shape, ...shape });
  }

  omit(left: Record<string, true>): Schema {
    return object(Object.fromEntries(Object.entries(this.shape).filter(([key]) => !(key in left))));
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" || Array.isArray(value) ? value.length : Number.NaN;
}

const of = (isRight: (value: unknown) => boolean) =>
  new Schema((value) => (isRight(value) ? value : refuse()));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const string = () => of((value) => typeof value === "string");
const number = () => of(Number.isFinite);

/** What the contract does not name is left out, as zod does. */
function object(shape: Shape): Schema {
  return new Schema((value) => {
    if (!isRecord(value)) return refuse();
    const known: Record<string, unknown> = {};
    for (const [key, schema] of Object.entries(shape)) {
      const part = schema.read(value[key]);
      if (part !== undefined || key in value) known[key] = part;
    }
    return known;
  }, shape);
}

function union(options: readonly Schema[]): Schema {
  return new Schema((value) => {
    for (const option of options) {
      const tried = option.safeParse(value);
      if (tried.success) return tried.data;
    }
    return refuse();
  });
}

export const z = {
  string,
  number,
  object,
  strictObject: (shape: Shape) =>
    new Schema((value) => {
      const isKnown = isRecord(value) && Object.keys(value).every((name) => name in shape);
      return isKnown ? object(shape).read(value) : refuse();
    }, shape),
  union,
  int: () => number().int(),
  boolean: () => of((value) => typeof value === "boolean"),
  null: () => of((value) => value === null),
  undefined: () => of((value) => value === undefined),
  unknown: () => of(() => true),
  uuid: () => string().regex(regexes.uuid()),
  email: () => string().regex(regexes.email),
  iso: {
    datetime: (params: { offset?: boolean } = {}) => string().regex(regexes.datetime(params)),
    date: () => string().regex(regexes.date),
  },
  literal: (wanted: unknown) => of((value) => value === wanted),
  enum: (values: readonly unknown[]) =>
    new Schema((value) => (values.includes(value) ? value : refuse()), {}, values),
  discriminatedUnion: (_key: string, options: readonly Schema[]) => union(options),
  coerce: { number: () => new Schema((value) => number().read(Number(value))) },
  array: (item: Schema) =>
    new Schema((value) => (Array.isArray(value) ? value.map(item.read) : refuse())),
  record: (key: Schema, item: Schema) =>
    new Schema((value) => {
      if (!isRecord(value)) return refuse();
      // Of a list of names each is due.
      const names = new Set([...Object.keys(value), ...key.options.map(String)]);
      const entries = [...names].map((name) => [key.read(name), item.read(value[name])]);
      return Object.fromEntries(entries);
    }),
};
