import { describe, expect, test } from "vitest";
import type { ProfileKeyParams } from "#db/clickhouse/statements/profile-keys.ts";
import { fixedKeys, listProfileKeys } from "#db/clickhouse/statements/profile-keys.ts";
import { writeInParts } from "./write-in-parts.ts";

const keysOf = (count: number) =>
  listProfileKeys(
    {
      features: Array.from({ length: count }, (_, i) => `f${i}`),
      classes: [],
      ages: [],
      kinds: [],
    },
    () => 8,
  );

const outOfMemory = () =>
  Object.assign(new Error("Query memory limit exceeded"), { type: "MEMORY_LIMIT_EXCEEDED" });

/** An engine that holds so many features at once, and what it was given in the end. */
function engineOf(featuresMax: number) {
  const written: ProfileKeyParams[] = [];
  return {
    written,
    async write(part: ProfileKeyParams) {
      if (part.features.length - 1 > featuresMax) throw outOfMemory();
      written.push(part);
    },
  };
}

const namesWritten = (parts: readonly ProfileKeyParams[]) =>
  parts.flatMap(({ features, written }) => features.filter((name, i) => name !== "" && written[i]));

describe("profiles are written in parts", () => {
  test("of at most so many features, each feature once and what is no feature once", async () => {
    const engine = engineOf(100);
    await writeInParts(keysOf(10), 4, engine.write);
    expect(engine.written).toHaveLength(3);
    expect(namesWritten(engine.written)).toEqual(keysOf(10).features.slice(1));
    const others = engine.written.map(
      ({ written }) => written.slice(-fixedKeys.length).filter((flag) => flag === 1).length,
    );
    expect(others).toEqual([fixedKeys.length, 0, 0]);
  });

  test("and in smaller ones where the engine's memory does not hold them", async () => {
    const engine = engineOf(3);
    await writeInParts(keysOf(23), 12, engine.write);
    expect(namesWritten(engine.written)).toEqual(keysOf(23).features.slice(1));
    for (const part of engine.written) {
      expect(part.features.length - 1).toBeLessThanOrEqual(3);
      expect(part.names).toHaveLength(part.resolutions.length);
    }
    const rows = engine.written.filter(
      ({ subjects, written }) => written[subjects.indexOf("row")] === 1,
    );
    expect(rows).toHaveLength(1);
  });

  test("until one feature alone does not fit: that is an error, as any other is", async () => {
    await expect(writeInParts(keysOf(4), 4, engineOf(0).write)).rejects.toThrow(/memory/);
    let calls = 0;
    const broken = async () => {
      calls += 1;
      throw new Error("no such table");
    };
    await expect(writeInParts(keysOf(4), 4, broken)).rejects.toThrow(/no such table/);
    expect(calls).toBe(1);
  });
});
