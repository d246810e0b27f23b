import type { Destination } from "#lib/api/destination.ts";
import { formatDuration } from "./format-number.ts";
import { formatRelative } from "./format-time.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

export type DestinationHealth = NonNullable<Answer["health"]>;

/** A message that waits longer than this is late: the first retries of a hiccup lie before it. */
const lateMs = 60_000;

/** Whether messages arrive there. Of one that nobody has sent to yet nobody knows. */
export function judgeDestination(
  destination: Pick<
    Destination,
    "isEnabled" | "deadCount" | "oldestWaitingAt" | "lastSentAt" | "lastFailedAt" | "disabledReason"
  >,
  nowMs: number,
): DestinationHealth {
  const { isEnabled, disabledReason, deadCount, oldestWaitingAt, lastSentAt, lastFailedAt } =
    destination;
  if (!isEnabled) return disabledReason === "" ? "unknown" : "breach";
  const hasFailedLast =
    lastFailedAt !== null &&
    (lastSentAt === null || Date.parse(lastFailedAt) > Date.parse(lastSentAt));
  if (deadCount > 0 && hasFailedLast) return "breach";
  const isLate = oldestWaitingAt !== null && nowMs - Date.parse(oldestWaitingAt) > lateMs;
  if (isLate) return "breach";
  if (deadCount > 0 || hasFailedLast) return "watch";
  return lastSentAt === null ? "unknown" : "healthy";
}

/** "2 waiting for 4 min", "never used", "sent 3 min ago". */
export function sayDestination(destination: Destination, nowMs: number): string {
  const { isEnabled, disabledReason, waitingCount, oldestWaitingAt, deadCount, lastSentAt } =
    destination;
  if (!isEnabled) return disabledReason === "" ? "switched off" : disabledReason;
  const parts = [
    ...(waitingCount > 0 && oldestWaitingAt !== null
      ? [`${waitingCount} waiting for ${formatDuration(nowMs - Date.parse(oldestWaitingAt))}`]
      : []),
    ...(deadCount > 0 ? [`${deadCount} given up in 7 days`] : []),
    lastSentAt === null
      ? "nothing arrived yet"
      : `last arrived ${formatRelative(Date.parse(lastSentAt), nowMs)}`,
  ];
  return parts.join(", ");
}

/** Would a page reach anybody now? */
export function prepareDestinationAnswer(
  destinations: readonly Destination[],
  nowMs: number,
): Answer {
  if (destinations.length === 0)
    return {
      health: "unknown",
      headline: sentence`Nobody is told of an incident: there is no destination.`,
      detail: sentence`Add where people are: a Slack channel, PagerDuty, a mailbox, or a service of yours.`,
    };
  const judged = destinations.map((each) => ({ ...each, health: judgeDestination(each, nowMs) }));
  const broken = judged.filter(({ health }) => health === "breach");
  const detail = sentence`A test goes the way of every message: through the outbox, with the same signature and limits.`;
  if (broken.length > 0) {
    const [first] = broken;
    return {
      health: "breach",
      headline: sentence`Messages do not arrive at ${listNames(broken.map((each) => each.name))}.`,
      detail:
        first === undefined || first.lastFailure === ""
          ? detail
          : sentence`${name(first.name)} answered last: ${first.lastFailure}`,
    };
  }
  const on = judged.filter(({ isEnabled }) => isEnabled);
  const unproved = on.filter(({ health }) => health === "unknown");
  if (on.length === 0)
    return {
      health: "unknown",
      headline: sentence`Nobody is told of an incident: every destination is switched off.`,
      detail,
    };
  if (unproved.length > 0)
    return {
      health: "unknown",
      headline: sentence`Nothing has arrived yet at ${listNames(unproved.map((each) => each.name))}: send a test.`,
      detail,
    };
  const watched = on.filter(({ health }) => health === "watch");
  const sent = on.reduce((sum, { sentCount }) => sum + sentCount, 0);
  const dead = on.reduce((sum, { deadCount }) => sum + deadCount, 0);
  return {
    health: watched.length > 0 ? "watch" : "healthy",
    headline: sentence`Messages arrive at ${plural(on.length, "the only destination", `all ${on.length} destinations`)}${
      watched.length > 0
        ? sentence`; ${listNames(watched.map((each) => each.name))} failed lately`
        : ""
    }.`,
    detail: sentence`${figure(String(sent))} ${plural(sent, "message was", "messages were")} taken in the last 7 days, ${figure(String(dead))} given up.`,
  };
}
