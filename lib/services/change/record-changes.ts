import type { NewChange, StoredChange } from "#db/postgres/queries/change.ts";
import { insertChanges, listChangesById } from "#db/postgres/queries/change.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { ChangeInput } from "#lib/api/change.ts";
import { changeLimits } from "#lib/domain/change.ts";
import { announceChanges } from "./announce-changes.ts";

export type ChangeVerdict =
  | { kind: "recorded" | "repeated" }
  | { kind: "refused"; path: string; message: string };

/** Keeps what is new of some changes and tells those destinations of it that want to know, in the caller's transaction. One verdict
 *  for each, in order: an id that is known is a repeat where it says the same, and refused where it says something else. */
export async function recordChanges(
  scope: PostgresScope & { now: Date },
  changes: readonly ChangeInput[],
  recordedBy: string,
): Promise<ChangeVerdict[]> {
  const { now } = scope;
  const first = new Map<string, NewChange>();
  const verdicts = changes.map((change): ChangeVerdict | null => {
    const row = toRow(change, now, recordedBy);
    if (row.occurredAt.getTime() > now.getTime() + changeLimits.futureMsMax)
      return refuse("occurred_at", "lies ahead: expected a moment that has come");
    const same = first.get(change.id);
    if (same !== undefined) return judgeRepeat(change, row, same);
    first.set(change.id, row);
    return null;
  });
  const recorded = await insertChanges(scope, [...first.values()]);
  const known = await listChangesById(
    scope,
    [...first.keys()].filter((id) => !recorded.has(id)),
  );
  const byId = new Map(known.map((row) => [row.id, row]));
  await announceChanges(
    scope,
    [...first.values()].filter(({ id }) => recorded.has(id)),
  );
  return changes.map((change, index) => {
    const verdict = verdicts[index] ?? null;
    if (verdict !== null) return verdict;
    const row = first.get(change.id);
    const stored = byId.get(change.id);
    if (row === undefined || stored === undefined) return { kind: "recorded" };
    return judgeRepeat(change, row, stored);
  });
}

function toRow(change: ChangeInput, now: Date, recordedBy: string): NewChange {
  const { model, occurredAt, ...rest } = change;
  return {
    ...rest,
    modelName: model,
    occurredAt: occurredAt === undefined ? now : new Date(occurredAt),
    recordedAt: now,
    recordedBy,
  };
}

const compared = ["kind", "title", "modelName", "environment", "version"] as const;
const fieldNames = {
  kind: "kind",
  title: "title",
  modelName: "model",
  environment: "environment",
  version: "version",
} as const satisfies Record<(typeof compared)[number], string>;

function judgeRepeat(
  change: ChangeInput,
  row: NewChange,
  stored: NewChange | StoredChange,
): ChangeVerdict {
  const other = compared.find((field) => row[field] !== stored[field]);
  // A sender that leaves the moment out says nothing about it.
  const isMoved =
    change.occurredAt !== undefined && row.occurredAt.getTime() !== stored.occurredAt.getTime();
  if (other === undefined && !isMoved) return { kind: "repeated" };
  const what = other === undefined ? "moment" : fieldNames[other];
  return refuse("id", `is known with another ${what}: expected a new id for a new change`);
}

const refuse = (path: string, message: string): ChangeVerdict => ({
  kind: "refused",
  path,
  message,
});
