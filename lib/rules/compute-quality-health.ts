import type { Health } from "#lib/domain/health.ts";
import type { QualityVerdict } from "#lib/domain/quality.ts";

export interface JudgedQuality {
  subject: string;
  feature: string;
  verdict: QualityVerdict;
}

/** A model's health by its values alone. A bad prediction is a breach, a bad feature one to watch; what could not be judged,
 *  or went wrong while it was judged, is never healthy. */
export function computeQualityHealth(judged: readonly JudgedQuality[]): Health {
  const bad = judged.filter(({ verdict }) => verdict === "problem");
  if (bad.some(({ subject }) => subject === "prediction")) return "breach";
  if (bad.length > 0) return "watch";
  if (judged.some(({ verdict }) => verdict === "failed")) return "unknown";
  return judged.some(({ verdict }) => verdict === "ok") ? "healthy" : "unknown";
}
