import { expect, test } from "vitest";
import type { ActionCall } from "./judge-action-answer.ts";
import { judgeActionAnswer } from "./judge-action-answer.ts";

const answer = (status: number): ActionCall => ({ kind: "answer", status, body: "b", afterMs: 9 });
const failure = (
  kind: "refused" | "network" | "timeout",
  isOutcomeUnknown: boolean,
): ActionCall => ({ kind: "failure", failure: kind, isOutcomeUnknown, message: "m" });

test.each<[string, ActionCall, boolean, string]>([
  ["2xx is done", answer(202), false, "done"],
  ["a redirect is not followed", answer(302), false, "refused"],
  ["an error is the outcome", answer(500), false, "refused"],
  ["a gateway's silence is no outcome", answer(504), false, "unknown"],
  ["429 has not begun", answer(429), false, "not_sent"],
  ["a conflict is a refusal", answer(409), false, "refused"],
  ["a conflict after an attempt that may be done is no outcome", answer(409), true, "unknown"],
  ["a refused connection sent nothing", failure("network", false), false, "not_sent"],
  ["a reset connection is no outcome", failure("network", true), false, "unknown"],
  ["a timeout is no outcome", failure("timeout", true), false, "unknown"],
  ["a private address is not called", failure("refused", false), false, "not_allowed"],
])("%s", (_, call, isMaybeDone, kind) => {
  expect(judgeActionAnswer(call, isMaybeDone).kind).toBe(kind);
});
