import { randomUUID } from "node:crypto";
import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import { listDefaultDestinationIds } from "#db/postgres/queries/destination.ts";
import type { ClaimedNotification, Settlement } from "#db/postgres/queries/notification-outbox.ts";
import {
  claimNotification,
  setNotificationThread,
  settleNotification,
} from "#db/postgres/queries/notification-outbox.ts";
import type { DestinationKind, OpenDestination } from "#lib/domain/destination.ts";
import type { NotificationKind } from "#lib/domain/notification.ts";
import type { GuardOptions } from "#lib/notify/guarded-fetch.ts";
import { nextAttempt, spacingMs } from "#lib/notify/next-attempt.ts";
import { redactText } from "#lib/notify/redact-text.ts";
import type { NotificationThread, SendResult } from "#lib/notify/send-message.ts";
import { sendMessage, threadBefore } from "#lib/notify/send-message.ts";
import { openSettings } from "../destination/open-settings.ts";
import type { SecretSealer } from "../destination/seal-secret.ts";
import { enqueueNotifications } from "./enqueue-notifications.ts";
import { openThread, threadPlaceOf } from "./open-thread.ts";

export interface DeliveryContext {
  postgres: PostgresPool;
  sealer: SecretSealer;
  guard: GuardOptions;
  now: () => Date;
  /** Between 0 and 1: spreads what is tried again. */
  random: () => number;
  /** Only this one's messages. */
  workspaceId?: string;
}

/** A message to Slack may take several calls, all within this. */
const sendMsMax = 25_000;
/** Longer, so that nobody else sends meanwhile; and no longer, since after a crash the page waits for its end. */
const leaseMs = 30_000;

/** Takes one message that is due; null when there is none. What need not be sent any more is put away on the way. */
export async function takeNotification({
  postgres,
  now,
  workspaceId,
}: DeliveryContext): Promise<ClaimedNotification | null> {
  for (;;) {
    const claim = await postgres.transaction((tx) =>
      claimNotification(tx, { now: now(), leaseMs, workspaceId }),
    );
    if (claim === null) return null;
    if (claim.kind === "notification") return claim.notification;
  }
}

export interface Delivered {
  destinationKind: DestinationKind;
  kind: NotificationKind;
  state: Settlement["state"];
  failure: Settlement["failure"];
}

/** Sends what was taken and writes down how it went. Whatever breaks on the way concerns this message alone. */
export async function deliverNotification(
  context: DeliveryContext,
  claim: ClaimedNotification,
): Promise<Delivered> {
  const { postgres, now } = context;
  const result = await attempt(context, claim);
  const at = now();
  const settlement = settlementOf(claim, result.send, { now: at, random: context.random() });
  await postgres.transaction(async (tx) => {
    if (result.thread !== undefined)
      await setNotificationThread(tx, threadOf(claim), { sealed: result.thread, now: at });
    const isOurs = await settleNotification(tx, claim, settlement, at);
    if (isOurs && settlement.state === "dead") await tellOthers(tx, claim, settlement.answer, at);
  });
  return {
    destinationKind: claim.destination.kind,
    kind: claim.kind,
    state: settlement.state,
    failure: settlement.failure,
  };
}

const pages: readonly NotificationKind[] = ["triggered", "reopened", "escalated", "reminded"];

/** A page that reached nobody goes to those that hear of everything, unless they were told of it anyway. */
async function tellOthers(
  tx: Postgres,
  { workspaceId, message, kind, destination }: ClaimedNotification,
  answer: string,
  now: Date,
): Promise<void> {
  if (!pages.includes(kind)) return;
  const why = `"${destination.name}" could not be told: ${answer}`;
  await enqueueNotifications(tx, {
    workspaceId,
    message: { ...message, note: message.note === null ? why : `${why}\n${message.note}` },
    destinationIds: await listDefaultDestinationIds({ pg: tx, workspaceId }),
    notDestinationIds: [destination.id],
    fallbackFor: destination.id,
    now,
    newId: randomUUID,
  });
}

const threadOf = ({ workspaceId, incidentId, destination }: ClaimedNotification) => ({
  workspaceId,
  incidentId,
  destinationId: destination.id,
});

interface Attempted {
  send: SendResult["outcome"];
  /** Undefined where nothing changes, null where it is forgotten. */
  thread?: string | null;
}

async function attempt(context: DeliveryContext, claim: ClaimedNotification): Promise<Attempted> {
  const refusal = refuseDestination(claim);
  if (refusal !== null) return { send: refusal };
  try {
    return await send(context, claim);
  } catch (error) {
    // A store that was away for a moment, a secret that one worker has wrong, or a mistake of ours: no reason to give up a page.
    return {
      send: notMade(error instanceof Error ? error.message : "for a reason that is not known"),
    };
  }
}

async function send(context: DeliveryContext, claim: ClaimedNotification): Promise<Attempted> {
  const { postgres, sealer, now, guard } = context;
  const { message, dedupKey, id } = claim;
  const destination = openSettings(sealer, claim.destination);
  const place = threadPlaceOf(claim.incidentId, claim.destination.id);
  const known = claim.sealedThread === null ? null : openThread(sealer, claim.sealedThread, place);
  const thread = threadBefore({ destination, message, dedupKey, thread: known, now: now() });
  const seal = (value: NotificationThread) => sealer.seal(JSON.stringify(value), place);
  if (thread !== null && thread !== known)
    await setNotificationThread(postgres.db, threadOf(claim), { sealed: seal(thread), now: now() });
  const result = await sendMessage({
    destination,
    destinationId: claim.destination.id,
    message,
    id,
    happenedAt: claim.createdAt,
    dedupKey,
    thread,
    now: now(),
    guard: { ...guard, signal: AbortSignal.timeout(sendMsMax) },
  });
  const outcome = redactOutcome(result.outcome, destination);
  if (result.thread === thread) return { send: outcome };
  return { send: outcome, thread: result.thread === null ? null : seal(result.thread) };
}

/** A receiver may quote what it was sent. */
function redactOutcome(
  outcome: SendResult["outcome"],
  { settings }: OpenDestination,
): SendResult["outcome"] {
  const known = Object.values(settings).filter((value) => typeof value === "string");
  const secrets = known.filter((value) => value.length >= 12);
  return { ...outcome, text: redactText(outcome.text, secrets) };
}

/** A destination that is off or gone is told only what takes back what it was told. That a person switched it off is no failure; what
 *  goes to one that is gone reaches nobody, and is shown as that. */
function refuseDestination(claim: ClaimedNotification): SendResult["outcome"] | null {
  const { isEnabled, isDeleted, disabledReason } = claim.destination;
  if (isEnabled && !isDeleted) return null;
  const takesBack = claim.kind === "resolved" || claim.kind === "acknowledged";
  if (takesBack && claim.hasLeft && disabledReason === "") return null;
  const text = `Not sent: this destination ${isDeleted ? "was deleted" : "is switched off"}.`;
  if (!isDeleted && disabledReason === "") return { kind: "not_told", text };
  const why = { failure: "cancelled", remedy: "fix_settings", text } as const;
  return { kind: "permanent", ...why, status: null, isGone: false };
}

function notMade(text: string): SendResult["outcome"] {
  return {
    kind: "retry",
    failure: "other",
    status: null,
    text: redactText(`Not sent: ${text}`),
    afterMs: null,
    isThrottled: false,
    isOutcomeUnknown: false,
  };
}

const pauseMsMax = 60_000;

/** What an outcome means for the row and for the destination. */
function settlementOf(
  claim: Pick<
    ClaimedNotification,
    "attempt" | "attemptBase" | "possibleDuplicate" | "lifetimeFrom" | "destination"
  >,
  outcome: SendResult["outcome"],
  { now, random }: { now: Date; random: number },
): Settlement {
  const { kind } = claim.destination;
  const later = (ms: number) => (ms === 0 ? null : new Date(now.getTime() + ms));
  const base = {
    failure: null,
    remedy: null,
    status: null,
    answer: outcome.text,
    nextAt: now,
    possibleDuplicate: claim.possibleDuplicate,
    pausedUntil: later(spacingMs(kind)),
    disabledReason: null,
  };
  switch (outcome.kind) {
    case "sent":
      return { ...base, state: "sent", attemptOutcome: "sent", status: outcome.status };
    case "not_told":
      return { ...base, state: "cancelled", attemptOutcome: "not_told", failure: "cancelled" };
    case "permanent":
      return {
        ...base,
        state: "dead",
        attemptOutcome: "permanent",
        failure: outcome.failure,
        remedy: outcome.remedy,
        status: outcome.status,
        disabledReason: outcome.isGone
          ? "The receiver answered 410: it is gone, and asked not to be called again."
          : null,
      };
    case "retry": {
      const { failure, status, afterMs, isThrottled, isOutcomeUnknown } = outcome;
      const attempts = claim.attempt - claim.attemptBase;
      const next = nextAttempt({
        kind,
        attempts,
        lifetimeFrom: claim.lifetimeFrom,
        now,
        afterMs,
        random,
      });
      const waitMs = afterMs ?? Math.min(pauseMsMax, (next ?? now).getTime() - now.getTime());
      return {
        ...base,
        state: next === null ? "dead" : "failed",
        attemptOutcome: "retry",
        failure,
        remedy: next === null ? remedyOf(failure) : "wait",
        status,
        nextAt: next ?? now,
        possibleDuplicate: claim.possibleDuplicate || isOutcomeUnknown,
        pausedUntil: isThrottled ? later(Math.max(spacingMs(kind), waitMs)) : base.pausedUntil,
      };
    }
  }
}

/** What was tried for as long as it may be. */
const remedyOf = (failure: Settlement["failure"]) =>
  failure === "auth_error" || failure === "client_error" ? "reconnect" : "fix_settings";
