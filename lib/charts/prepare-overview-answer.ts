import type { Drift } from "#lib/api/drift.ts";
import type { Fleet } from "#lib/api/fleet.ts";
import { formatChange, formatCount } from "./format-number.ts";
import { formatRelative } from "./format-time.ts";
import { prepareDriftAnswer } from "./prepare-drift-answer.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

export interface OverviewFacts {
  model: string;
  row: Fleet["models"][number] | null;
  drift: Drift;
  rangeText: string;
  beforeText: string;
  zone: string;
  nowMs: number;
}

/** Is this model healthy, since when not, and what explains it? Its health is the fleet's, so that both pages agree; one segment of it
 *  is judged by its drift alone. */
export function prepareOverviewAnswer(facts: OverviewFacts): Answer {
  const { model, row, drift } = facts;
  const judged = prepareDriftAnswer(drift, facts.rangeText, facts.zone);
  if (drift.segment !== null) return judged;
  const isWaiting = drift.waitingShare > 0 && judged.health === "unknown";
  if (row === null) {
    if (isWaiting) return judged;
    return {
      health: "unknown",
      headline: sentence`${name(model)} sent no rows ${facts.rangeText}.`,
      detail: sentence`Take a longer range, or look at another environment.`,
    };
  }
  const count = row.rowCount;
  const seen =
    row.lastEventAt === null
      ? ""
      : `; the newest ${formatRelative(Date.parse(row.lastEventAt), facts.nowMs)}`;
  const rows = sentence`${figure(`${formatCount(count)} ${plural(count, "row")}`)} ${facts.rangeText}, ${formatChange(count, row.previousRowCount)} against ${facts.beforeText}${seen}.`;
  const reason = row.reasons[0];
  switch (row.health) {
    case "breach":
    case "watch":
      if (isWaiting) return judged;
      return {
        health: row.health,
        headline:
          drift.family.driftCount > 0
            ? judged.headline
            : sentence`${name(model)} needs a look${reason === undefined ? "" : `: ${reason}`}.`,
        detail: rows,
      };
    case "unknown":
      if (isWaiting) return judged;
      return {
        health: "unknown",
        headline: sentence`Cannot say how ${name(model)} is${reason === undefined ? "" : `: ${reason}`}.`,
        detail: rows,
      };
    case "healthy":
      return {
        health: "healthy",
        headline: sentence`${name(model)} is healthy: no drift on ${figure(`${drift.family.noDriftCount} of ${drift.family.size}`)} features and outputs.`,
        detail: rows,
      };
  }
}
