import { recordChangesInput, recordChangesOutput } from "#lib/api/change.ts";
import type { ErrorDetail } from "#lib/domain/errors.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { recordChanges } from "./record-changes.ts";

/** Takes note of what was changed: all of them, or none where one is refused. */
export const recordChangeEvents = defineService({
  name: "recordChangeEvents",
  role: "editor",
  input: recordChangesInput,
  output: recordChangesOutput,
  writes: true,
  async run(ctx, { changes }) {
    const verdicts = await recordChanges(ctx, changes, await nameActor(ctx.call));
    const details = verdicts.flatMap((verdict, index): ErrorDetail[] => {
      if (verdict.kind !== "refused") return [];
      const path = verdict.path === "occurred_at" ? "occurredAt" : verdict.path;
      return [{ path: `changes.${index}.${path}`, message: verdict.message }];
    });
    const [first] = details;
    if (first !== undefined)
      throw new AppError("conflict", `${first.path} ${first.message}.`, { details });
    const results = verdicts.map((verdict, index) => ({
      id: changes[index]?.id ?? "",
      result: verdict.kind === "recorded" ? ("recorded" as const) : ("repeated" as const),
    }));
    const recorded = results.filter(({ result }) => result === "recorded").map(({ id }) => id);
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
    return { changes: results };
  },
});
