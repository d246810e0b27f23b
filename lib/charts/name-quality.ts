import type { QualityCheckName, QualityVerdict } from "#lib/domain/quality.ts";

export const checkNames: Record<QualityCheckName, string> = {
  null: "null",
  absent: "absent",
  nan: "NaN",
  infinite: "infinite",
  wrong_kind: "another type",
  below_range: "below range",
  above_range: "above range",
  unseen_category: "unseen values",
  constant: "one value",
};

export const qualityVerdictNames: Record<QualityVerdict, string> = {
  problem: "problem",
  failed: "failed",
  cannot_say: "cannot say",
  ok: "ok",
};
