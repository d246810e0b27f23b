import fc from "fast-check";
import { severities } from "#lib/domain/incident.ts";
import { causeClasses } from "#lib/domain/monitor.ts";
import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";
import { notificationKinds } from "#lib/domain/notification.ts";

/** A change is told to PagerDuty alone, in a form of its own. */
const incidentKinds = notificationKinds.filter((kind) => kind !== "change");

/** Whatever a person or a program may write: any code point, halves of pairs, control characters, what means something in markup, emoji,
 *  nothing at all, and far too much. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "",
    " ",
    "\n",
    "\u0000",
    "\ud800",
    "<!channel>",
    "*_~`",
    "&amp;",
    '"\\',
    "👩‍👩‍👧‍👦",
  ),
  fc
    .tuple(
      fc.constantFrom("a", "&", "<", "😀", "\ud83d", "\\", "\u0001", "é", "漢", " "),
      fc.integer({ min: 1, max: 6_000 }),
    )
    .map(([text, count]) => text.repeat(count)),
);

const anyTime = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true })
  .map((at) => at.toISOString());

const anyUrl = fc.oneof(
  fc.constant(null),
  fc.webUrl({ withQueryParameters: true }),
  fc.constantFrom("javascript:alert(1)", "no address", `https://example.com/${"a<&>".repeat(700)}`),
  fc.nat({ max: 3_000 }).map((length) => `https://example.com/?q=${"x".repeat(length)}&a=<b>|c`),
);

const anyAlert: fc.Arbitrary<MessageAlert> = fc.record({
  alertId: fc.uuid(),
  monitorName: anyText,
  target: anyText,
  state: fc.constantFrom("firing", "resolved"),
  sentence: anyText,
  startedAt: anyTime,
  endedAt: fc.option(anyTime),
});

const anyAlerts = fc.oneof(
  fc.array(anyAlert, { maxLength: 12 }),
  fc
    .tuple(anyAlert, fc.integer({ min: 0, max: 5_000 }))
    .map(([alert, count]) => Array.from({ length: count }, () => alert)),
);

export const anyMessage: fc.Arbitrary<IncidentMessage> = fc.record({
  kind: fc.constantFrom(...incidentKinds),
  about: fc.constantFrom(undefined, "action_item"),
  workspaceName: anyText,
  incidentId: fc.uuid(),
  incidentNumber: fc.integer({ min: 1, max: 2_000_000_000 }),
  sequence: fc.integer({ min: 1, max: 2_000_000_000 }),
  groupKey: anyText,
  title: anyText,
  state: fc.constantFrom("triggered", "acknowledged", "mitigated", "resolved", "closed", "merged"),
  severity: fc.constantFrom(...severities),
  causeClass: fc.constantFrom(...causeClasses),
  model: fc.option(fc.record({ name: anyText, environment: anyText, version: anyText })),
  answer: anyText,
  impactStartedAt: fc.option(anyTime),
  detectedAt: anyTime,
  acknowledgedAt: fc.option(anyTime),
  acknowledgedBy: fc.option(anyText),
  mitigatedAt: fc.option(anyTime),
  resolvedAt: fc.option(anyTime),
  ownerName: fc.option(anyText),
  note: fc.option(anyText),
  alerts: anyAlerts,
  firingCount: fc.integer({ min: 0, max: 100_000 }),
  resolvedCount: fc.integer({ min: 0, max: 100_000 }),
  explainedCount: fc.integer({ min: 0, max: 100_000 }),
  runbookUrl: anyUrl,
  incidentUrl: anyUrl,
});

export const anyChange: fc.Arbitrary<IncidentMessage> = fc
  .record({
    message: anyMessage,
    source: anyText,
    url: fc.option(fc.oneof(fc.webUrl(), anyText), { nil: null }),
    details: fc.dictionary(anyText, anyText, { maxKeys: 30 }),
  })
  .map(({ message, ...rest }) => ({
    ...message,
    kind: "change",
    change: { kind: "deployment", ...rest },
  }));
