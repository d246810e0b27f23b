import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { AlertMemory, AlertSettings } from "./step-alert.ts";
import { calmMemory, isFlapping, settleAlert, stepAlert } from "./step-alert.ts";

const hourMs = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 10, 20) + hour * hourMs);

function judgedAs(judged: "fire" | "clear" | "between"): SeriesResult {
  const value = { fire: 0.9, between: 0.5, clear: 0.1 }[judged];
  return {
    kind: "value",
    value,
    lower: null,
    upper: null,
    sampleCount: 1_000,
    judged,
    fireThreshold: 0.8,
    clearThreshold: 0.2,
    sentence: `it is ${value}`,
  };
}
/** F fires, C is clear, b lies between, u is no data, x failed. */
const resultOf: Record<string, SeriesResult> = {
  F: judgedAs("fire"),
  C: judgedAs("clear"),
  b: judgedAs("between"),
  u: { kind: "no_data", reason: "no rows" },
  x: { kind: "failed", reason: "the store was away" },
};

const window = (hour: number, letter: string) => ({
  windowFrom: at(hour),
  windowUntil: at(hour + 1),
  result: resultOf[letter] ?? { kind: "no_data", reason: "" },
});

/** One hour for each letter; answers what changed at each: "!" fires, "." clears, " " neither. */
function play(
  letters: string,
  settings: AlertSettings,
  start: AlertMemory = calmMemory,
  fromHour = 0,
): { said: string; memory: AlertMemory } {
  let memory = start;
  let said = "";
  for (const [hour, letter] of [...letters].entries()) {
    const step = stepAlert(memory, window(fromHour + hour, letter), settings);
    memory = step.memory;
    said += step.change === null ? " " : { fired: "!", cleared: "." }[step.change.kind];
  }
  return { said, memory };
}

const of = (fireCount: number, windowCount: number, clearCount: number): AlertSettings => ({
  fireCount,
  windowCount,
  clearCount,
});

describe("N of M", () => {
  test.each([
    ["1 of 1 fires at once", of(1, 1, 1), "F", "!"],
    ["2 of 3 waits for the second", of(2, 3, 1), "FF", " !"],
    ["2 of 3 does not need them in a row", of(2, 3, 1), "FCF", "  !"],
    ["2 of 3 forgets what lies further back", of(2, 3, 1), "FCCF", "    "],
    ["what lies between does not fire", of(2, 3, 1), "Fbb", "   "],
    ["what lies between counts as a window", of(2, 3, 1), "FbbF", "    "],
    ["3 of 3 fires at the third", of(3, 3, 1), "FFF", "  !"],
    ["no data is no window", of(2, 3, 1), "FuuuuF", "     !"],
    ["a failure is no window", of(2, 3, 1), "FxxxF", "    !"],
    ["no data alone never fires", of(1, 1, 1), "uuxux", "     "],
  ])("%s", (_, settings, letters, expected) => {
    expect(play(letters, settings).said).toBe(expected);
  });
});

describe("hysteresis", () => {
  test.each([
    ["clears at the first that is beyond the clear threshold", of(1, 1, 1), "FC", "!."],
    ["goes on firing in between", of(1, 1, 1), "Fbbb", "!   "],
    ["needs as many in a row as it says", of(1, 1, 3), "FCCbCCC", "!     ."],
    ["fires no second time while it fires", of(1, 1, 2), "FFFF", "!   "],
    ["is frozen by no data", of(1, 1, 1), "Fuuuu", "!    "],
    ["is frozen by failures", of(1, 1, 2), "FCxxx", "!    "],
    ["no data does not break the row of clear windows", of(1, 1, 2), "FCuC", "!  ."],
    ["counts anew after it has cleared", of(2, 5, 1), "FFCF", " !. "],
    ["and fires again when that is enough", of(2, 5, 1), "FFCFF", " !. !"],
  ])("%s", (_, settings, letters, expected) => {
    expect(play(letters, settings).said).toBe(expected);
  });
});

test("says where it began, by which window it was decided, and since when nothing is known", () => {
  const first = stepAlert(calmMemory, window(0, "F"), of(2, 3, 1));
  const second = stepAlert(first.memory, window(1, "C"), of(2, 3, 1));
  const third = stepAlert(second.memory, window(2, "F"), of(2, 3, 1));
  expect(third.change).toMatchObject({
    kind: "fired",
    beginsMs: at(0).getTime(),
    decidedBy: { untilMs: at(3).getTime() },
    isFlapping: false,
  });
  const unknown = play("ux", of(2, 3, 1), third.memory, 3).memory;
  expect(unknown.unknown).toEqual({
    sinceMs: at(4).getTime(),
    untilMs: at(5).getTime(),
    kind: "failed",
    reason: "the store was away",
  });
  expect(play("F", of(2, 3, 1), unknown, 5).memory.unknown).toBeNull();
});

describe("a window that is judged again", () => {
  const settings = of(2, 3, 2);
  const again = (memory: AlertMemory, hour: number, letter: string, revision = 1) =>
    stepAlert(memory, window(hour, letter), settings, revision);

  test("changes nothing when it says the same", () => {
    const { memory } = play("FFb", settings);
    const step = again(memory, 1, "F", 0);
    expect(step.change).toBeNull();
    expect(step.memory).toEqual(memory);
  });

  test("fires when N of the newest M fire now", () => {
    expect(again(play("CFb", settings).memory, 0, "F").change?.kind).toBe("fired");
  });

  test("does not fire for what newer windows have overtaken", () => {
    const loose = of(1, 5, 1);
    const { memory } = play("CCCC", loose);
    const step = stepAlert(memory, window(0, "F"), loose, 1);
    expect(step.change).toBeNull();
    expect(step.memory.known[0]?.result.judged).toBe("fire");
  });

  test("does not fire for what has left the newest M", () => {
    expect(again(play("CCFbb", settings).memory, 1, "F").change).toBeNull();
  });

  test("clears when the newest are all clear now", () => {
    const { memory } = play("FFFC", settings);
    expect(again(memory, 2, "C").change?.kind).toBe("cleared");
  });

  test("is ignored when a newer judgement of it is known", () => {
    const { memory } = again(play("FC", settings).memory, 1, "C", 5);
    expect(again(memory, 1, "F", 4)).toEqual({ memory, change: null });
  });

  test("is ignored when it lies before the last clearing", () => {
    const { memory } = play("FFCC", settings);
    expect(memory.state).toBe("calm");
    expect(again(memory, 1, "F")).toEqual({ memory, change: null });
  });

  test("leaves the count when its rows are gone", () => {
    const { memory } = again(play("Fb", settings).memory, 0, "u");
    expect(memory.known.map(({ untilMs }) => untilMs)).toEqual([at(2).getTime()]);
    expect(play("F", settings, memory, 2).said).toBe(" ");
  });
});

test("what a person ended counts anew, and only with windows that end later", () => {
  const { memory } = play("FF", of(2, 3, 1));
  const ended = settleAlert(memory, at(2).getTime());
  expect(play("F", of(2, 3, 1), ended, 1).said).toBe(" ");
  expect(play("FF", of(2, 3, 1), ended, 2).said).toBe(" !");
});

describe("flapping", () => {
  const settings = of(1, 1, 1);

  test("is four beginnings within twenty windows or a day", () => {
    const { said, memory } = play("FCFCFCF", settings);
    expect(said).toBe("!.!.!.!");
    const newest = memory.known.at(-1);
    expect(newest !== undefined && isFlapping(memory.firedAtMs, newest)).toBe(true);
    expect(
      play(`FC${"C".repeat(20)}FC${"C".repeat(20)}FCF`, settings).memory.firedAtMs,
    ).toHaveLength(4);
  });

  test("keeps it firing until it has been calm three times as long", () => {
    expect(play("FCFCFCFCCFCCC", settings).said).toBe("!.!.!.!     .");
  });
});

describe("whatever comes", () => {
  const letters = fc.array(fc.constantFrom("F", "C", "b", "u", "x"), { maxLength: 60 });
  const anySettings = fc
    .tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([n, more, clear]) => of(n, n + more, clear));

  test("firing and clearing take turns, and unknown windows change nothing", () => {
    fc.assert(
      fc.property(letters, anySettings, (list, settings) => {
        const { said } = play(list.join(""), settings);
        expect(said.replaceAll(" ", "")).toMatch(/^(!\.)*!?$/);
        // Within a day, where the hours that are left out change nothing about flapping.
        const bare = list.filter((letter) => !"ux".includes(letter)).join("");
        if (list.length < 24)
          expect(play(bare, settings).said.replaceAll(" ", "")).toBe(said.replaceAll(" ", ""));
      }),
    );
  });

  test("a second run of the same windows changes nothing", () => {
    fc.assert(
      fc.property(letters, anySettings, (list, settings) => {
        const { memory } = play(list.join(""), settings);
        for (const [hour, letter] of list.entries()) {
          const step = stepAlert(memory, window(hour, letter), settings);
          expect(step.change).toBeNull();
        }
      }),
    );
  });

  test("what it remembers is bounded", () => {
    const { memory } = play("Fb".repeat(500), of(3, 10, 2));
    expect(memory.known.length).toBeLessThanOrEqual(10);
    expect(memory.firedAtMs.length).toBeLessThanOrEqual(4);
  });
});
