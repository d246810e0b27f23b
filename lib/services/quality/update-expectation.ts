import { z } from "zod";
import {
  deleteExpectation,
  findExpectationRow,
  upsertExpectation,
} from "#db/postgres/queries/expectation.ts";
import { findFeatureRow } from "#db/postgres/queries/model.ts";
import { updateExpectationInput } from "#lib/api/quality.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import type { DeclaredTolerance } from "#lib/domain/skew.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { markSkew } from "../skew/mark-skew.ts";
import { toTolerance } from "../skew/read-tolerances.ts";
import { expectationTarget } from "./expectation-target.ts";

/** Says what a feature is expected to be, or that it is to be learned again. What held before is in the audit log. */
export const updateExpectation = defineService({
  name: "updateExpectation",
  role: "editor",
  input: updateExpectationInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model: name, feature, declared, provenance }) {
    const model = await getModelRow(ctx, name);
    const known = await findFeatureRow(ctx, model.id, feature);
    if (known === null) throw new AppError("not_found", `"${name}" has no feature "${feature}".`);
    if (declared !== null) assertFits(feature, known.type, declared);
    const before = await findExpectationRow(ctx, model.id, feature);
    const isNothing = declared === null || Object.keys(declared).length === 0;
    if (isNothing) await deleteExpectation(ctx, model.id, feature);
    else
      await upsertExpectation(ctx, {
        modelId: model.id,
        feature,
        declared,
        provenance,
        updatedAt: ctx.now,
      });
    if (!isSameTolerance(before?.declared.skewTolerance, declared?.skewTolerance))
      await markSkew(ctx, model.id);
    ctx.audit({
      action: "expectation.update",
      targetKind: expectationTarget.kind,
      targetId: expectationTarget.id(model.id, feature),
      before,
      after: isNothing ? null : { declared, provenance },
    });
    return undefined;
  },
});

const isSameTolerance = (a: DeclaredTolerance | undefined, b: DeclaredTolerance | undefined) => {
  const [one, other] = [toTolerance(a), toTolerance(b)];
  return one.absolute === other.absolute && one.relative === other.relative;
};

/** A range of names, or a list for numbers, would never be asked: said now rather than found out later. */
function assertFits(feature: string, type: FeatureType, declared: DeclaredExpectation): void {
  const refuse = (path: string, message: string): never => {
    throw new AppError(
      "invalid_request",
      `The expectation of "${feature}" can't be used: \`${path}\` ${message}.`,
      {
        details: [{ path, message }],
      },
    );
  };
  const hasRange = declared.minimum !== undefined || declared.maximum !== undefined;
  if (hasRange && type !== "numeric")
    refuse(
      declared.minimum === undefined ? "declared.maximum" : "declared.minimum",
      `needs a numeric feature, and this one is ${type}`,
    );
  if (declared.skewTolerance !== undefined && type !== "numeric")
    refuse("declared.skewTolerance", `needs a numeric feature, and this one is ${type}`);
  if (declared.allowedValues !== undefined && type !== "categorical" && type !== "boolean")
    refuse(
      "declared.allowedValues",
      `needs a categorical or boolean feature, and this one is ${type}`,
    );
}
