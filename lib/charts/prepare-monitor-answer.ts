import type { ListedMonitor, MonitorCoverage, MonitorDetail } from "#lib/api/monitor.ts";
import { formatRelative } from "./format-time.ts";
import { nameSeriesOf } from "./name-monitor.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** What is watched, what is not, and what is beyond its threshold? */
export function prepareMonitorListAnswer(
  monitors: readonly ListedMonitor[],
  coverage: MonitorCoverage | undefined,
): Answer {
  if (monitors.length === 0)
    return {
      health: coverage !== undefined && coverage.modelCount > 0 ? "unknown" : null,
      headline: sentence`Nothing is watched: nobody would be told if a model went wrong.`,
      detail: sentence`Watch a model with the defaults, or ask a question of your own.`,
    };
  const on = monitors.filter(({ state }) => state !== "off");
  const inState = (state: ListedMonitor["state"]) => on.filter((one) => one.state === state);
  const [breach, unknown] = [inState("breach"), inState("unknown")];
  const unwatched = coverage?.models.filter(({ monitorCount }) => monitorCount === 0) ?? [];
  const watched = sentence`${figure(`${on.length} ${plural(on.length, "monitor")}`)} ${plural(on.length, "is", "are")} on${
    unwatched.length === 0
      ? ""
      : sentence`; nobody watches ${listNames(unwatched.map(({ model }) => model))}`
  }.`;
  if (breach.length > 0)
    return {
      health: "breach",
      headline: sentence`${listNames(breach.map((one) => one.name))} ${plural(breach.length, "is", "are")} beyond ${plural(breach.length, "its threshold", "their thresholds")}.`,
      detail: watched,
    };
  if (unknown.length > 0)
    return {
      health: "unknown",
      headline: sentence`${figure(`${unknown.length} of ${on.length}`)} ${plural(on.length, "monitor")} cannot say; none is beyond its threshold.`,
      detail: watched,
    };
  return {
    health: on.length === 0 ? "unknown" : "healthy",
    headline:
      on.length === 0
        ? sentence`Every monitor is off.`
        : sentence`None of ${figure(`${on.length} ${plural(on.length, "monitor")}`)} is beyond its threshold.`,
    detail: watched,
  };
}

/** Is what this monitor watches all right, and why does it think so? */
export function prepareMonitorAnswer(monitor: MonitorDetail, nowMs: number): Answer {
  const newest = monitor.series.filter(({ until }) => until === monitor.windowUntil);
  const nameOf = nameSeriesOf(newest.map(({ series }) => series));
  const firing = newest.filter(({ result }) => result.judged === "fire");
  const [worst] = newest;
  const when =
    monitor.windowUntil === null
      ? sentence`Its first window is asked ${formatRelative(Date.parse(monitor.nextAt), nowMs)}.`
      : sentence`Its newest window ended ${formatRelative(Date.parse(monitor.windowUntil), nowMs)}; ${figure(`${monitor.fireCount} of ${monitor.windowCount}`)} beyond the threshold fire, ${figure(`${monitor.clearCount}`)} in a row clear.`;
  switch (monitor.state) {
    case "off":
      return {
        health: null,
        headline: sentence`${name(monitor.name)} is off: it is not asked, and nobody is told.`,
        detail: when,
      };
    case "breach":
      return {
        health: "breach",
        headline: sentence`${listNames(firing.map(({ series }) => nameOf(series)))} of ${name(monitor.model)} ${plural(firing.length, "is", "are")} beyond the threshold.`,
        detail: sentence`${firing[0] === undefined ? "" : `${nameOf(firing[0].series)}: ${firing[0].result.sentence}. `}${when}`,
      };
    case "unknown":
      return {
        health: "unknown",
        headline:
          worst === undefined
            ? sentence`${name(monitor.name)} has not been asked yet.`
            : sentence`${name(monitor.name)} cannot say: ${worst.result.sentence}.`,
        detail: when,
      };
    case "healthy":
      return {
        health: "healthy",
        headline:
          newest.length === 1 && worst !== undefined
            ? sentence`${name(monitor.name)} is not beyond its threshold: ${worst.result.sentence}.`
            : sentence`None of ${figure(`${newest.length} series`)} of ${name(monitor.model)} is beyond its threshold.`,
        detail: when,
      };
  }
}
