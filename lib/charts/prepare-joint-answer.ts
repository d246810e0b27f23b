import type { Joint } from "#lib/api/joint.ts";
import type { JointResult } from "#lib/domain/joint-result.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, listNames, name, sentence } from "./sentence.ts";

export interface JointAnswer extends Answer {
  contributions: readonly { feature: string; share: number; shareText: string }[];
  /** One sentence per embedding. */
  embeddings: readonly { name: string; text: Sentence }[];
}

/** Have all features together moved, where no single one need show it? */
export function prepareJointAnswer({ newest }: Joint, zone: string): JointAnswer {
  if (newest === null)
    return {
      health: "unknown",
      headline: sentence`All features together have not been judged yet.`,
      detail: sentence`It is done once a day, for the last whole day in UTC, against the active baseline.`,
      contributions: [],
      embeddings: [],
    };
  const { result } = newest;
  const embeddings = result.embeddings.map((one) => ({
    name: one.name,
    text: describeEmbedding(one),
  }));
  const detail = sentence`${figure(formatCount(result.windowRowCount))} rows of the day until ${figure(formatInstant(Date.parse(newest.until), zone))} against ${figure(formatCount(result.baselineRowCount))} of the baseline, ${figure(formatCount(result.columnCount))} features.`;
  const contributions = (result.domain?.contributions ?? []).map((one) => ({
    ...one,
    shareText: formatShare(one.share),
  }));
  switch (result.verdict) {
    case "cannot_say":
      return {
        health: "unknown",
        headline: sentence`Cannot say whether all features together drift: ${result.reason}.`,
        detail,
        contributions: [],
        embeddings,
      };
    case "no_drift":
      return {
        health: "healthy",
        headline: sentence`All features together show no drift, ${result.reason}.`,
        detail,
        contributions: [],
        embeddings,
      };
    case "drift": {
      const names = contributions.slice(0, 3).map(({ feature }) => feature);
      const auc = result.domain === null ? "" : formatNumber(result.domain.auc);
      return {
        health: "watch",
        headline: sentence`All features together drift: a classifier tells the day’s rows from the baseline’s with AUC ${figure(auc)}, mostly by ${listNames(names, 3)}.`,
        detail,
        contributions,
        embeddings,
      };
    }
  }
}

function describeEmbedding(one: JointResult["embeddings"][number]): Sentence {
  const label = name(one.name);
  const compared = sentence`${figure(formatCount(one.windowCount))} vectors against ${figure(formatCount(one.referenceCount))} of the seven days before`;
  switch (one.verdict) {
    case "drift":
      return sentence`The embedding ${label} drifts: ${one.reason}, its centre moved by ${figure(formatNumber(one.centroidDistance))} of its spread; ${compared}.`;
    case "no_drift":
      return sentence`The embedding ${label} shows no drift, ${one.reason}; ${compared}.`;
    case "cannot_say":
      return sentence`Cannot say whether the embedding ${label} drifts: ${one.reason}.`;
  }
}
