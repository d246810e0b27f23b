import { Ajv } from "ajv";
import type { PostableAlert } from "../render-alertmanager-alerts.ts";
import type { FakeReceiver, Received, Reply } from "./fake-receiver.ts";
import { startFakeReceiver } from "./fake-receiver.ts";

/** `postableAlerts` of Alertmanager's OpenAPI, api/v2/openapi.yaml, with formats enforced. */
const labelSet = { type: "object", additionalProperties: { type: "string" } } as const;
const postableAlerts = {
  type: "array",
  items: {
    type: "object",
    // It allows more, and reads none of it: what is there by mistake is found here.
    additionalProperties: false,
    required: ["labels"],
    properties: {
      labels: labelSet,
      annotations: labelSet,
      generatorURL: { type: "string", format: "uri" },
      startsAt: { type: "string", format: "date-time" },
      endsAt: { type: "string", format: "date-time" },
    },
  },
} as const;

const ajv = new Ajv({ allErrors: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat("uri", (text: string) => URL.canParse(text));
const validate = ajv.compile(postableAlerts);

/** Left out, an alert ends so long after it was last told: `resolve_timeout`. */
const resolveTimeoutMs = 5 * 60_000;

export interface FakeAlertmanager extends FakeReceiver {
  /** What fires at a moment, by its labels: alertname, target and severity. */
  firing(at: Date): string[];
  usual(received: Received): Reply;
}

const nameOf = ({ labels: { alertname, target, severity } }: PostableAlert) =>
  [alertname, target, severity].filter((part) => part !== undefined).join(" ");

/** Alertmanager's door for alerts: it refuses what the real one refuses, and lets an alert end when its time is over. */
export async function startFakeAlertmanager(now: () => Date): Promise<FakeAlertmanager> {
  const known = new Map<string, { alert: PostableAlert; endsMs: number }>();

  function usual({ method, path, body, headers }: Received): Reply {
    if (method !== "POST" || path !== "/am/api/v2/alerts")
      return { status: 404, body: "not found" };
    if (headers.authorization !== "Bearer alertmanager-token") return { status: 401, body: "" };
    const errors = checkPostableAlerts(body);
    // It keeps the good ones of a post that has bad ones; here the whole is refused, so that none goes unseen.
    if (errors.length > 0) return { status: 400, body: JSON.stringify(errors.join("; ")) };
    const alerts: PostableAlert[] = JSON.parse(body);
    for (const alert of alerts) {
      const key = JSON.stringify(Object.entries(alert.labels).toSorted());
      const endsMs =
        alert.endsAt === undefined ? now().getTime() + resolveTimeoutMs : Date.parse(alert.endsAt);
      known.set(key, { alert, endsMs });
    }
    return { status: 200 };
  }

  const receiver = await startFakeReceiver(usual);
  return {
    ...receiver,
    usual,
    firing: (at) =>
      [...known.values()]
        .filter(({ endsMs }) => endsMs > at.getTime())
        .map(({ alert }) => nameOf(alert))
        .toSorted(),
  };
}

/** What Alertmanager refuses of a body: by its OpenAPI, and by what it checks of every alert beyond it. */
export function checkPostableAlerts(body: string): string[] {
  const alerts: unknown = JSON.parse(body);
  if (!validate(alerts))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  return (alerts as PostableAlert[]).flatMap((alert) => {
    const names = Object.keys(alert.labels);
    const badNames = [...names, ...Object.keys(alert.annotations ?? {})].filter(
      (name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name),
    );
    const texts = [...Object.values(alert.labels), ...Object.values(alert.annotations ?? {})];
    return [
      ...(Object.values(alert.labels).some((value) => value !== "")
        ? []
        : ["at least one label pair required"]),
      ...badNames.map((name) => `invalid label set: invalid name "${name}"`),
      ...(texts.every((text) => text.isWellFormed()) ? [] : ["invalid value"]),
      ...(Date.parse(alert.endsAt) < Date.parse(alert.startsAt)
        ? ["start time must be before end time"]
        : []),
    ];
  });
}
