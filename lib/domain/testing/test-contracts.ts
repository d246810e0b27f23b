import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const lib = join(import.meta.dirname, "../..");
const files = ["api", "domain"].flatMap((room) =>
  readdirSync(join(lib, room))
    .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|^zod-in-browser/.test(name))
    .map((name) => `${room}/${name}`),
);

interface SmallSchema {
  options: readonly unknown[];
  safeParse(value: unknown): { success: boolean; data?: unknown };
}
type Exports = Record<string, unknown>;

const load = (file: string): Promise<Exports> => import(join(lib, file));

const whole = new Map<string, Exports>();
for (const file of files) whole.set(file, await load(file));

vi.resetModules();
vi.doMock("zod", () => import("../zod-in-browser.ts"));
const small = new Map<string, Exports>();
for (const file of files) small.set(file, await load(file));
afterAll(() => vi.doUnmock("zod"));

interface Contract {
  name: string;
  schema: z.core.$ZodType;
  inBrowser: SmallSchema;
}

const contracts: Contract[] = files.flatMap((file) =>
  Object.entries(whole.get(file) ?? {}).flatMap(([name, schema]) =>
    schema instanceof z.core.$ZodType
      ? [{ name: `${file} ${name}`, schema, inBrowser: small.get(file)?.[name] as SmallSchema }]
      : [],
  ),
);

const junk = fc.oneof(
  fc.constantFrom(null, undefined, true, "", " ", "a", "7d", "1e3", "2026-11-21T03:22:00Z"),
  fc.constantFrom("2026-02-30T00:00:00Z", "2026-11-21T03:22:00+01:00", "2026-11-21T03:22Z"),
  fc.constantFrom(Number.NaN, Infinity, 0, -1, 0.5, 2 ** 53, "a@b.example", [], {}),
  fc.uuid(),
  fc.double(),
  fc.string(),
);

/** Documents that a schema takes, mostly: a bound that is missed only makes one more that it refuses. */
function documentOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema._zod as z.core.$ZodTypes["_zod"];
  switch (def.type) {
    case "string":
      return textOf(schema);
    case "number":
      return fc.oneof(fc.nat(400), fc.integer(), fc.double({ noNaN: true }));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "undefined":
      return fc.constant(undefined);
    case "enum":
      return fc.constantFrom(...Object.values(def.entries));
    case "literal":
      return fc.constantFrom(...def.values);
    case "array":
      return fc.array(documentOf(def.element), { maxLength: 3 });
    case "record":
      return fc.dictionary(fc.string({ maxLength: 5 }), documentOf(def.valueType), { maxKeys: 3 });
    case "union":
      return fc.oneof(...def.options.map(documentOf));
    case "nullable":
      return fc.option(documentOf(def.innerType));
    case "optional":
    case "default":
      return fc.option(documentOf(def.innerType), { nil: undefined });
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(def.shape).map(([key, part]) => [
            key,
            documentOf(part as z.core.$ZodType),
          ]),
        ),
      );
    case "unknown":
      return junk;
    default:
      throw new Error(`Say here what a document of \`${def.type}\` looks like.`);
  }
}

// Made once: fast-check takes milliseconds to build one from an expression, and the contracts have thousands of texts.
const texts = {
  uuid: fc.uuid(),
  datetime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  email: fc.emailAddress(),
  any: fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[a-z0-9]{2,8}$/)),
};

function textOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { format } = schema._zod.bag as { format?: string };
  return format === "uuid" || format === "datetime" || format === "email"
    ? texts[format]
    : texts.any;
}

/** The same document with one thing in it that somebody did not agree to. */
function spoiled(document: unknown, seed: number, wrong: unknown): unknown {
  if (typeof document !== "object" || document === null) return wrong;
  const keys = Object.keys(document);
  const key = keys[seed % (keys.length + 1)];
  if (Array.isArray(document))
    return key === undefined
      ? [...document, wrong]
      : document.with(Number(key), spoiled(document[Number(key)], seed >> 3, wrong));
  const copy: Record<string, unknown> = { ...document };
  if (key === undefined) copy.unforeseen = wrong;
  else if (seed % 5 === 0) delete copy[key];
  else copy[key] = spoiled(copy[key], seed >> 3, wrong);
  return copy;
}

/** Documents of every contract, right and spoiled, read by zod and by what the browser has in its place. */
export function testContracts(numRuns: number): void {
  describe("what the browser has in place of zod", () => {
    test("every contract is there", () => {
      expect(contracts.length).toBeGreaterThan(40);
      expect(contracts.filter(({ inBrowser }) => inBrowser === undefined)).toEqual([]);
    });

    test.each(contracts.filter(({ schema }) => schema instanceof z.ZodEnum))(
      "$name lists the same words",
      ({ schema, inBrowser }) => {
        expect(inBrowser.options).toEqual((schema as z.ZodEnum).options);
      },
    );

    test.each(contracts)(
      "$name takes and refuses what zod does, and answers the same",
      (contract) => {
        const { schema, inBrowser } = contract;
        fc.assert(
          fc.property(
            documentOf(schema),
            fc.nat(),
            junk,
            fc.boolean(),
            (document, seed, wrong, isBad) => {
              const given = isBad ? spoiled(document, seed, wrong) : document;
              const expected = z.safeParse(schema, given);
              const actual = inBrowser.safeParse(given);
              expect(actual.success).toBe(expected.success);
              if (expected.success) expect(actual.data).toStrictEqual(expected.data);
            },
          ),
          { numRuns },
        );
      },
    );
  });
}
