import type { z } from "zod";
import type { FeatureQualityResult, qualityOutput } from "#lib/api/quality.ts";
import type { QualityKey } from "./ask-keys.ts";
import { percent } from "./describe-quality.ts";

type Change = z.input<typeof qualityOutput>["changes"][number];

/** From this share of ill-typed values on, the type itself has changed. */
const typeChangedShareMin = 0.5;

/** What the schema of a window is no longer: new features, vanished ones, and those that come as another type. */
export function listChanges(
  keys: readonly QualityKey[],
  results: readonly FeatureQualityResult[],
  facts: {
    lastSeenMs: ReadonlyMap<string, number>;
    firstSeen: ReadonlyMap<string, Date>;
    hasReference: boolean;
    /** How wide a column is, in which a feature may have been sent for a while still. */
    bucketMs: number;
  },
): Change[] {
  const byFeature = new Map(results.map((one) => [`${one.subject}:${one.feature}`, one]));
  return keys
    .filter((key) => key.subject === "feature")
    .flatMap((key): Change[] => {
      const { feature, asked } = key;
      const result = byFeature.get(`feature:${feature}`);
      const isNew = facts.hasReference && key.baseline === null && asked.window.valueCount > 0;
      if (isNew)
        return [
          {
            kind: "new",
            feature,
            since: facts.firstSeen.get(feature)?.toISOString() ?? null,
            detail: "is sent, and the baseline does not have it",
          },
        ];
      const lastSeenMs = facts.lastSeenMs.get(feature);
      // Sent earlier in the window, and not once since the rows began to lack it.
      const stoppedMs =
        result?.checks[0]?.check === "absent" && result.until === null && result.since !== null
          ? Date.parse(result.since) + facts.bucketMs
          : null;
      const hasStopped = stoppedMs !== null && lastSeenMs !== undefined && lastSeenMs < stoppedMs;
      if ((key.isVanished || hasStopped) && lastSeenMs !== undefined)
        return [
          {
            kind: "vanished",
            feature,
            since: new Date(lastSeenMs).toISOString(),
            detail: "is no longer sent",
          },
        ];
      const wrongShare =
        asked.window.valueCount === 0 ? 0 : asked.window.wrongKindCount / asked.window.valueCount;
      if (wrongShare >= typeChangedShareMin && key.baseline !== null)
        return [
          {
            kind: "type_changed",
            feature,
            since: result?.since ?? null,
            detail: `${percent(wrongShare)} of its values are no ${asked.ruleKind ?? "values of its type"} any more`,
          },
        ];
      return [];
    });
}
