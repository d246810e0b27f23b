import { describe, expect, test } from "vitest";
import type { ActionRunState } from "#lib/domain/action.ts";
import { actionRunStates, finalRunStates } from "#lib/domain/action.ts";
import type { RunEvent, RunFacts } from "./step-action-run.ts";
import { sayMinutes, stepActionRun } from "./step-action-run.ts";

const now = new Date("2026-11-01T12:00:00.000Z");
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

const facts = (
  state: ActionRunState,
  {
    definition,
    ...overrides
  }: Partial<Omit<RunFacts, "definition">> & {
    definition?: Partial<RunFacts["definition"]>;
  } = {},
): RunFacts => ({
  state,
  mode: "real",
  attempt: 1,
  requestedAt: now,
  succeededAt: null,
  hasIncident: true,
  isMaybeDone: false,
  ...overrides,
  definition: {
    isIdempotent: false,
    outcome: "answer",
    reportMinutesMax: 240,
    approval: "another",
    approvalMinutesMax: 60,
    verifyAfterMinutes: 30,
    ...definition,
  },
});
const step = (from: RunFacts, event: RunEvent) => stepActionRun(from, event, now);
const held = { name: "label_coverage", isHeld: true, reason: "labels are 90 % in" } as const;
const failed = { name: "upstream_incident", isHeld: false, reason: "#4 is open" } as const;
const unknown = { kind: "unknown", status: null, text: "No answer in time." } as const;
const notSent = { kind: "not_sent", text: "refused", afterMs: null } as const;

describe("a run", () => {
  test.each<[string, RunFacts, RunEvent, object]>([
    [
      "whose checks hold waits for somebody, for a while",
      facts("requested"),
      { kind: "checked", checks: [held] },
      { state: "waiting_for_approval", dueAt: later(60) },
    ],
    [
      "whose checks do not hold is not run, and says why",
      facts("requested"),
      { kind: "checked", checks: [held, failed] },
      { state: "checks_failed", sentence: "Not run: #4 is open", dueAt: null },
    ],
    [
      "that needs nobody is due at once",
      facts("requested", { definition: { approval: "none" } }),
      { kind: "checked", checks: [] },
      { state: "approved", dueAt: now },
    ],
    [
      "whose checks hold no more once it was approved is not sent",
      facts("approved", { attempt: 0 }),
      { kind: "rechecked", checks: [held, failed] },
      { state: "checks_failed", sentence: "Not sent, it holds no more: #4 is open" },
    ],
    [
      "that nobody approves runs out",
      facts("waiting_for_approval"),
      { kind: "expire" },
      { state: "expired", dueAt: null },
    ],
    [
      "that is declined says by whom and why",
      facts("waiting_for_approval"),
      { kind: "decline", by: "Ada", reason: "not now" },
      { state: "declined", sentence: "Ada declined it: not now" },
    ],
    [
      "that succeeded is verified after a while",
      facts("sending"),
      { kind: "answered", answer: { kind: "done", status: 200 } },
      { state: "verifying", dueAt: later(30), succeededAt: now },
    ],
    [
      "without an incident has nothing to verify",
      facts("sending", { hasIncident: false }),
      { kind: "answered", answer: { kind: "done", status: 200 } },
      { state: "succeeded", dueAt: null, succeededAt: now },
    ],
    [
      "that reports later is running, and its report is waited for so long",
      facts("sending", { definition: { outcome: "report" } }),
      { kind: "answered", answer: { kind: "done", status: 202 } },
      { state: "running", dueAt: later(240), succeededAt: null },
    ],
    [
      "whose report never comes is unknown, and not failed",
      facts("running"),
      { kind: "report_overdue" },
      { state: "outcome_unknown", dueAt: null, isMaybeDone: true },
    ],
    [
      "whose report comes before its answer is settled by it",
      facts("sending", { definition: { verifyAfterMinutes: null } }),
      { kind: "reported", outcome: "succeeded", message: "" },
      { state: "succeeded" },
    ],
    [
      "whose report comes though nobody knew is settled by it",
      facts("outcome_unknown"),
      { kind: "reported", outcome: "failed", message: "no GPU" },
      { state: "failed", sentence: "The endpoint reports that it failed: no GPU" },
    ],
    [
      "that timed out is unknown, and never tried again by itself",
      facts("sending"),
      { kind: "answered", answer: unknown },
      { state: "outcome_unknown", dueAt: null, isMaybeDone: true },
    ],
    [
      "that timed out at an endpoint that knows the key is sent again",
      facts("sending", { definition: { isIdempotent: true } }),
      { kind: "answered", answer: unknown },
      { state: "approved", isMaybeDone: true },
    ],
    [
      "that timed out there for the third time is unknown",
      facts("sending", { attempt: 3, definition: { isIdempotent: true } }),
      { kind: "answered", answer: unknown },
      { state: "outcome_unknown" },
    ],
    [
      "of which nothing was sent is tried again, whatever the endpoint",
      facts("sending"),
      { kind: "answered", answer: notSent },
      { state: "approved", isMaybeDone: false },
    ],
    [
      "that may not be sent failed at once",
      facts("sending"),
      { kind: "answered", answer: { kind: "not_allowed", text: "it was deleted" } },
      { state: "failed", sentence: "Nothing was sent: it was deleted" },
    ],
    [
      "of which nothing was sent three times failed",
      facts("sending", { attempt: 3 }),
      { kind: "answered", answer: notSent },
      { state: "failed" },
    ],
    [
      "of which nothing was sent the last time, but perhaps before, is unknown",
      facts("sending", { attempt: 3, isMaybeDone: true }),
      { kind: "answered", answer: notSent },
      { state: "outcome_unknown" },
    ],
    [
      "whose worker died before the first byte is sent by another",
      facts("sending"),
      { kind: "lost", wasSent: false },
      { state: "approved", dueAt: now, isMaybeDone: false },
    ],
    [
      "whose worker died after it is unknown",
      facts("sending"),
      { kind: "lost", wasSent: true },
      { state: "outcome_unknown", isMaybeDone: true },
    ],
    [
      "that a person found done goes on to be verified",
      facts("outcome_unknown", { isMaybeDone: true }),
      { kind: "was_done", by: "Ada" },
      { state: "verifying", dueAt: later(30) },
    ],
    [
      "that a person has sent again is due",
      facts("outcome_unknown", { isMaybeDone: true, attempt: 3 }),
      { kind: "send_again", by: "Ada" },
      { state: "approved", dueAt: now },
    ],
    [
      "of a test needs no approval and is not verified",
      facts("sending", { mode: "test" }),
      { kind: "answered", answer: { kind: "done", status: 200 } },
      { state: "succeeded" },
    ],
    [
      "that is dry sends nothing",
      facts("approved", { mode: "dry_run" }),
      { kind: "rehearse" },
      { state: "rehearsed" },
    ],
  ])("%s", (_, from, event, expected) => {
    expect(step(from, event)).toMatchObject({ kind: "changed", ...expected });
  });

  test("that may be done already can't be cancelled", () => {
    const from = facts("approved", { isMaybeDone: true });
    expect(step(from, { kind: "cancel", by: "Ada", reason: "" })).toMatchObject({
      kind: "refused",
    });
  });

  test("approved twice is approved once", () => {
    expect(step(facts("sending"), { kind: "approve", by: "Ada" })).toEqual({ kind: "unchanged" });
  });

  const events: RunEvent[] = [
    { kind: "checked", checks: [] },
    { kind: "approve", by: "a" },
    { kind: "decline", by: "a", reason: "" },
    { kind: "cancel", by: "a", reason: "" },
    { kind: "expire" },
    { kind: "claim" },
    { kind: "rehearse" },
    { kind: "answered", answer: { kind: "done", status: 200 } },
    { kind: "answered", answer: notSent },
    { kind: "lost", wasSent: true },
    { kind: "reported", outcome: "succeeded", message: "" },
    { kind: "report_overdue" },
    { kind: "was_done", by: "a" },
    { kind: "was_not_done", by: "a" },
    { kind: "send_again", by: "a" },
    { kind: "verified", sentence: "" },
    { kind: "not_verified", sentence: "" },
    { kind: "verification_impossible", sentence: "" },
  ];
  test("that is over stays as it is, whatever comes", () => {
    for (const state of finalRunStates)
      for (const event of events)
        expect(step(facts(state), event).kind, `${state} ${event.kind}`).not.toBe("changed");
  });

  test("is sent only once it was approved, and leaves unknown only by a person, a report or an answer that came late", () => {
    for (const state of actionRunStates)
      for (const event of events) {
        const next = step(facts(state), event);
        if (next.kind !== "changed") continue;
        if (next.state === "sending") expect(state).toBe("approved");
        if (state === "outcome_unknown")
          expect(["answered", "reported", "was_done", "was_not_done", "send_again"]).toContain(
            event.kind,
          );
      }
  });
});

test.each([
  [30, "30 min"],
  [60, "1 h"],
  [2_880, "2 d"],
])("%d minutes are %s", (minutes, said) => {
  expect(sayMinutes(minutes)).toBe(said);
});
