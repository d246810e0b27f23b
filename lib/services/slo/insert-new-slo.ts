import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { countSlos, insertSlo, listSloRows } from "#db/postgres/queries/slo.ts";
import type { createSloInput } from "#lib/api/slo.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { SloPeriod } from "#lib/domain/slo.ts";
import { sloLimits } from "#lib/domain/slo.ts";
import type { ServiceContext } from "../context.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { assertTimeZone } from "../workspace/assert-time-zone.ts";

/** Keeps a new objective, due at once; its history is measured as far back as there is any. */
export async function insertNewSlo(
  ctx: ServiceContext,
  { model, ...input }: z.output<typeof createSloInput>,
): Promise<string> {
  const { id: modelId } = await getModelRow(ctx, model);
  await assertSloName(ctx, input.name, null);
  assertPeriod(input.period);
  if ((await countSlos(ctx)) >= sloLimits.slosMax) {
    const most = `This workspace has ${sloLimits.slosMax} objectives, which is the most.`;
    throw new AppError("limit_exceeded", most);
  }
  const id = randomUUID();
  const { now } = ctx;
  await insertSlo(ctx, { ...input, id, modelId, dueAt: now, createdAt: now, updatedAt: now });
  ctx.audit({
    action: "slo.create",
    targetKind: "slo",
    targetId: id,
    after: { model, ...input },
  });
  return id;
}

export async function assertSloName(
  ctx: ServiceContext,
  name: string,
  id: string | null,
): Promise<void> {
  const others = await listSloRows(ctx);
  if (others.some(({ slo }) => slo.id !== id && slo.name.toLowerCase() === name.toLowerCase()))
    throw new AppError("conflict", `There is an objective "${name}" already.`);
}

export function assertPeriod(period: SloPeriod): void {
  if (period.kind === "calendar") assertTimeZone(period.timeZone);
}
