import type { SilencePreview, SilenceRow } from "#lib/api/silence.ts";
import { formatRelative } from "./format-time.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** What is hidden now, and until when? */
export function prepareSilenceAnswer(silences: readonly SilenceRow[], nowMs: number): Answer {
  const active = silences.filter(({ state }) => state === "active");
  const coming = silences.length - active.length;
  const detail = sentence`Pages are held back and nothing else: alerts are recorded as ever, and a silence says what it hid. ${
    coming === 0 ? "None is planned." : `${coming} more ${plural(coming, "is", "are")} planned.`
  }`;
  const last = active.toSorted((a, b) => endOf(b).localeCompare(endOf(a)))[0];
  if (last === undefined)
    return { health: null, headline: sentence`Nothing is silenced now.`, detail };
  return {
    health: null,
    headline: sentence`${figure(`${active.length} ${plural(active.length, "silence")}`)} ${plural(active.length, "holds", "hold")} pages back; the longest, where ${last.sentence}, ends ${formatRelative(Date.parse(endOf(last)), nowMs)}.`,
    detail,
  };
}

/** When what is hidden now is heard again: of maintenance when its window closes. */
const endOf = (silence: SilenceRow): string => silence.nextUntil ?? silence.overAt;

/** "Hides 2 alerts that fire now: drift of eta (sev3), ...; 7 in the last 7 days." */
export function sayPreview({ alertCount, alerts, weekAlertCount }: SilencePreview): string {
  const week = `${weekAlertCount} ${plural(weekAlertCount, "alert")} of the last 7 days ${plural(weekAlertCount, "matches", "match")}.`;
  if (alertCount === 0) return `Nothing that fires now would be hidden. ${week}`;
  const named = alerts
    .slice(0, 3)
    .map(({ monitorName, target, severity }) => `${monitorName}, ${target} (${severity})`);
  const more = alertCount > named.length ? ` and ${alertCount - named.length} more` : "";
  return `Hides ${alertCount} ${plural(alertCount, "alert")} that ${plural(alertCount, "fires", "fire")} now: ${named.join("; ")}${more}. ${week}`;
}
