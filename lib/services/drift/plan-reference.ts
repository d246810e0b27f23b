import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { AppError } from "#lib/domain/errors.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";

/** A stretch of time, of one version, that a window is compared with. */
export interface ReferencePlan {
  kind: DriftReference;
  label: string;
  version: string;
  fromTime: Date;
  untilTime: Date;
}

const dayMs = grainMs["1d"];
const trailingDaysMin = 7;

/** Which stretch a reference means for this window; null for a baseline, which is none. */
export function planReference(
  scope: Pick<ResolvedScope, "window" | "version" | "now">,
  asked: DriftReferenceQuery,
): ReferencePlan | null {
  const { fromTime, untilTime } = scope.window;
  const lengthMs = untilTime.getTime() - fromTime.getTime();
  const kind = asked.reference ?? "baseline";
  refuseStray(kind, asked);
  const back = (ms: number, label: string, until = untilTime): ReferencePlan => ({
    kind,
    label,
    version: scope.version,
    fromTime: new Date(fromTime.getTime() - ms),
    untilTime: new Date(until.getTime() - (until === untilTime ? ms : 0)),
  });
  switch (kind) {
    case "baseline":
      return null;
    case "trailing": {
      // As long as the window, and at least a week, so that every day of the week is in it.
      const days = Math.max(trailingDaysMin, Math.ceil(lengthMs / dayMs));
      return back(days * dayMs, `the ${days} days before`, fromTime);
    }
    case "previous":
      return back(lengthMs, "the window of equal length just before");
    case "last_week": {
      // Whole weeks back, and far enough not to overlap with itself.
      const weeks = Math.max(1, Math.ceil(lengthMs / (7 * dayMs)));
      const label = weeks === 1 ? "a week" : `${weeks} weeks`;
      return back(weeks * 7 * dayMs, `the same hours ${label} earlier`);
    }
    case "window": {
      const { referenceFrom: from, referenceUntil: until } = asked;
      if (from === undefined) throw lacks("referenceFrom", "an ISO 8601 instant");
      if (until === undefined) throw lacks("referenceUntil", "an ISO 8601 instant");
      const range = resolveTimeRange({ from, until }, scope.now);
      const [first, last] = [range.from, range.until].map((time) => time.toISOString());
      return {
        kind,
        label: `${first} to ${last}`,
        version: scope.version,
        fromTime: range.from,
        untilTime: range.until,
      };
    }
    case "version": {
      const { referenceVersion: version } = asked;
      if (version === undefined) throw lacks("referenceVersion", "the name of a version");
      return { kind, label: `version ${version} in the same window`, version, fromTime, untilTime };
    }
  }
}

const owners = {
  referenceFrom: "window",
  referenceUntil: "window",
  referenceVersion: "version",
} as const;

/** A bound that its reference ignores would be believed to hold. */
function refuseStray(kind: DriftReference, asked: DriftReferenceQuery): void {
  for (const path of Object.keys(owners) as (keyof typeof owners)[]) {
    if (asked[path] !== undefined && owners[path] !== kind)
      throw refusal(path, `belongs to reference=${owners[path]}, not to reference=${kind}`);
  }
}

const lacks = (path: keyof typeof owners, expected: string) =>
  refusal(path, `is needed for reference=${owners[path]}: ${expected}`);

function refusal(path: string, message: string): AppError {
  return new AppError("invalid_request", `The reference can't be used: \`${path}\` ${message}.`, {
    details: [{ path, message }],
  });
}
