import { describe, expect, test } from "vitest";
import { defaultIncidentSettings as settings } from "./incident-settings.ts";
import type { LastTold } from "./notify-decision.ts";
import type { PlanFacts } from "./plan-messages.ts";
import { planMessages } from "./plan-messages.ts";
import type { IncidentFacts } from "./step-incident.ts";
import { openedBy } from "./step-incident.ts";

const minuteMs = 60_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12) + minute * minuteMs);
const facts = (overrides: Partial<IncidentFacts> = {}): IncidentFacts => ({
  ...openedBy({ id: "a", severity: "sev3", windowMs: minuteMs }, settings, at(0), null),
  ...overrides,
});
const alert = (id: string, state: "firing" | "resolved") => ({
  id,
  state,
  severity: "sev3" as const,
  windowMs: minuteMs,
});
const told = (firing: string[], minute = 0, resolved: string[] = []): Map<string, LastTold> =>
  new Map([["slack", { atMs: at(minute).getTime(), firing, resolved }]]);

const plan = (overrides: Partial<PlanFacts>) =>
  planMessages({
    incidentId: "i",
    facts: facts(),
    told: new Map(),
    destinationIds: ["slack"],
    tells: [],
    resolvedBy: null,
    isSilenced: false,
    settings,
    now: at(1),
    ...overrides,
  });
const kinds = (overrides: Partial<PlanFacts>) => plan(overrides).messages.map(({ kind }) => kind);

const over = facts({ state: "resolved", alerts: [alert("a", "resolved")] });

describe("a beginning", () => {
  test("waits for what fires together, and says until when", () => {
    const early = plan({ now: at(0.4) });
    expect([early.messages, early.nextAt]).toEqual([[], at(0.5)]);
    expect(kinds({ now: at(0.5) })).toEqual(["triggered"]);
  });

  test("of what somebody holds already says so at once", () => {
    expect(kinds({ facts: facts({ state: "acknowledged" }) })).toEqual([
      "triggered",
      "acknowledged",
    ]);
  });

  test("after an end is a reopening", () => {
    expect(kinds({ told: told([], 0, ["z"]) })).toEqual(["reopened"]);
  });

  test("of what nobody wants to hear is not told", () => {
    expect(kinds({ destinationIds: [] })).toEqual([]);
  });

  test("goes to each destination once, in one message", () => {
    expect(plan({ destinationIds: ["slack", "pager"] }).messages).toEqual([
      { kind: "triggered", note: null, destinationIds: ["slack", "pager"] },
    ]);
  });
});

describe("an end", () => {
  test("is told where the beginning was, silence or not", () => {
    for (const isSilenced of [false, true])
      expect(kinds({ facts: over, told: told(["a"]), isSilenced })).toEqual(["resolved"]);
  });

  test("is told also where nobody wants to hear of it any more", () => {
    expect(kinds({ facts: over, told: told(["a"]), destinationIds: [] })).toEqual(["resolved"]);
  });

  test("is not told to the one who said it, who counts as told", () => {
    const after = plan({ facts: over, told: told(["a"]), exceptDestinationId: "slack" });
    expect(after.messages).toEqual([]);
    expect(after.told.get("slack")?.firing).toEqual([]);
  });

  test("is told once", () => {
    expect(kinds({ facts: over, told: told([], 0, ["a"]) })).toEqual([]);
  });

  test("before the first message brings both, so that neither is swallowed", () => {
    expect(kinds({ facts: over, resolvedBy: "alerts", now: at(0.2) })).toEqual([
      "triggered",
      "resolved",
    ]);
  });

  test("before the first message by a person brings none: somebody is there", () => {
    expect(kinds({ facts: over, resolvedBy: "person", now: at(0.2) })).toEqual([]);
  });

  test("of what was hidden all along brings none", () => {
    expect(kinds({ facts: over, resolvedBy: "alerts", isSilenced: true })).toEqual([]);
  });
});

describe("while it lasts", () => {
  const two = facts({ alerts: [alert("a", "firing"), alert("b", "firing")] });

  test("more alerts are told at most every five minutes", () => {
    const early = plan({ facts: two, told: told(["a"]), now: at(4) });
    expect([early.messages, early.nextAt]).toEqual([[], at(5)]);
    expect(plan({ facts: two, told: told(["a"]), now: at(5) }).messages[0]).toMatchObject({
      kind: "updated",
      note: "more alerts fire",
    });
  });

  test("but at once where it got worse", () => {
    const tells = [{ kind: "updated" as const, note: "Severity rose" }];
    expect(plan({ facts: two, told: told(["a"]), tells }).messages).toEqual([
      { kind: "updated", note: "Severity rose", destinationIds: ["slack"] },
    ]);
  });

  test("it is said again after four hours, but not while somebody holds it", () => {
    expect(kinds({ told: told(["a"]), now: at(239) })).toEqual([]);
    expect(kinds({ told: told(["a"]), now: at(240) })).toEqual(["reminded"]);
    expect(
      kinds({ told: told(["a"]), now: at(999), facts: facts({ state: "acknowledged" }) }),
    ).toEqual([]);
  });

  test("who holds it is told where it is open, and not to the one who said it", () => {
    const tells = [{ kind: "acknowledged" as const, note: null }];
    const held = { facts: facts({ state: "acknowledged" }), told: told(["a"]), tells };
    expect(kinds(held)).toEqual(["acknowledged"]);
    expect(kinds({ ...held, exceptDestinationId: "slack" })).toEqual([]);
  });

  test("the end of the acknowledgement is a moment to look again", () => {
    expect(
      plan({ facts: facts({ state: "acknowledged", ackUntil: at(31) }), told: told(["a"]) }).nextAt,
    ).toEqual(at(31));
  });
});

describe("a silence", () => {
  test("holds back, says that it does, and is looked at again", () => {
    const held = plan({ isSilenced: true });
    expect([held.messages, held.isHeld, held.nextAt]).toEqual([[], true, at(1.25)]);
    expect(held.told.size).toBe(0);
  });

  test("and what it held back is told when it ends", () => {
    expect(kinds({ isSilenced: false, now: at(90) })).toEqual(["triggered"]);
  });
});

test("what a person declared fires until a person ends it", () => {
  const declared = facts({ endsByHand: true, alerts: [] });
  expect(kinds({ facts: declared })).toEqual(["triggered"]);
  const ended = { ...declared, state: "resolved" as const };
  expect(kinds({ facts: ended, told: told(["i"]) })).toEqual(["resolved"]);
});
