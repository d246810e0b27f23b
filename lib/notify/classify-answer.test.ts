import { describe, expect, test } from "vitest";
import type { Outcome } from "./classify-answer.ts";
import {
  classifyAlertmanager,
  classifyPagerduty,
  classifySlackApi,
  classifySlackWebhook,
  classifyWebhook,
  parseRetryAfter,
} from "./classify-answer.ts";
import type { CallResult } from "./guarded-fetch.ts";

const now = new Date("2026-10-01T12:00:00.000Z");
const answer = (status: number, body = "", retryAfter: string | null = null): CallResult => ({
  kind: "answer",
  status,
  body,
  retryAfter,
});
const failure = (
  kind: "network" | "timeout" | "refused",
  isOutcomeUnknown = false,
): CallResult => ({ kind: "failure", failure: kind, isOutcomeUnknown, message: "why" });

/** "retry server_error", "retry rate_limited throttled after 3000", "permanent auth_error reconnect gone". */
function say(outcome: Outcome): string {
  switch (outcome.kind) {
    case "sent":
      return "sent";
    case "retry":
      return [
        `retry ${outcome.failure}`,
        ...(outcome.isThrottled ? ["throttled"] : []),
        ...(outcome.afterMs === null ? [] : [`after ${outcome.afterMs}`]),
        ...(outcome.isOutcomeUnknown ? ["unknown"] : []),
      ].join(" ");
    case "permanent":
      return `permanent ${outcome.failure} ${outcome.remedy}${outcome.isGone ? " gone" : ""}`;
  }
}

type Row = [CallResult, string];
const same: Row[] = [
  [failure("network"), "retry network"],
  [failure("network", true), "retry network unknown"],
  [failure("timeout"), "retry timeout"],
  [failure("timeout", true), "retry timeout unknown"],
  [failure("refused"), "permanent refused fix_settings"],
  [answer(500), "retry server_error"],
  [answer(503, "", "120"), "retry server_error throttled after 120000"],
  [answer(502), "retry server_error throttled"],
  [answer(504), "retry server_error throttled"],
  [answer(429, "", "3"), "retry rate_limited throttled after 3000"],
  [answer(429), "retry rate_limited throttled"],
];

const badSummary = JSON.stringify({
  status: "invalid event",
  message: "Event object is invalid",
  errors: ["'summary' is too long (maximum is 1024 characters)"],
});

const tables: [string, (result: CallResult, at: Date) => Outcome, Row[]][] = [
  [
    "PagerDuty",
    classifyPagerduty,
    [
      [answer(202, '{"status":"success"}'), "sent"],
      [answer(301), "permanent client_error reconnect"],
      [answer(400, badSummary), "permanent client_error report_bug"],
      [
        answer(400, '{"errors":["\'routing_key\' is invalid"]}'),
        "permanent client_error reconnect",
      ],
      [answer(401), "permanent auth_error reconnect"],
      [answer(403), "permanent auth_error reconnect"],
      [answer(404), "permanent client_error reconnect"],
      [answer(410), "permanent client_error reconnect"],
    ],
  ],
  [
    "an incoming webhook of Slack",
    classifySlackWebhook,
    [
      [answer(200, "ok"), "sent"],
      [answer(200, "no_service_id"), "permanent client_error reconnect"],
      [answer(302), "permanent client_error reconnect"],
      [answer(400, "invalid_payload"), "permanent client_error report_bug"],
      [answer(400, "no_text"), "permanent client_error report_bug"],
      [answer(400, "too_many_attachments"), "permanent client_error report_bug"],
      [answer(403, "action_prohibited"), "permanent auth_error reconnect"],
      [answer(403, "invalid_token"), "permanent auth_error reconnect"],
      [answer(403, "posting_to_general_channel_denied"), "permanent auth_error choose_channel"],
      [answer(404, "channel_not_found"), "permanent client_error choose_channel"],
      [answer(404, "no_service"), "permanent client_error reconnect"],
      [answer(404, "no_active_hooks"), "permanent client_error reconnect"],
      [answer(410, "channel_is_archived"), "permanent client_error choose_channel"],
      [answer(500, "rollup_error"), "retry server_error"],
      [
        answer(429, '{"retry_after":1,"ok":false,"error":"rate_limited"}', "1"),
        "retry rate_limited throttled after 1000",
      ],
    ],
  ],
  [
    "Slack's Web API",
    classifySlackApi,
    [
      [answer(200, '{"ok":true,"channel":"C1","ts":"1.2"}'), "sent"],
      [answer(200, "<html>"), "retry other unknown"],
      [answer(200, '{"ok":false,"error":"invalid_blocks"}'), "permanent client_error report_bug"],
      [answer(200, '{"ok":false,"error":"msg_too_long"}'), "permanent client_error report_bug"],
      [
        answer(200, '{"ok":false,"error":"channel_not_found"}'),
        "permanent client_error choose_channel",
      ],
      [answer(200, '{"ok":false,"error":"is_archived"}'), "permanent client_error choose_channel"],
      [
        answer(200, '{"ok":false,"error":"not_in_channel"}'),
        "permanent client_error choose_channel",
      ],
      [answer(200, '{"ok":false,"error":"invalid_auth"}'), "permanent auth_error reconnect"],
      [answer(200, '{"ok":false,"error":"token_revoked"}'), "permanent auth_error reconnect"],
      [answer(200, '{"ok":false,"error":"ratelimited"}'), "retry rate_limited"],
      [answer(200, '{"ok":false,"error":"internal_error"}'), "retry server_error"],
    ],
  ],
  [
    "a webhook of ours",
    classifyWebhook,
    [
      [answer(200), "sent"],
      [answer(204), "sent"],
      [answer(299), "sent"],
      [answer(302), "retry other"],
      [answer(400), "retry client_error"],
      [answer(401), "retry auth_error"],
      [answer(403), "retry auth_error"],
      [answer(404), "retry client_error"],
      [answer(410), "permanent client_error reconnect gone"],
    ],
  ],
  [
    "a receiver of Alertmanager's",
    classifyAlertmanager,
    [
      [answer(200), "sent"],
      [answer(302), "permanent client_error reconnect"],
      [answer(400), "permanent client_error reconnect"],
      [answer(401), "permanent auth_error reconnect"],
    ],
  ],
];

describe.each(tables)("%s", (_, classify, rows) => {
  test.each(
    [...rows, ...same].map(
      ([result, expected]) => [say(classify(result, now)), expected, result] as const,
    ),
  )("%s", (said, expected) => expect(said).toBe(expected));
});

test("PagerDuty's errors are shown as it says them", () => {
  expect(classifyPagerduty(answer(400, badSummary), now)).toMatchObject({
    text: "Event object is invalid; 'summary' is too long (maximum is 1024 characters)",
  });
});

test.each([
  ["https://hooks.slack.com/services/T0/B0/abc failed", "https://hooks.slack.com/… failed"],
  ["token xoxb-1-secret is bad", "token xox… is bad"],
  ["key 0123456789abcdef0123456789abcdef", "key …"],
  ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_…"],
  ["Authorization: Bearer abc.def", "Authorization: Bearer …"],
  ["at https://user:pass@example.com/", "at https://…@example.com/"],
])("%s is kept without its secret", (body, expected) => {
  expect(classifyWebhook(answer(500, body), now).text).toBe(expected);
});

test("what is kept of an answer is short and whole", () => {
  const { text } = classifyWebhook(answer(500, `\u0000${"😀".repeat(9_000)}`), now);
  expect([...text].length).toBe(500);
  expect(text.isWellFormed()).toBe(true);
});

test.each([
  ["3", 3_000],
  ["0", 0],
  ["1.5", 1_500],
  ["Thu, 01 Oct 2026 12:00:30 GMT", 30_000],
  ["Thu, 01 Oct 2026 11:00:00 GMT", 0],
  ["999999999", 3_600_000],
  ["soon", null],
  ["", null],
  [null, null],
])("Retry-After %j is %j ms", (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});
