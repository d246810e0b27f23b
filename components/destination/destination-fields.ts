import type { DestinationKind } from "#lib/domain/destination.ts";

export interface DestinationField {
  name: string;
  label: string;
  help: string;
  kind: "text" | "secret" | "number" | "list" | "choice";
  placeholder?: string;
  isOptional?: boolean;
  options?: readonly { value: string; label: string }[];
  initial?: string;
}

/** What a person fills in, by kind, with where to find it. */
export const destinationFields: Record<DestinationKind, readonly DestinationField[]> = {
  slack_bot: [
    {
      name: "botToken",
      label: "Bot token",
      help: "Of your Slack app, under OAuth & Permissions; it needs the scope chat:write.",
      kind: "secret",
      placeholder: "xoxb-…",
    },
    {
      name: "channel",
      label: "Channel id",
      help: "At the bottom of the channel's details. Invite the app to the channel first.",
      kind: "text",
      placeholder: "C0123456789",
    },
    {
      name: "signingSecret",
      label: "Signing secret",
      help: "Under Basic Information: with it people acknowledge and resolve from the message.",
      kind: "secret",
      isOptional: true,
    },
  ],
  slack_webhook: [
    {
      name: "url",
      label: "Webhook address",
      help: "Of an incoming webhook. Its messages can't be updated later, and have no buttons.",
      kind: "secret",
      placeholder: "https://hooks.slack.com/services/…",
    },
  ],
  pagerduty: [
    {
      name: "routingKey",
      label: "Integration key",
      help: "Of an Events API v2 integration on the service: 32 letters and digits.",
      kind: "secret",
    },
    {
      name: "eventsUrl",
      label: "Region",
      help: "Where your PagerDuty account lives.",
      kind: "choice",
      options: [
        { value: "https://events.pagerduty.com", label: "United States" },
        { value: "https://events.eu.pagerduty.com", label: "Europe" },
      ],
      initial: "https://events.pagerduty.com",
    },
    {
      name: "changeEvents",
      label: "Change events",
      help: "Deployments, promotions and retrains, shown beside incidents. They page nobody.",
      kind: "choice",
      options: [
        { value: "skip", label: "Not sent" },
        { value: "send", label: "Sent" },
      ],
      initial: "skip",
    },
    {
      name: "webhookSecret",
      label: "Webhook secret",
      help: "Of a V3 webhook subscription: with it an acknowledge in PagerDuty counts here too.",
      kind: "secret",
      isOptional: true,
    },
  ],
  webhook: [
    {
      name: "url",
      label: "Address",
      help: "It gets a POST, signed by Standard Webhooks, and answers with 2xx within 15 s.",
      kind: "secret",
      placeholder: "https://…",
    },
  ],
  alertmanager: [
    {
      name: "url",
      label: "Address",
      help: "Of Alertmanager, or of anything that takes its webhook, version 4.",
      kind: "secret",
      placeholder: "https://…",
    },
    {
      name: "api",
      label: "It is",
      help: "Alertmanager itself is told again every ten minutes while something fires: what it hears no more of ends there after an hour.",
      kind: "choice",
      options: [
        { value: "webhook", label: "A receiver of the webhook" },
        { value: "alerts", label: "Alertmanager itself" },
      ],
      initial: "webhook",
    },
    {
      name: "bearerToken",
      label: "Bearer token",
      help: "Sent as authorization, since that format signs nothing.",
      kind: "secret",
      isOptional: true,
    },
  ],
  email: [
    {
      name: "to",
      label: "To",
      help: "At most 20 addresses, separated by commas.",
      kind: "list",
      placeholder: "oncall@example.com",
    },
    { name: "from", label: "From", help: "What the server lets you send as.", kind: "text" },
    { name: "host", label: "SMTP server", help: "Its name, without a port.", kind: "text" },
    {
      name: "port",
      label: "Port",
      help: "587 for STARTTLS, 465 for TLS.",
      kind: "number",
      initial: "587",
    },
    {
      name: "security",
      label: "Encryption",
      help: "STARTTLS sends nothing where the server does not offer it.",
      kind: "choice",
      options: [
        { value: "starttls", label: "STARTTLS" },
        { value: "tls", label: "TLS" },
        { value: "none", label: "None, in a trusted network" },
      ],
      initial: "starttls",
    },
    {
      name: "username",
      label: "User",
      help: "Left empty, nobody signs in.",
      kind: "text",
      isOptional: true,
    },
    {
      name: "password",
      label: "Password",
      help: "Stored sealed.",
      kind: "secret",
      isOptional: true,
    },
  ],
};

export type FieldValues = Record<string, string>;

/** What stands in the form of an existing destination: secrets stay empty, and empty leaves them as they are. */
export function initialValues(
  kind: DestinationKind,
  settings: Record<string, unknown> = {},
): FieldValues {
  return Object.fromEntries(
    destinationFields[kind].map(({ name, initial = "" }) => {
      const value = settings[name];
      if (Array.isArray(value)) return [name, value.join(", ")];
      return [name, value === undefined ? initial : String(value)];
    }),
  );
}

/** As the API takes them; what is empty is left out, so that the server says what is missing in its own words. */
export function toSettings(kind: DestinationKind, values: FieldValues): Record<string, unknown> {
  const given = destinationFields[kind]
    .map((field) => ({ field, text: (values[field.name] ?? "").trim() }))
    .filter(({ text }) => text !== "");
  return Object.fromEntries(given.map(({ field, text }) => [field.name, read(field, text)]));
}

function read({ kind }: DestinationField, text: string): unknown {
  switch (kind) {
    case "number":
      return Number(text);
    case "list":
      return text.split(/[,\s]+/).filter((each) => each !== "");
    case "text":
    case "secret":
    case "choice":
      return text;
  }
}
