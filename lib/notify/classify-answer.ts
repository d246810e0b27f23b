import { z } from "zod";
import type { DeliveryFailure, DeliveryRemedy } from "#lib/domain/destination.ts";
import type { CallResult } from "./guarded-fetch.ts";
import { redactText } from "./redact-text.ts";

/** What an attempt came to, and what follows from it. */
export type Outcome =
  | { kind: "sent"; status: number | null; text: string }
  /** Tried again, later. */
  | {
      kind: "retry";
      failure: DeliveryFailure;
      status: number | null;
      text: string;
      /** What the receiver asked for; null where our own schedule holds. */
      afterMs: number | null;
      /** The whole destination rests, and not this message alone. */
      isThrottled: boolean;
      isOutcomeUnknown: boolean;
    }
  /** Never tried again by itself. */
  | {
      kind: "permanent";
      failure: DeliveryFailure;
      remedy: DeliveryRemedy;
      status: number | null;
      text: string;
      /** The receiver says that it is gone: nothing else is sent there either. */
      isGone: boolean;
    };

/** Nobody is kept from a page for longer than this by one answer. */
const retryAfterMsMax = 3_600_000;

/** Seconds or a date, at most an hour; null where it says nothing that can be read. */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d{1,9}(\.\d+)?$/.test(text)
    ? Math.ceil(Number(text) * 1000)
    : Date.parse(text) - now.getTime();
  if (!Number.isFinite(ms)) return null;
  return Math.min(retryAfterMsMax, Math.max(0, ms));
}

type Answer = Extract<CallResult, { kind: "answer" }>;
type Judge = (answer: Answer, now: Date) => Outcome;

/** Without any answer all receivers are alike: tried again, and where the outcome is unknown it is said. */
function classify(result: CallResult, now: Date, judge: Judge): Outcome {
  switch (result.kind) {
    case "answer":
      return judge(result, now);
    case "failure":
      if (result.failure === "refused")
        return permanent(null, "refused", "fix_settings", result.message);
      return {
        kind: "retry",
        failure: result.failure,
        status: null,
        text: result.message,
        afterMs: null,
        isThrottled: false,
        isOutcomeUnknown: result.isOutcomeUnknown,
      };
  }
}

export const classifyPagerduty = (result: CallResult, now: Date): Outcome =>
  classify(result, now, judgePagerduty);
export const classifySlackWebhook = (result: CallResult, now: Date): Outcome =>
  classify(result, now, judgeSlackWebhook);
export const classifySlackApi = (result: CallResult, now: Date): Outcome =>
  classify(result, now, judgeSlackApi);
export const classifyWebhook = (result: CallResult, now: Date): Outcome =>
  classify(result, now, judgeWebhook);
export const classifyAlertmanager = (result: CallResult, now: Date): Outcome =>
  classify(result, now, judgeAlertmanager);

const judgePagerduty: Judge = (answer, now) => {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return sent(answer);
  if (status === 429 || status >= 500) return retry(answer, now);
  const text = status === 400 ? errorsOf(body) : body;
  // Its errors name our event's fields, but for a routing key that it does not know.
  if (status === 400 && !/routing_key|integration key/i.test(text))
    return permanent(status, "client_error", "report_bug", text);
  return permanent(status, clientFailure(status), "reconnect", text);
};

const pagerdutyErrors = z.object({ message: z.string().optional(), errors: z.array(z.string()) });

function errorsOf(body: string): string {
  const parsed = pagerdutyErrors.safeParse(parseJson(body));
  if (!parsed.success) return body;
  const { message, errors } = parsed.data;
  return [message, ...errors].filter((part) => part !== undefined && part !== "").join("; ");
}

const judgeSlackWebhook: Judge = (answer, now) => {
  const { status } = answer;
  const text = answer.body.trim();
  if (status === 200 && text === "ok") return sent(answer);
  if (status === 429 || status >= 500) return retry(answer, now);
  return permanent(status, clientFailure(status), slackRemedyOf(status, text), text);
};

function slackRemedyOf(status: number, text: string): DeliveryRemedy {
  if (slackChannelErrors.has(text) || status === 410) return "choose_channel";
  if (slackPayloadErrors.has(text) || status === 400) return "report_bug";
  return "reconnect";
}

const slackChannelErrors = new Set([
  "channel_is_archived",
  "is_archived",
  "channel_not_found",
  "not_in_channel",
  "posting_to_general_channel_denied",
  "restricted_action",
  "messages_tab_disabled",
]);
const slackPayloadErrors = new Set([
  "invalid_payload",
  "no_text",
  "too_many_attachments",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "invalid_arguments",
  "msg_too_long",
  "msg_blocks_too_long",
]);
const slackPassingErrors = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

export const slackApiAnswer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  channel: z.string().optional(),
  ts: z.string().optional(),
});

/** Its answer is 200 whatever became of it: the body says so. */
const judgeSlackApi: Judge = (answer, now) => {
  const { status, body } = answer;
  if (status === 429 || status >= 500) return retry(answer, now);
  const parsed = slackApiAnswer.safeParse(parseJson(body));
  if (status !== 200) return permanent(status, clientFailure(status), "reconnect", body);
  // Taken, and nobody knows how: as good as no answer.
  if (!parsed.success) return { ...retry(answer, now), isOutcomeUnknown: true };
  const { ok, error = "unknown_error" } = parsed.data;
  if (ok) return sent({ ...answer, body: "ok" });
  if (slackPassingErrors.has(error))
    return {
      ...retry({ ...answer, body: error }, now),
      failure: /limit/.test(error) ? "rate_limited" : "server_error",
    };
  const isAuth = /auth|token|account_inactive|missing_scope|no_permission|org_login/.test(error);
  return permanent(
    status,
    isAuth ? "auth_error" : "client_error",
    slackRemedyOf(isAuth ? 403 : 404, error),
    error,
  );
};

/** By Standard Webhooks everything but 2xx is tried again, a redirect too; 410 ends it. */
const judgeWebhook: Judge = (answer, now) => {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return sent(answer);
  if (status === 410)
    return {
      ...permanent(status, "client_error", "reconnect", body),
      isGone: true,
    };
  return retry(answer, now);
};

/** As Alertmanager treats its own receivers, but that 429 is tried again. */
const judgeAlertmanager: Judge = (answer, now) => {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return sent(answer);
  if (status === 429 || status >= 500) return retry(answer, now);
  return permanent(status, clientFailure(status), "reconnect", body);
};

const clientFailure = (status: number): DeliveryFailure =>
  status === 401 || status === 403 ? "auth_error" : "client_error";

const sent = ({ status, body }: Answer): Outcome => ({
  kind: "sent",
  status,
  text: redactText(body),
});

const throttles = new Set([429, 502, 504]);

function retry(
  { status, body, retryAfter }: Answer,
  now: Date,
): Extract<Outcome, { kind: "retry" }> {
  const isAsked = status === 429 || status >= 500;
  return {
    kind: "retry",
    failure: failureOf(status),
    status,
    text: redactText(body),
    afterMs: isAsked ? parseRetryAfter(retryAfter, now) : null,
    isThrottled: throttles.has(status) || (isAsked && retryAfter !== null),
    isOutcomeUnknown: false,
  };
}

function failureOf(status: number): DeliveryFailure {
  if (status === 429) return "rate_limited";
  if (status >= 500) return "server_error";
  return status >= 400 ? clientFailure(status) : "other";
}

function permanent(
  status: number | null,
  failure: DeliveryFailure,
  remedy: DeliveryRemedy,
  text: string,
): Extract<Outcome, { kind: "permanent" }> {
  return { kind: "permanent", failure, remedy, status, text: redactText(text), isGone: false };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
