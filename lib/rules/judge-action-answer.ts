import type { SendAnswer } from "./step-action-run.ts";

/** What a call of an action came to, as a receiver's answer or the lack of one says it. */
export type ActionCall =
  | { kind: "answer"; status: number; body: string; afterMs: number | null }
  | {
      kind: "failure";
      failure: "refused" | "network" | "timeout";
      isOutcomeUnknown: boolean;
      message: string;
    };

/** Of a gateway that did not hear from what stands behind it, or gave up waiting: it may be done. */
const unclear = new Set([408, 502, 504, 522, 524]);

/** `isMaybeDone`: an earlier attempt may have been done, so that a conflict may be with that one. */
export function judgeActionAnswer(call: ActionCall, isMaybeDone: boolean): SendAnswer {
  if (call.kind === "failure") {
    if (call.failure === "refused") return { kind: "not_allowed", text: call.message };
    return call.isOutcomeUnknown
      ? { kind: "unknown", status: null, text: call.message }
      : { kind: "not_sent", text: call.message, afterMs: null };
  }
  const { status, body, afterMs } = call;
  if (status >= 200 && status < 300) return { kind: "done", status };
  if (status === 429) return { kind: "not_sent", text: "it asks to wait (429)", afterMs };
  if (unclear.has(status) || (status === 409 && isMaybeDone))
    return { kind: "unknown", status, text: `${status} ${body}`.trim() };
  return { kind: "refused", status, text: body };
}
