import { z } from "zod";
import type { ChangeInput } from "#lib/api/change.ts";
import { changeInputSchema } from "#lib/api/change.ts";
import type { RowErrorCode, RowRejection } from "#lib/domain/wire.ts";
import { rowErrorCodes } from "#lib/domain/wire.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { recordChanges } from "./record-changes.ts";

const rowsInput = z.object({
  rows: z.array(z.object({ index: z.int(), value: z.unknown() })).min(1),
});
const rowsOutput = z.object({
  rejected: z.array(
    z.object({
      index: z.int(),
      code: z.enum(rowErrorCodes),
      path: z.string(),
      message: z.string(),
    }),
  ),
});

/** As the wire spells it. */
const wireSchema = z
  .strictObject({
    ...changeInputSchema.omit({ occurredAt: true }).shape,
    occurred_at: changeInputSchema.shape.occurredAt,
  })
  .transform(({ occurred_at: occurredAt, ...rest }): ChangeInput => ({ ...rest, occurredAt }));

/** Rows of the data plane, each judged for itself: what is good is kept though others are refused. */
export const recordChangeRows = defineService({
  name: "recordChangeRows",
  role: "editor",
  keyScopes: ["ingest"],
  input: rowsInput,
  output: rowsOutput,
  writes: true,
  async run(ctx, { rows }) {
    const rejected: RowRejection[] = [];
    const good: { index: number; change: ChangeInput }[] = [];
    for (const { index, value } of rows) {
      const parsed = wireSchema.safeParse(value, { reportInput: true });
      if (parsed.success) good.push({ index, change: parsed.data });
      else rejected.push(toRejection(index, parsed.error));
    }
    const verdicts = await recordChanges(
      ctx,
      good.map(({ change }) => change),
      await nameActor(ctx.call),
    );
    const recorded: string[] = [];
    verdicts.forEach((verdict, at) => {
      const row = good[at];
      if (row === undefined) return;
      if (verdict.kind === "recorded") recorded.push(row.change.id);
      if (verdict.kind === "refused")
        rejected.push({
          index: row.index,
          code: verdict.path === "occurred_at" ? "in_the_future" : "invalid_value",
          path: verdict.path,
          message: `${verdict.path} ${verdict.message}`,
        });
    });
    ctx.audit(
      recorded.length === 0
        ? "unchanged"
        : {
            action: "change.record",
            targetKind: "change",
            targetId: recorded[0] ?? "",
            after: { ids: recorded },
          },
    );
    return { rejected };
  },
});

function toRejection(index: number, error: z.ZodError): RowRejection {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  const message = issue?.message ?? "does not fit";
  return {
    index,
    code: codeOf(issue),
    path,
    message: path === "" ? message : `${path}: ${message}`,
  };
}

function codeOf(issue: z.core.$ZodIssue | undefined): RowErrorCode {
  if (issue === undefined) return "invalid_value";
  if (issue.code === "unrecognized_keys") return "unknown_field";
  if (issue.path.length === 0) return "not_an_object";
  if (issue.code === "too_big") return "too_long";
  if (issue.code !== "invalid_type" && issue.code !== "invalid_value") return "invalid_value";
  if (issue.input === undefined) return "missing_field";
  return issue.code === "invalid_type" ? "wrong_type" : "invalid_value";
}
