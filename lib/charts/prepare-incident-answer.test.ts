import { describe, expect, test } from "vitest";
import type { Incident, IncidentList } from "#lib/api/incident.ts";
import {
  healthOf,
  prepareIncidentAnswer,
  prepareIncidentListAnswer,
  sayEscalation,
  sayImpact,
} from "./prepare-incident-answer.ts";
import { toPlainText } from "./sentence.ts";

const id = "00000000-0000-4000-8000-000000000001";
const iso = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
const alert: Incident["alerts"][number] = {
  id,
  monitorId: id,
  monitorName: "Drift",
  causeClass: "data_drift",
  model: "eta",
  series: {
    environment: "production",
    version: "7",
    subject: "feature",
    column: "distance",
    segmentKey: "",
    segmentValue: "",
  },
  target: "feature distance, version 7",
  severity: "sev2",
  state: "firing",
  endReason: null,
  isFlapping: false,
  sentence: "PSI 0.31 where 0.2 fires.",
  value: 0.31,
  windowFrom: iso(11),
  windowUntil: iso(12),
  unknown: null,
  beganAt: iso(11),
  firedAt: iso(12),
  endedAt: null,
  hasEvidence: true,
  silenced: null,
  explainedUntil: null,
};
const incident = (overrides: Partial<Incident> = {}): Incident => ({
  id,
  number: 4,
  title: "eta: data drift in production",
  answer: "",
  state: "triggered",
  severity: "sev2",
  severityReason: null,
  causeClass: "data_drift",
  mode: "real",
  endsByHand: false,
  model: "eta",
  environment: "production",
  segment: null,
  owner: null,
  acknowledgedBy: null,
  impactStartedAt: iso(9),
  detectedAt: iso(12),
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  firingCount: 1,
  alertCount: 1,
  explainedCount: 0,
  isHeld: false,
  alerts: [alert],
  explained: [],
  timeline: [],
  revision: 1,
  roles: [],
  splitFrom: null,
  resolution: null,
  impactBetween: null,
  runbookUrl: null,
  escalation: null,
  verdict: null,
  reopenUntil: null,
  ackUntil: null,
  mergedInto: null,
  follows: null,
  ...overrides,
});
const plain = (text: string) => text.replaceAll("\u202f", " ");
const say = (overrides: Partial<Incident>) => {
  const { headline, detail, health } = prepareIncidentAnswer(
    incident(overrides),
    "UTC",
    Date.parse(iso(13)),
  );
  return { headline: plain(toPlainText(headline)), detail: plain(toPlainText(detail)), health };
};

describe("an incident", () => {
  test("says what is broken since when, how bad it is, and who has it", () => {
    expect(say({})).toEqual({
      headline: "eta in production: data drift on distance, since Fri 20 Nov 09:00 UTC (4 h).",
      detail: "PSI 0.31 where 0.2 fires. SEV-2, nobody has acknowledged it. 1 of 1 alert fires.",
      health: "breach",
    });
  });

  test("that is over says for how long it was", () => {
    const over = { ...alert, state: "resolved" as const, endedAt: iso(12) };
    expect(
      say({ state: "resolved", resolvedAt: iso(12), firingCount: 0, alerts: [over] }),
    ).toMatchObject({
      headline: "eta in production: data drift on distance, from Fri 20 Nov 09:00 UTC, for 3 h.",
      detail: "PSI 0.31 where 0.2 fires. SEV-2, resolved. Its alert is over.",
      health: "healthy",
    });
  });

  test("whose alerts can't be judged says how many", () => {
    const blind = { ...alert, unknown: { since: iso(12), reason: "38 rows" } };
    expect(say({ alerts: [blind], explainedCount: 3 }).detail).toContain(
      "1 of 1 alert fires, and explains 3 more. 1 can't be judged right now.",
    );
  });

  test("that a person declared is told in their words", () => {
    const declared = say({
      title: "Arrivals in the past",
      alerts: [],
      alertCount: 0,
      firingCount: 0,
    });
    expect(declared.headline).toMatch(/^Arrivals in the past, since /);
    expect(declared.detail).toContain("no alert is attached");
  });
});

test("health is worst while it is open and severe, and nobody's where it was merged", () => {
  expect(healthOf({ state: "acknowledged", severity: "sev1" })).toBe("breach");
  expect(healthOf({ state: "mitigated", severity: "sev4" })).toBe("watch");
  expect(healthOf({ state: "closed", severity: "sev1" })).toBe("healthy");
  expect(healthOf({ state: "merged", severity: "sev1" })).toBe("unknown");
});

describe("the list", () => {
  const list = (counts: IncidentList["counts"], incidents = [incident()]): IncidentList => ({
    incidents,
    next: null,
    counts,
  });
  const headline = (of: IncidentList) => toPlainText(prepareIncidentListAnswer(of).headline);
  const detail = (of: IncidentList) => toPlainText(prepareIncidentListAnswer(of).detail);

  test("says that nothing is open", () => {
    expect(headline(list({ open: 0, triggered: 0, unowned: 0 }, []))).toBe("No incident is open.");
  });

  test("says how many are, which is the newest, and who does not hold them", () => {
    const open = list({ open: 2, triggered: 1, unowned: 2 });
    expect(headline(open)).toBe(
      "2 incidents are open; the newest is #4, eta: data drift in production.",
    );
    expect(detail(open)).toBe("Nobody has acknowledged 1 of them. 2 have no owner.");
    expect(detail(list({ open: 1, triggered: 0, unowned: 0 }))).toBe(
      "Somebody holds each of them.",
    );
  });
});

test("an escalation says its level, its round, and whether it has stopped", () => {
  const at = (pagedCount: number, state: Incident["state"] = "triggered") =>
    sayEscalation(
      incident({
        state,
        escalation: { policy: "Models", levelCount: 2, pagedCount, lastAt: null },
      }),
    );
  expect(sayEscalation(incident())).toBe("no policy pages anybody");
  expect(at(0)).toBe("Models, not begun");
  expect(at(2)).toBe("Models, level 2 of 2");
  expect(at(3)).toBe("Models, level 1 of 2, round 2");
  expect(at(1, "acknowledged")).toBe("Models, level 1 of 2; it has stopped");
});

test("the begin of the impact says how sure it is", () => {
  const impact = (from: number, until: number) =>
    sayImpact(incident({ impactBetween: { from: iso(from), until: iso(until) } }), "UTC");
  expect(sayImpact(incident(), "UTC")).toBeNull();
  expect(impact(9, 9)).toBe("by the level of the values");
  expect(impact(8, 10)).toBe(
    "by the level of the values, between Fri 20 Nov 08:00 UTC and Fri 20 Nov 10:00 UTC",
  );
});
