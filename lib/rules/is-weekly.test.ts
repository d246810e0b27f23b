import { expect, test } from "vitest";
import { testsOfNumeric } from "#lib/stats/drift.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import { isOfItsHours, isWeekly } from "./is-weekly.ts";

/** So many of a thousand rows have a 1, or none of a column at all. */
const rows = (ones: number, missing = 0) =>
  featureProfileOf(
    Array.from({ length: 20_000 }, (_, i) => {
      if (i % 1_000 < missing) return null;
      return (i * 7) % 1_000 < ones ? 1 : 0;
    }),
  );

function verdictOf(reference: ReturnType<typeof rows>, window: ReturnType<typeof rows>) {
  const tests = testsOfNumeric(reference, window, { rowCountMin: 100 });
  const [verdict] = verdictsOf([{ feature: "x", tests }]);
  if (verdict === undefined) throw new Error("one feature has one verdict");
  return verdict;
}

interface Case {
  baseline: ReturnType<typeof rows>;
  window: ReturnType<typeof rows>;
  before: ReturnType<typeof rows>;
  week: ReturnType<typeof rows>;
}
const ask = ({ baseline, window, before, week }: Case) =>
  isWeekly({
    window: verdictOf(baseline, window),
    before: verdictOf(before, window),
    week: verdictOf(baseline, week),
  });

const wholeWeeks = rows(286);
test.each<[string, Case, boolean]>([
  [
    "a weekday's flag of the weekend",
    { baseline: wholeWeeks, window: rows(0), before: rows(0), week: rows(286) },
    true,
  ],
  [
    "against a baseline of a month of 31 days, eight of them of weekends",
    { baseline: rows(258), window: rows(0), before: rows(0), week: rows(286) },
    true,
  ],
  [
    "a change of today",
    { baseline: wholeWeeks, window: rows(0), before: rows(286), week: rows(245) },
    false,
  ],
  [
    "a change that is more than a week old",
    { baseline: wholeWeeks, window: rows(0), before: rows(0), week: rows(0) },
    false,
  ],
  [
    "a change beside the week's own: a sixth of it is there on all days",
    { baseline: wholeWeeks, window: rows(0), before: rows(0), week: rows(200) },
    false,
  ],
  [
    "values that are missing all week, on a day that differs by its values",
    {
      baseline: wholeWeeks,
      window: rows(0, 50),
      before: rows(0, 50),
      week: rows(286, 50),
    },
    false,
  ],
  [
    "a week before without rows",
    { baseline: wholeWeeks, window: rows(0), before: featureProfileOf([]), week: rows(286) },
    false,
  ],
])("%s", (_name, given, expected) => expect(ask(given)).toBe(expected));

test.each<[string, Omit<Case, "before" | "week"> & { hours: ReturnType<typeof rows> }, boolean]>([
  [
    "a weekday's flag, beside the baseline's weekdays",
    { baseline: wholeWeeks, window: rows(0), hours: rows(0) },
    true,
  ],
  [
    "a day that is otherwise than that day of the baseline",
    { baseline: wholeWeeks, window: rows(0), hours: rows(500) },
    false,
  ],
  [
    "values that are missing beside those of that day",
    { baseline: wholeWeeks, window: rows(0, 50), hours: rows(0) },
    false,
  ],
  [
    "too few rows of those hours to say",
    {
      baseline: wholeWeeks,
      window: rows(0),
      hours: featureProfileOf(Array.from({ length: 20 }, () => 0)),
    },
    false,
  ],
  [
    "hours of which the baseline has none",
    { baseline: wholeWeeks, window: rows(0), hours: featureProfileOf([]) },
    false,
  ],
])("in its first week: %s", (_name, { baseline, window, hours }, expected) =>
  expect(
    isOfItsHours({ window: verdictOf(baseline, window), hours: verdictOf(hours, window) }),
  ).toBe(expected),
);
