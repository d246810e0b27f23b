import { z } from "zod";

export const destinationKinds = [
  "slack_webhook",
  "slack_bot",
  "pagerduty",
  "alertmanager",
  "email",
  "webhook",
] as const;
export const destinationKindSchema = z.enum(destinationKinds);
export type DestinationKind = z.infer<typeof destinationKindSchema>;

export const destinationLimits = {
  perWorkspaceMax: 50,
  nameLengthMax: 80,
  urlLengthMax: 2_000,
  recipientsMax: 20,
} as const;

const { urlLengthMax, recipientsMax } = destinationLimits;

/** Plain HTTP is refused when it is sent, but for hosts that whoever runs the product has named. */
export const addressSchema = z
  .string()
  .max(urlLengthMax)
  .refine(isWebAddress, { message: "expected an address that begins with https://" });

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (
    (protocol === "https:" || protocol === "http:") &&
    `${username}${password}${fragment(text)}` === ""
  );
}

const fragment = (text: string) => new URL(text).hash;

const secretText = (what: string) =>
  z
    .string()
    .min(1)
    .max(500)
    .regex(/^[\x21-\x7e]+$/, `expected ${what}: printable characters without spaces`);

const emailSchema = z.email().max(254);

/** "whsec_" and the base64 of 24 to 64 random bytes. */
const webhookSecretSchema = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "expected whsec_ and the base64 of 24 to 64 bytes",
  );

/** What each kind must know. */
export const destinationSettingsSchemas = {
  slack_webhook: z.object({ url: addressSchema }),
  slack_bot: z.object({
    botToken: secretText("a bot token").regex(
      /^xox[a-z]-/,
      "expected a token that begins with xoxb-",
    ),
    /** Verifies what Slack sends back; without it the buttons are left out. */
    signingSecret: secretText("a signing secret").optional(),
    channel: z
      .string()
      .regex(/^[CGD][A-Z0-9]{6,20}$/, "expected a channel's id, such as C0123456789"),
    apiUrl: addressSchema.default("https://slack.com/api"),
  }),
  pagerduty: z.object({
    routingKey: z
      .string()
      .regex(/^[A-Za-z0-9]{32}$/, "expected an integration key of 32 letters and digits"),
    /** Verifies what PagerDuty sends back. */
    webhookSecret: secretText("a webhook secret").optional(),
    eventsUrl: addressSchema.default("https://events.pagerduty.com"),
    /** Whether it is told of deployments and the like. Never of an integration key of a ruleset: PagerDuty refuses those. */
    changeEvents: z.enum(["send", "skip"]).optional(),
  }),
  alertmanager: z.object({
    url: addressSchema,
    bearerToken: secretText("a token").optional(),
    /** `webhook`: to what takes Alertmanager's webhook. `alerts`: to Alertmanager itself, which is told again while something fires. */
    api: z.enum(["webhook", "alerts"]).optional(),
  }),
  email: z.object({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535),
    /** "tls" from the first byte; "starttls" or nothing is sent; "none" only where the network is trusted. */
    security: z.enum(["tls", "starttls", "none"]),
    from: emailSchema,
    to: z.array(emailSchema).min(1).max(recipientsMax),
    username: z.string().max(254).optional(),
    password: z.string().max(500).optional(),
  }),
  /** As a person asks for it: without a secret it is given one. */
  newWebhook: z.object({ url: addressSchema, signingSecret: webhookSecretSchema.optional() }),
  webhook: z.object({
    url: addressSchema,
    signingSecret: webhookSecretSchema,
    /** Signs beside the new one until its end, so that a receiver can change over. */
    previousSecret: z.object({ secret: webhookSecretSchema, untilTime: z.string() }).optional(),
  }),
} as const;

export type DestinationSettings<K extends DestinationKind = DestinationKind> = z.output<
  (typeof destinationSettingsSchemas)[K]
>;

/** A kind with its settings, as a sender takes it. */
export type OpenDestination = {
  [K in DestinationKind]: { kind: K; settings: DestinationSettings<K> };
}[DestinationKind];

/** What is sealed and never shown again. An address is one of them where its path lets in whoever knows it. */
export const secretSettings = {
  slack_webhook: ["url"],
  slack_bot: ["botToken", "signingSecret"],
  pagerduty: ["routingKey", "webhookSecret"],
  alertmanager: ["url", "bearerToken"],
  email: ["password"],
  webhook: ["url", "signingSecret", "previousSecret"],
} as const satisfies Record<DestinationKind, readonly string[]>;

/** Where it goes, in words that give no secret away. */
export function describeAddress(destination: OpenDestination): string {
  switch (destination.kind) {
    case "slack_webhook":
    case "alertmanager":
    case "webhook":
      return `${new URL(destination.settings.url).host}/…`;
    case "slack_bot":
      return `channel ${destination.settings.channel}`;
    case "pagerduty":
      return `${new URL(destination.settings.eventsUrl).host}, key …${destination.settings.routingKey.slice(-4)}`;
    case "email":
      return destination.settings.to.join(", ");
  }
}

/** Why a message did not arrive, coarsely: the label of the metric. */
const deliveryFailures = [
  "client_error",
  "server_error",
  "auth_error",
  "rate_limited",
  "timeout",
  "network",
  "refused",
  "cancelled",
  "other",
] as const;
export const deliveryFailureSchema = z.enum(deliveryFailures);
export type DeliveryFailure = z.infer<typeof deliveryFailureSchema>;

/** What a person can do about it. */
const deliveryRemedies = [
  "wait",
  "reconnect",
  "choose_channel",
  "fix_settings",
  "report_bug",
] as const;
export const deliveryRemedySchema = z.enum(deliveryRemedies);
export type DeliveryRemedy = z.infer<typeof deliveryRemedySchema>;

/** A notification's way. `failed` was tried and waits for its next attempt; `dead` is given up, and can be replayed; `cancelled` never
 *  left, for a reason that is kept. */
export const notificationStates = [
  "queued",
  "sending",
  "failed",
  "sent",
  "dead",
  "cancelled",
] as const;
export const notificationStateSchema = z.enum(notificationStates);
export type NotificationState = z.infer<typeof notificationStateSchema>;
