import type { Destination } from "#lib/api/destination.ts";
import { formatDuration } from "./format-number.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** Has everything that was to be told arrived? */
export function prepareDeliveryAnswer(destinations: readonly Destination[], nowMs: number): Answer {
  const sum = (count: (destination: Destination) => number) =>
    destinations.reduce((total, each) => total + count(each), 0);
  const waiting = sum(({ waitingCount }) => waitingCount);
  const dead = sum(({ deadCount }) => deadCount);
  const sent = sum(({ sentCount }) => sentCount);
  const oldestMs = Math.min(
    ...destinations.map(({ oldestWaitingAt }) =>
      oldestWaitingAt === null ? Number.POSITIVE_INFINITY : Date.parse(oldestWaitingAt),
    ),
  );
  const detail = sentence`In the last 7 days, at the destinations that there are: ${figure(String(sent))} taken, ${figure(String(dead))} given up.`;
  if (dead > 0)
    return {
      health: "breach",
      headline: sentence`${figure(`${dead} ${plural(dead, "message")}`)} ${plural(dead, "was", "were")} given up and reached nobody.`,
      detail: sentence`Open one to see why, mend its destination, and send it again. ${detail}`,
    };
  if (waiting > 0)
    return {
      health: nowMs - oldestMs > 60_000 ? "watch" : null,
      headline: sentence`${figure(`${waiting} ${plural(waiting, "message")}`)} ${plural(waiting, "waits", "wait")}, the oldest for ${formatDuration(Math.max(0, nowMs - oldestMs))}.`,
      detail,
    };
  if (sent === 0)
    return {
      health: "unknown",
      headline: sentence`No message was sent in the last 7 days, so nobody knows whether one would arrive.`,
      detail: sentence`Send a test to a destination.`,
    };
  return {
    health: "healthy",
    headline: sentence`Everything that was to be told in the last 7 days was taken.`,
    detail,
  };
}
