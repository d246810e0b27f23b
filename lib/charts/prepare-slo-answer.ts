import type { SloDetail, SloSummary } from "#lib/api/slo.ts";
import { sayObjective } from "#lib/rules/burn-rate.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { sayRemaining } from "./prepare-budget-bar.ts";
import { sayIndicator, sayPeriod, sayUnit } from "./say-indicator.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** How much budget is left? */
export function prepareSlosAnswer(slos: readonly SloSummary[]): Answer {
  const [worst] = slos;
  if (worst === undefined)
    return {
      health: null,
      headline: sentence`No objective is set, so no budget says when to stop and mend.`,
      detail: sentence`Promise how often a model is fresh, fast or right enough; the rest of the time is its budget.`,
    };
  const count = (health: string) => slos.filter((slo) => slo.budget.health === health).length;
  const spent = count("breach");
  const burning = slos.filter((slo) => slo.burning !== null).length;
  const unknown = count("unknown");
  const parts = [
    `${formatCount(slos.length)} ${plural(slos.length, "objective")}`,
    burning === 0
      ? "none burns too fast"
      : `${burning} ${plural(burning, "burns", "burn")} too fast`,
    ...(unknown === 0 ? [] : [`${unknown} cannot be said`]),
  ];
  const detail = sentence`${parts.join(", ")}. Shares are of the error budget of each period.`;
  if (spent > 0)
    return {
      health: "breach",
      headline: sentence`${figure(`${spent} of ${slos.length}`)} ${plural(spent, "budget is", "budgets are")} spent; the worst is ${name(worst.name)}.`,
      detail,
    };
  if (burning > 0 || count("watch") > 0)
    return {
      health: "watch",
      headline: sentence`Every budget has something left; least has ${name(worst.name)}, ${figure(formatShare(Math.max(0, worst.budget.remaining)))}.`,
      detail,
    };
  if (unknown === slos.length)
    return {
      health: "unknown",
      headline: sentence`Nothing was measured yet, so no budget can be said.`,
      detail,
    };
  return {
    health: "healthy",
    headline: sentence`Every budget lasts; least is left of ${name(worst.name)}, ${figure(formatShare(worst.budget.remaining))}.`,
    detail,
  };
}

/** Is this promise kept, and for how long will it be? */
export function prepareSloAnswer(slo: SloDetail): Answer {
  const { budget, indicator, objective } = slo;
  const unit = sayUnit(indicator);
  const measured =
    budget.settledGood + budget.settledBad + budget.provisionalGood + budget.provisionalBad;
  const open = budget.provisionalGood + budget.provisionalBad;
  const parts = [
    `Good is when ${sayIndicator(indicator)}, ${sayObjective(objective)} of ${unit} over ${sayPeriod(slo.period)}`,
    `${formatCount(measured)} measured${open === 0 ? "" : `, of them ${formatCount(open)} provisional`}`,
    ...(budget.unmeasured === 0 ? [] : [`${formatCount(budget.unmeasured)} unmeasured`]),
  ];
  const detail = sentence`${parts.join("; ")}.`;
  const health = slo.burning === "page" && budget.health !== "unknown" ? "breach" : budget.health;
  if (budget.attained === null)
    return {
      health: "unknown",
      headline: sentence`Cannot say: nothing of ${name(slo.model)} was measured in this period${slo.error === "" ? "" : `: ${slo.error}`}.`,
      detail,
    };
  const left = sayLeft(budget.remaining);
  const range =
    budget.remainingMost - budget.remainingLeast < 0.005
      ? ""
      : ` (${sayRemaining(budget.remainingLeast)} to ${sayRemaining(budget.remainingMost)} once everything is known)`;
  return {
    health,
    headline: sentence`${left}${range}; ${slo.sentence}.`,
    detail,
  };
}

function sayLeft(remaining: number): Sentence {
  if (remaining >= 0) return sentence`${figure(formatShare(remaining))} of the budget is left`;
  return remaining > -1
    ? sentence`The budget is overspent by ${figure(formatShare(-remaining))}`
    : sentence`The budget is ${figure(sayRemaining(remaining))} over`;
}
