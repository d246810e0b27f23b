import { Ajv } from "ajv";

/** The Events API v2 as a JSON Schema. Fields, types, formats, enumerations and what is required: reference/events-v2/openapiv3.json of
 *  PagerDuty/api-schema. Beyond it, from its documentation and its answers: lengths (1,024 of a summary, 255 of a key, 32 of a routing
 *  key, 512,000 bytes), images by TLS alone, and what a trigger, an acknowledge and a resolve need. Ours: no field that it does not name. */
const eventSchema = {
  type: "object",
  additionalProperties: false,
  required: ["routing_key", "event_action"],
  properties: {
    routing_key: { type: "string", minLength: 32, maxLength: 32 },
    event_action: { enum: ["trigger", "acknowledge", "resolve"] },
    dedup_key: { type: "string", minLength: 1, maxLength: 255 },
    client: { type: "string", minLength: 1 },
    client_url: { type: "string", format: "web-address" },
    links: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["href"],
        properties: {
          href: { type: "string", format: "web-address" },
          text: { type: "string", minLength: 1 },
        },
      },
    },
    images: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["src"],
        properties: {
          src: { type: "string", pattern: "^https://" },
          href: { type: "string", format: "web-address" },
          alt: { type: "string" },
        },
      },
    },
    payload: {
      type: "object",
      additionalProperties: false,
      required: ["summary", "severity", "source"],
      properties: {
        summary: { type: "string", minLength: 1, maxLength: 1024 },
        timestamp: { type: "string", format: "date-time" },
        severity: { enum: ["critical", "warning", "error", "info"] },
        source: { type: "string", minLength: 1 },
        component: { type: "string", minLength: 1 },
        group: { type: "string", minLength: 1 },
        class: { type: "string", minLength: 1 },
        custom_details: { type: "object" },
      },
    },
  },
  if: { properties: { event_action: { const: "trigger" } }, required: ["event_action"] },
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
  then: { required: ["payload"] },
  else: { required: ["dedup_key"] },
} as const;

const ajv = new Ajv({ allErrors: true, strictRequired: false });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/);
ajv.addFormat("web-address", (text: string) => /^https?:\/\//.test(text) && URL.canParse(text));
const validate = ajv.compile(eventSchema);

/** Its change events: no severity, no images, no dedup key, and no key of a ruleset. */
const changeSchema = {
  type: "object",
  additionalProperties: false,
  required: ["routing_key", "payload"],
  properties: {
    routing_key: { type: "string", minLength: 32, maxLength: 32, pattern: "^[^R]" },
    links: eventSchema.properties.links,
    payload: {
      type: "object",
      additionalProperties: false,
      required: ["summary"],
      properties: {
        summary: { type: "string", minLength: 1, maxLength: 1024 },
        source: { type: "string", minLength: 1 },
        timestamp: { type: "string", format: "date-time" },
        custom_details: { type: "object" },
      },
    },
  },
} as const;
const validateChange = ajv.compile(changeSchema);

const bodyBytesMax = 512_000;

/** What PagerDuty would refuse of a body, in its words where they are known. */
export function checkPagerdutyEvent(body: string): string[] {
  if (Buffer.byteLength(body) > bodyBytesMax) return ["The body is too large"];
  const event: unknown = JSON.parse(body);
  return validate(event) ? [] : sayErrors(validate.errors);
}

export function checkPagerdutyChange(body: string): string[] {
  if (Buffer.byteLength(body) > bodyBytesMax) return ["The body is too large"];
  const event: unknown = JSON.parse(body);
  return validateChange(event) ? [] : sayErrors(validateChange.errors);
}

function sayErrors(errors: typeof validate.errors): string[] {
  return (errors ?? []).map(({ instancePath, keyword, message, params }) => {
    const field = instancePath.split("/").at(-1) ?? "";
    return keyword === "maxLength"
      ? `'${field}' is too long (maximum is ${String(params.limit)} characters)`
      : `'${field}' ${message ?? "is invalid"}`;
  });
}
