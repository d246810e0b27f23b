import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { z } from "zod";
import { askStaging, dropStaging } from "#db/clickhouse/baseline-staging.ts";
import {
  insertBaselineRow,
  markBaselineFailed,
  markBaselineStored,
} from "#db/postgres/queries/baseline.ts";
import { registerModels } from "#db/postgres/queries/register-models.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import type { BaselineMapping } from "#lib/domain/baseline-mapping.ts";
import { baselineMappingSchema } from "#lib/domain/baseline-mapping.ts";
import { AppError } from "#lib/domain/errors.ts";
import { nameSchema } from "#lib/domain/id.ts";
import { baselineLimits } from "#lib/domain/limits.ts";
import type { BaselineState } from "#lib/domain/model.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor, CallContext } from "../context.ts";
import type { TypedColumn } from "./choose-column-types.ts";
import { cellError, chooseColumnTypes } from "./choose-column-types.ts";
import type { BaselineRoles } from "./copy-baseline-rows.ts";
import { copyBaselineRows } from "./copy-baseline-rows.ts";
import { removeAbandonedUploads, spoolFile, tooLarge } from "./spool-file.ts";
import type { StagedColumn, StagedFile } from "./stage-baseline.ts";
import { baselineFormats, stageBaseline } from "./stage-baseline.ts";

export const importBaselineInput = z.object({
  model: nameSchema,
  version: nameSchema.default("unversioned"),
  name: nameSchema.default("training"),
  format: z.enum(baselineFormats),
  mapping: baselineMappingSchema.default({}),
  createdBy: z.string().max(200).default(""),
});

export interface ImportedBaseline {
  baselineId: string;
  state: BaselineState;
  rowCount: number;
}

/** Takes a file as a baseline of a model's version: its rows are stored as they came, and the worker profiles them next.
 *  A file that cannot be taken is refused with the column and the row, and leaves a failed baseline that says so. */
export async function importBaseline(
  call: CallContext,
  rawInput: z.input<typeof importBaselineInput>,
  stream: Readable,
  sizeBytes?: number,
  spoolFolder?: string,
): Promise<ImportedBaseline> {
  assertMayImport(call.actor);
  const input = importBaselineInput.parse(rawInput);
  if (sizeBytes !== undefined && sizeBytes > baselineLimits.fileBytesMax) throw tooLarge();
  if (spoolFolder !== undefined) await removeAbandonedUploads(spoolFolder, call.now);
  const file = await spoolFile(stream, spoolFolder);
  try {
    const modelId = await registerModel(call, input.model);
    const baselineId = randomUUID();
    const { workspaceId } = call;
    const scope = { pg: call.postgres.db, workspaceId };
    const { version, name, mapping } = input;
    await call.postgres.transaction(async (tx) => {
      const row = {
        id: baselineId,
        workspaceId,
        modelId,
        version,
        name,
        mapping,
        sourceFormat: input.format,
      };
      await insertBaselineRow(tx, { ...row, createdBy: input.createdBy, createdAt: call.now });
      await tx.insert(auditLog).values({
        id: randomUUID(),
        workspaceId,
        actorKind: call.actor.kind,
        actorId: actorId(call.actor),
        action: "baseline.create",
        targetKind: "baseline",
        targetId: baselineId,
        before: null,
        after: { model: input.model, version, name, format: input.format },
        at: call.now,
      });
    });
    try {
      const staged = await stageBaseline(call.clickhouse, {
        baselineId,
        format: input.format,
        file,
        signal: call.signal,
      });
      const roles = await chooseRoles(call, staged, mapping);
      await copyBaselineRows(call.clickhouse, { workspaceId, modelId, baselineId }, staged, roles);
      await registerFeatures(call, input.model, roles.features);
      await markBaselineStored(scope, baselineId, {
        rowCount: staged.rowCount,
        sourceBytes: file.sizeBytes,
      });
      return { baselineId, state: "profiling", rowCount: staged.rowCount };
    } catch (error) {
      const words =
        error instanceof AppError
          ? error.message
          : "The store could not take the file; send it again.";
      await markBaselineFailed(scope, baselineId, words);
      throw error;
    } finally {
      await dropStaging(call.clickhouse, baselineId);
    }
  } finally {
    await file.remove();
  }
}

async function chooseRoles(
  call: CallContext,
  staged: StagedFile,
  mapping: BaselineMapping,
): Promise<BaselineRoles> {
  const byName = new Map(staged.columns.map((column) => [column.name, column]));
  const { prediction, score, label, timestamp, predictionId, ignore = [] } = mapping;
  const named = { prediction, score, label, timestamp, predictionId };
  for (const [role, name] of Object.entries(named))
    if (name !== undefined) assertColumn(byName, role, name);
  for (const name of mapping.tags ?? []) assertColumn(byName, "tags", name);
  const classes = Object.entries(mapping.probabilities ?? {});
  for (const [, name] of classes) assertColumn(byName, "probabilities", name);
  for (const name of mapping.features ?? []) assertColumn(byName, "features", name);
  for (const name of Object.keys(mapping.types ?? {})) assertColumn(byName, "types", name);
  const played = [
    ...Object.values(named).filter((name) => name !== undefined),
    ...classes.map(([, name]) => name),
  ];
  const taken = new Set<string>([...played, ...(mapping.tags ?? []), ...ignore]);
  const featureNames =
    mapping.features ??
    staged.columns.map((column) => column.name).filter((name) => !taken.has(name));
  const wanted = new Set([...featureNames, ...played]);
  const columns = staged.columns.filter((column) => wanted.has(column.name));
  const declared = {
    ...(score === undefined ? {} : { [score]: "numeric" as const }),
    ...Object.fromEntries(classes.map(([, name]) => [name, "numeric" as const])),
    ...(timestamp === undefined ? {} : { [timestamp]: "text" as const }),
    ...(predictionId === undefined ? {} : { [predictionId]: "text" as const }),
    ...mapping.types,
  };
  const typed = new Map(
    (await chooseColumnTypes(call.clickhouse, staged, columns, declared)).map((one) => [
      one.column.name,
      one,
    ]),
  );
  const role = (name: string | undefined): TypedColumn | null =>
    name === undefined ? null : (typed.get(name) ?? null);
  const roles = {
    features: featureNames.flatMap((name) => typed.get(name) ?? []),
    prediction: role(prediction),
    score: role(score),
    probabilities: classes.flatMap(([className, name]) => {
      const column = typed.get(name);
      return column === undefined ? [] : { className, column };
    }),
    label: role(label),
    timestamp: role(timestamp),
    predictionId: role(predictionId),
    tags: staged.columns.filter((column) => mapping.tags?.includes(column.name)),
  };
  const isBare = roles.features.length === 0 && roles.prediction === null && roles.score === null;
  if (isBare && roles.probabilities.length === 0) {
    throw new AppError(
      "invalid_request",
      "No column is left to be compared: every one is ignored or has another part.",
    );
  }
  if (roles.timestamp !== null) await assertTimes(call, staged, roles.timestamp);
  return roles;
}

function assertColumn(byName: ReadonlyMap<string, StagedColumn>, role: string, name: string): void {
  if (byName.has(name)) return;
  const names = [...byName.keys()];
  const listed =
    names.slice(0, 20).join(", ") + (names.length > 20 ? `, and ${names.length - 20} more` : "");
  throw new AppError(
    "invalid_request",
    `The mapping's ${role} names the column "${name}", which the file does not have. It has: ${listed}.`,
    {
      details: [{ path: `mapping.${role}`, message: `there is no column "${name}"` }],
    },
  );
}

async function assertTimes(
  call: CallContext,
  staged: StagedFile,
  { column }: TypedColumn,
): Promise<void> {
  const bad = `isNotNull(${column.text}) AND isNull(parseDateTime64BestEffortOrNull(${column.text}, 3, 'UTC'))`;
  const [found] = await askStaging(
    call.clickhouse,
    `SELECT min(n) AS row, argMin(substring(ifNull(${column.text}, ''), 1, 60), n) AS cell FROM ${staged.source} WHERE ${bad} HAVING count() > 0`,
    staged.params,
    z.object({ row: z.int(), cell: z.string() }),
  );
  if (found !== undefined)
    throw cellError(
      column.name,
      found.row,
      `is "${found.cell}", not a time such as 2026-11-21T03:22:00Z`,
    );
}

async function registerModel(call: CallContext, name: string): Promise<string> {
  const sighting = { id: randomUUID(), name, task: null, versions: [], features: [] };
  const ids = await registerModels(call.postgres.db, call.workspaceId, [sighting], call.now);
  const modelId = ids.get(name);
  if (modelId === undefined) throw new AppError("not_found", "The workspace does not exist.");
  return modelId;
}

async function registerFeatures(
  call: CallContext,
  name: string,
  features: readonly TypedColumn[],
): Promise<void> {
  const seen = features
    .filter((feature) => feature.presentCount > 0)
    .map(({ column, type }) => [column.name, type] as const);
  const sighting = { id: randomUUID(), name, task: null, versions: [], features: seen };
  await registerModels(call.postgres.db, call.workspaceId, [sighting], call.now);
}

/** Whoever may log predictions may say what they are compared with. */
function assertMayImport(actor: Actor): void {
  switch (actor.kind) {
    case "user":
      if (hasRole(actor.role, "editor")) return;
      throw new AppError(
        "forbidden",
        `To upload a baseline you need the role editor; yours is ${actor.role}.`,
      );
    case "key":
      if (
        actor.scopes.some((scope) => scope === "ingest" || scope === "write" || scope === "admin")
      )
        return;
      throw new AppError(
        "forbidden",
        "To upload a baseline a key needs the scope ingest, write or admin.",
      );
    case "job":
      return;
  }
}

function actorId(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "key":
      return actor.keyId;
    case "job":
      return actor.name;
  }
}
