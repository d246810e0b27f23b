import type {
  AlertingRule,
  Cadence,
  MonitorThreshold,
  WindowLength,
} from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";

export interface NoiseModel extends AlertingRule {
  threshold: MonitorThreshold;
  falseDiscoveryRate: number;
  window: WindowLength;
  cadence: Cadence;
  seriesCount: number;
}

export interface ExpectedFalseAlerts {
  /** At most; null where the settings do not say. */
  perDay: number | null;
  sentence: string;
}

const dayMs = 86_400_000;

/** How many alerts a day come without any change, at most, by what the settings promise of one window. Windows that overlap share
 *  their rows, and so their noise: of those, as many as fit into one window count as one. */
export function expectFalseAlerts(model: NoiseModel): ExpectedFalseAlerts {
  const { threshold, falseDiscoveryRate, seriesCount } = model;
  switch (threshold.kind) {
    case "fixed":
      return {
        perDay: null,
        sentence:
          "A fixed threshold promises nothing about noise: how often it would have fired is all that is known.",
      };
    case "verdict": {
      const perDay = rate(model, falseDiscoveryRate / Math.max(1, seriesCount));
      return {
        perDay,
        sentence: `${sayRate(perDay)}, since a window without any change finds one in at most ${percent(falseDiscoveryRate)} of cases${seriesCount > 1 ? ` over all ${seriesCount} series together` : ""}, and ${sayRule(model)}.`,
      };
    }
    case "learned": {
      const outside = 1 - threshold.coverage;
      const perDay = rate(model, threshold.direction === "either" ? outside : outside / 2);
      return {
        perDay,
        sentence: `${sayRate(perDay)}, if windows stray as they did in the weeks before: ${percent(threshold.coverage)} of the usual ones lie inside the band, and ${sayRule(model)}.`,
      };
    }
  }
}

/** N of M independent windows, each beyond with this chance: at each window that is, so many of the M - 1 before it must be too. */
function rate(
  { window, cadence, fireCount, windowCount, seriesCount }: NoiseModel,
  chance: number,
): number {
  const overlap = Math.max(1, windowLengthMs[window] / windowLengthMs[cadence]);
  const needed = Math.ceil(fireCount / overlap);
  const among = Math.max(needed, Math.ceil(windowCount / overlap));
  const independentPerDay = dayMs / Math.max(windowLengthMs[window], windowLengthMs[cadence]);
  const perWindow = chance * atLeast(needed - 1, among - 1, chance);
  return Math.max(1, seriesCount) * independentPerDay * perWindow;
}

/** The chance that of some trials at least so many come true. */
function atLeast(count: number, trials: number, chance: number): number {
  let below = 0;
  let term = (1 - chance) ** trials;
  for (let hits = 0; hits < count; hits += 1) {
    below += term;
    term *= ((trials - hits) / (hits + 1)) * (chance / (1 - chance));
  }
  return Math.max(0, 1 - below);
}

const sayRule = ({ fireCount, windowCount }: AlertingRule) =>
  windowCount === 1
    ? "one window is enough to fire"
    : `${fireCount} of ${windowCount} are needed to fire`;

function sayRate(perDay: number): string {
  if (perDay >= 1) return `At most ${Number(perDay.toPrecision(2))} false alerts a day`;
  const days = 1 / perDay;
  if (days > 3_650) return "At most one false alert in ten years";
  if (days >= 365) return `At most one false alert in ${Math.floor(days / 365)} years`;
  return `At most one false alert in ${Math.floor(days)} days`;
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
