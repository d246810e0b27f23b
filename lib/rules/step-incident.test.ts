import { describe, expect, test } from "vitest";
import type { IncidentStamps } from "#lib/domain/incident.ts";
import { defaultIncidentSettings as settings } from "./incident-settings.ts";
import type { IncidentAlert, IncidentEvent, IncidentFacts, IncidentStep } from "./step-incident.ts";
import { declaredWith, openedBy, stepIncident } from "./step-incident.ts";

const minuteMs = 60_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12) + minute * minuteMs);
const alert = (id: string, overrides: Partial<IncidentAlert> = {}) => ({
  id,
  severity: "sev3" as const,
  windowMs: 5 * minuteMs,
  ...overrides,
});
const open = (overrides: Partial<IncidentFacts> = {}): IncidentFacts => ({
  ...openedBy(alert("a"), settings, at(0), at(-30)),
  ...overrides,
});
const fired = (id: string, overrides: Partial<IncidentAlert> = {}): IncidentEvent => ({
  kind: "alert_fired",
  alert: alert(id, overrides),
  sentence: `${id} fires`,
});
const cleared = (alertId: string): IncidentEvent => ({
  kind: "alert_cleared",
  alertId,
  sentence: `${alertId} is clear`,
});
const acknowledge: IncidentEvent = { kind: "acknowledge", by: "Ada" };
const mitigate: IncidentEvent = { kind: "mitigate", by: "Ada", reason: "rolled back" };
const resolve: IncidentEvent = { kind: "resolve", by: "Ada", reason: "fixed upstream" };
const close: IncidentEvent = { kind: "close", by: "Ada", verdict: "data_bug", note: null };

type Changed = Extract<IncidentStep, { kind: "changed" }>;
function did(step: IncidentStep): Changed {
  if (step.kind !== "changed") throw new Error(JSON.stringify(step));
  return step;
}
/** Events a minute apart, from the first minute on. */
function play(facts: IncidentFacts, ...events: IncidentEvent[]): IncidentFacts {
  return events.reduce(
    (now, event, i) => did(stepIncident(now, event, settings, at(i + 1))).facts,
    facts,
  );
}

describe("which state follows which", () => {
  const unacknowledge: IncidentEvent = { kind: "unacknowledge", by: "Ada", reason: null };
  const reopen: IncidentEvent = { kind: "reopen", by: "Ada", reason: "it is back" };
  const merge: IncidentEvent = { kind: "merge", by: "Ada", intoId: "other", intoNumber: 7 };
  const events = { acknowledge, unacknowledge, mitigate, resolve, reopen, close, merge };
  const states = {
    triggered: open(),
    acknowledged: play(open(), acknowledge),
    mitigated: play(open(), mitigate),
    resolved: play(open(), resolve),
    closed: play(open(), resolve, close),
    merged: play(open(), merge),
  };
  // A state: it becomes that. "same": it is so already. "no": refused.
  test.each<[keyof typeof states, string[]]>([
    ["triggered", ["acknowledged", "no", "mitigated", "resolved", "no", "no", "merged"]],
    ["acknowledged", ["acknowledged", "triggered", "mitigated", "resolved", "no", "no", "merged"]],
    ["mitigated", ["no", "no", "same", "resolved", "no", "no", "merged"]],
    ["resolved", ["no", "no", "no", "same", "triggered", "closed", "merged"]],
    ["closed", ["no", "no", "no", "no", "no", "no", "no"]],
    ["merged", ["no", "no", "no", "no", "no", "no", "no"]],
  ])("%s", (state, expected) => {
    const found = Object.values(events).map((event) => {
      const step = stepIncident(states[state], event, settings, at(9));
      if (step.kind === "changed") return step.facts.state;
      return step.kind === "refused" ? "no" : "same";
    });
    expect(found).toEqual(expected);
  });

  test("a refusal says what can", () => {
    expect(stepIncident(states.closed, acknowledge, settings, at(9))).toEqual({
      kind: "refused",
      message: "The incident is closed and can't be acknowledged; only what is triggered can.",
    });
  });
});

describe("alerts", () => {
  test("the last one that clears resolves it, whoever holds it", () => {
    const held = play(open(), fired("b"), acknowledge, cleared("a"));
    expect(held.state).toBe("acknowledged");
    const step = did(stepIncident(held, cleared("b"), settings, at(9)));
    expect(step.facts).toMatchObject({ state: "resolved", stamps: { resolvedAt: at(9) } });
    expect(step.resolvedBy).toBe("alerts");
    expect(step.entries.map(({ kind }) => kind)).toEqual(["alert_cleared", "resolved"]);
  });

  test("never resolve what a person declared", () => {
    const declared = declaredWith(
      { severity: "sev2", reason: "calls", impactStartedAt: null },
      at(0),
    );
    expect(play(declared, fired("a"), cleared("a")).state).toBe("triggered");
  });

  test("that fires twice is one", () => {
    expect(stepIncident(open(), fired("a"), settings, at(1)).kind).toBe("unchanged");
    expect(stepIncident(play(open(), cleared("a")), cleared("a"), settings, at(2)).kind).toBe(
      "unchanged",
    );
  });

  test("soon after the end they reopen it, and it waits for others again", () => {
    const again = play(play(open(), cleared("a")), fired("b"));
    expect(again).toMatchObject({
      state: "triggered",
      notifyFrom: at(1.5),
      stamps: { detectedAt: at(0), resolvedAt: null },
    });
  });

  test("later they are another incident", () => {
    const over = play(open(), cleared("a"));
    expect(over.reopenUntil).toEqual(at(61));
    expect(stepIncident(over, fired("b"), settings, at(61)).kind).toBe("changed");
    expect(stepIncident(over, fired("b"), settings, at(62)).kind).toBe("refused");
  });

  test("of long windows may come back for as long as three of them", () => {
    const daily = {
      ...open(),
      alerts: [{ ...alert("a", { windowMs: 1_440 * minuteMs }), state: "firing" as const }],
    };
    expect(play(daily, cleared("a")).reopenUntil).toEqual(at(1 + 3 * 1_440));
  });

  test("worse than what was acknowledged take the acknowledgement away", () => {
    const held = play(open(), acknowledge);
    expect(play(held, fired("b", { severity: "sev4" })).state).toBe("acknowledged");
    const step = did(stepIncident(held, fired("b", { severity: "sev1" }), settings, at(5)));
    expect(step.facts).toMatchObject({
      state: "triggered",
      severity: "sev1",
      acknowledgedBy: null,
    });
    expect(step.tells).toEqual([{ kind: "updated", note: "Severity rose from SEV-3 to SEV-1" }]);
  });

  test("that begin after it was mitigated open it again", () => {
    const again = play(play(open(), acknowledge, mitigate), fired("b"));
    expect(again).toMatchObject({ state: "triggered", stamps: { mitigatedAt: null } });
  });

  test("end with the incident that a person resolves", () => {
    const step = did(
      stepIncident(play(open(), fired("b"), cleared("a")), resolve, settings, at(5)),
    );
    expect(step.endedAlertIds).toEqual(["b"]);
    expect(step.facts.alerts.every(({ state }) => state === "resolved")).toBe(true);
  });

  test("that turn out to be explained elsewhere leave it, the last one resolves it", () => {
    const event: IncidentEvent = { kind: "alert_explained", alertId: "a", sentence: "late data" };
    expect(play(play(open(), fired("b")), event)).toMatchObject({
      state: "triggered",
      alerts: [{ id: "b" }],
    });
    expect(play(open(), event)).toMatchObject({ state: "resolved", alerts: [] });
  });
});

describe("an acknowledgement", () => {
  test("runs out, back to triggered with a reminder, and keeps when it was first given", () => {
    const held = play(open(), acknowledge);
    expect(stepIncident(held, { kind: "tick" }, settings, at(30.9)).kind).toBe("unchanged");
    const step = did(stepIncident(held, { kind: "tick" }, settings, at(31)));
    expect(step.facts).toMatchObject({
      state: "triggered",
      acknowledgedBy: null,
      stamps: { acknowledgedAt: at(1) },
    });
    expect(step.tells).toEqual([
      {
        kind: "reminded",
        note: "Ada acknowledged it 30 min ago and did nothing since: it is open again",
      },
    ]);
    expect(play(step.facts, acknowledge).stamps.acknowledgedAt).toEqual(at(1));
  });

  test("is renewed by giving it again, and told only when somebody else does", () => {
    const held = play(open(), acknowledge);
    const same = did(stepIncident(held, acknowledge, settings, at(20)));
    expect([same.facts.ackUntil, same.tells]).toEqual([at(50), []]);
    const other = did(stepIncident(held, { ...acknowledge, by: "Grace" }, settings, at(20)));
    expect(other.facts.acknowledgedBy).toBe("Grace");
    expect(other.tells).toHaveLength(1);
  });
});

describe("severity", () => {
  test("is the worst of its alerts, also of those that have cleared", () => {
    const facts = play(open(), fired("b", { severity: "sev2" }), cleared("b"));
    expect(facts.severity).toBe("sev2");
  });

  test("that a person set is not computed any more", () => {
    const event: IncidentEvent = {
      kind: "override_severity",
      by: "Ada",
      severity: "sev5",
      reason: "a test account",
    };
    const facts = play(open(), event, fired("b", { severity: "sev1" }));
    expect(facts).toMatchObject({ severity: "sev5", severityReason: "a test account" });
  });
});

describe("moments", () => {
  const resolved = play(open(), acknowledge, mitigate, resolve);
  const edit = (stamps: Partial<IncidentStamps>, facts = resolved) =>
    stepIncident(
      facts,
      { kind: "edit_stamps", by: "Ada", stamps, reason: "from the log" },
      settings,
      at(60),
    );

  test.each<[string, Partial<IncidentStamps>, string]>([
    ["mitigated before the impact", { impactStartedAt: at(2.5) }, "detectedAt"],
    ["acknowledged before detected", { acknowledgedAt: at(-1) }, "acknowledgedAt"],
    ["resolved before mitigated", { resolvedAt: at(1.5) }, "resolvedAt"],
    ["ahead of now", { resolvedAt: at(61) }, "resolvedAt"],
    ["no moment", { resolvedAt: new Date(Number.NaN) }, "resolvedAt"],
    ["one that is due taken away", { resolvedAt: null }, "resolvedAt"],
    ["one that has not come", { closedAt: at(59) }, "closedAt"],
  ])("refuses %s", (_, stamps, field) => {
    expect(edit(stamps)).toMatchObject({ kind: "refused", field });
  });

  test("can be moved in their order, and the timeline says from when to when", () => {
    const step = did(edit({ impactStartedAt: at(-120), mitigatedAt: at(1.5) }));
    expect(step.facts.stamps).toMatchObject({ impactStartedAt: at(-120), mitigatedAt: at(1.5) });
    expect(step.entries[0]?.text).toBe(
      `Ada moved impactStartedAt from ${at(-30).toISOString()} to ${at(-120).toISOString()}, mitigatedAt from ${at(2).toISOString()} to ${at(1.5).toISOString()}: from the log`,
    );
    expect(edit({ impactStartedAt: at(-30) }).kind).toBe("unchanged");
  });

  test("the mitigation of what was resolved at once can be said afterwards", () => {
    const facts = play(open(), acknowledge, resolve);
    expect(did(edit({ mitigatedAt: at(1.5) }, facts)).facts.stamps.mitigatedAt).toEqual(at(1.5));
  });

  test("never go back, also where another machine's clock does", () => {
    const facts = open();
    const step = did(stepIncident(facts, acknowledge, settings, at(-5)));
    expect(step.facts.stamps.acknowledgedAt).toEqual(at(0));
  });
});

test("what takes in another counts its alerts, and the other says where they went", () => {
  const other: IncidentAlert = { ...alert("z", { severity: "sev1" }), state: "firing" };
  const into = play(open(), { kind: "absorb", by: "Ada", fromNumber: 3, alerts: [other] });
  expect(into).toMatchObject({ severity: "sev1", alerts: [{ id: "a" }, { id: "z" }] });
  const left = play(open(), { kind: "merge", by: "Ada", intoId: "x", intoNumber: 9 });
  expect(left).toMatchObject({ state: "merged", mergedIntoId: "x", alerts: [] });
});
