import { expect, test } from "vitest";
import { RepeatedBodies, repeatWindowMs } from "./repeated-bodies.ts";

const body = (digest: string, receivedAtMs = 0) => ({ digest, receivedAtMs, acceptedCount: 1 });

test("a body is known for its window after it was logged, and no longer", () => {
  const repeats = new RepeatedBodies();
  repeats.remember(body("a"), 1_000);
  expect(repeats.find("a", 1_000 + repeatWindowMs - 1)).toMatchObject(body("a"));
  expect(repeats.find("a", 1_000 + repeatWindowMs)).toBeNull();
  repeats.remember(body("b"), 1_000 + repeatWindowMs);
  expect(repeats.list(1_000)).toEqual([body("b")]);
});

test("a body whose sender was answered is forgotten, and the log hears of it once", () => {
  const repeats = new RepeatedBodies();
  repeats.remember(body("a"), 0);
  repeats.forget("a");
  repeats.forget("a");
  repeats.forget("never-logged");
  expect(repeats.find("a", 0)).toBeNull();
  expect(repeats.takeAnswered()).toEqual(["a"]);
  expect(repeats.takeAnswered()).toEqual([]);
});

test("what the log could not be told is told later, but for what was logged again meanwhile", () => {
  const repeats = new RepeatedBodies();
  for (const digest of ["a", "b"]) {
    repeats.remember(body(digest), 0);
    repeats.forget(digest);
  }
  const answered = repeats.takeAnswered();
  repeats.remember(body("b"), 0);
  repeats.returnAnswered(answered);
  expect(repeats.takeAnswered()).toEqual(["a"]);
});

test("past the bound the bodies that came first are given up", () => {
  const repeats = new RepeatedBodies();
  for (let i = 0; i <= 20_000; i++) repeats.remember(body(`${i}`), 0);
  expect(repeats.find("0", 0)).toBeNull();
  expect(repeats.find("1", 0)).not.toBeNull();
  expect(repeats.list(0)).toHaveLength(20_000);
});
