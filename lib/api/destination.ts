import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  destinationKindSchema,
  destinationLimits,
  destinationSettingsSchemas,
} from "#lib/domain/destination.ts";
import { requestJson, workspacePath } from "./request.ts";

export const destinationSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: destinationKindSchema,
  /** Where it goes, without what is secret. */
  address: z.string(),
  /** What of its settings is no secret. */
  settings: z.record(z.string(), z.unknown()),
  /** The names of the secrets that it has; their values are never answered. */
  secrets: z.array(z.string()),
  isEnabled: z.boolean(),
  /** It hears of every incident for which nobody named a destination. */
  isDefault: z.boolean(),
  /** Why it was switched off by itself; empty where a person did it. */
  disabledReason: z.string(),
  lastSentAt: z.iso.datetime().nullable(),
  lastFailedAt: z.iso.datetime().nullable(),
  lastFailure: z.string(),
  /** It rests until then, because the receiver asked for it. */
  pausedUntil: z.iso.datetime().nullable(),
  waitingCount: z.int(),
  oldestWaitingAt: z.iso.datetime().nullable(),
  /** Given up in the last seven days and not replayed. */
  deadCount: z.int(),
  sentCount: z.int(),
  createdAt: z.iso.datetime(),
});
export type Destination = z.infer<typeof destinationSchema>;

export const destinationListOutput = z.object({ destinations: z.array(destinationSchema) });

const nameSchema = z.string().trim().min(1).max(destinationLimits.nameLengthMax);
const settings = destinationSettingsSchemas;

/** A webhook without a signing secret is given one, which is answered once. */
export const createDestinationInput = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("slack_webhook"),
    name: nameSchema,
    settings: settings.slack_webhook,
  }),
  z.object({ kind: z.literal("slack_bot"), name: nameSchema, settings: settings.slack_bot }),
  z.object({ kind: z.literal("pagerduty"), name: nameSchema, settings: settings.pagerduty }),
  z.object({ kind: z.literal("alertmanager"), name: nameSchema, settings: settings.alertmanager }),
  z.object({ kind: z.literal("email"), name: nameSchema, settings: settings.email }),
  z.object({ kind: z.literal("webhook"), name: nameSchema, settings: settings.newWebhook }),
]);
export const createDestinationOutput = z.object({
  destination: destinationSchema,
  secret: z.string().nullable(),
});

export const destinationInput = z.object({ destinationId: z.uuid() });

/** What is left out stays; null takes an optional setting away. A webhook's signing secret is exchanged by rotating it. */
export const updateDestinationInput = destinationInput.extend({
  name: nameSchema.optional(),
  isEnabled: z.boolean().optional(),
  isDefault: z.boolean().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});
export const updateDestinationOutput = z.object({ destination: destinationSchema });

export const rotateSecretOutput = z.object({
  secret: z.string(),
  /** The one before signs beside it until then. */
  previousUntil: z.iso.datetime(),
});

/** What was written to the outbox: the test goes the way of every message. */
export const testDestinationOutput = z.object({ notificationIds: z.array(z.uuid()) });

export const linkSlackInput = z.object({ token: z.string().min(1).max(2_000) });
export const linkSlackOutput = z.object({ slackName: z.string() });

/** Who would be known as whom: what a person has to see before they agree. */
export const describeSlackLinkOutput = z.object({
  slackName: z.string(),
  slackUserId: z.string(),
  teamId: z.string(),
  teamDomain: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  person: z.object({ name: z.string(), email: z.string() }),
});
export type SlackLinkDescription = z.output<typeof describeSlackLinkOutput>;

const pathOf = (workspace: string, id?: string) =>
  `${workspacePath(workspace)}/destinations${id === undefined ? "" : `/${id}`}`;

export const destinationListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["destination", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: pathOf(workspace), output: destinationListOutput, signal }),
    refetchInterval: 5_000,
  });

export const createDestination = (
  workspace: string,
  body: z.input<typeof createDestinationInput>,
) =>
  requestJson({ path: pathOf(workspace), method: "POST", body, output: createDestinationOutput });

export const updateDestination = (
  workspace: string,
  { destinationId, ...body }: z.input<typeof updateDestinationInput>,
) =>
  requestJson({
    path: pathOf(workspace, destinationId),
    method: "PATCH",
    body,
    output: updateDestinationOutput,
  });

export const deleteDestination = (workspace: string, id: string) =>
  requestJson({ path: pathOf(workspace, id), method: "DELETE", output: z.undefined() });

export const rotateDestinationSecret = (workspace: string, id: string) =>
  requestJson({
    path: `${pathOf(workspace, id)}/rotate`,
    method: "POST",
    output: rotateSecretOutput,
  });

export const testDestination = (workspace: string, id: string) =>
  requestJson({
    path: `${pathOf(workspace, id)}/test`,
    method: "POST",
    output: testDestinationOutput,
  });

/** By POST, so that the token stands in no address and no log. */
export const slackLinkQuery = (workspace: string, token: string) =>
  queryOptions({
    queryKey: ["destination", workspace, "slack-link", token],
    queryFn: ({ signal }) =>
      requestJson({
        path: pathOf(workspace, "slack-accounts/describe"),
        method: "POST",
        body: { token },
        output: describeSlackLinkOutput,
        signal,
      }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const linkSlackAccount = (workspace: string, token: string) =>
  requestJson({
    path: pathOf(workspace, "slack-accounts"),
    method: "POST",
    body: { token },
    output: linkSlackOutput,
  });
