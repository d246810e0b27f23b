import { firstRow } from "#db/clickhouse/queries/first-row.ts";
import { rejectionRows } from "#db/clickhouse/queries/rejection-rows.ts";
import { countActiveKeys } from "#db/postgres/queries/key.ts";
import { countModels, findModelName } from "#db/postgres/queries/model.ts";
import { onboardingInput, onboardingOutput } from "#lib/api/onboarding.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** A page that was left open for longer asks about these days only. */
const sinceMsMax = 7 * dayMs;
/** A row's sequence is the time of its receipt in ms, shifted by these bits, and a counter. */
const sequenceBits = 22n;

export const getOnboarding = defineService({
  name: "getOnboarding",
  role: "viewer",
  input: onboardingInput,
  output: onboardingOutput,
  writes: false,
  async run(ctx, input) {
    const since = new Date(Math.max(Date.parse(input.since), ctx.now.getTime() - sinceMsMax));
    const [modelCount, keyCount, row, rejections] = await Promise.all([
      countModels(ctx),
      countActiveKeys(ctx, ctx.now),
      findFirstRow(ctx, since),
      ctx.ch.query(rejectionRows, {
        model: null,
        code: null,
        fromTime: since,
        untilTime: new Date(Math.max(ctx.now.getTime(), since.getTime()) + dayMs),
        limit: 1,
      }),
    ]);
    const [rejection = null] = rejections;
    return {
      ingestUrl: ctx.call.publicUrl ?? "",
      hasKey: keyCount > 0,
      modelCount,
      firstRow: row,
      rejection,
    };
  },
});

async function findFirstRow(ctx: ServiceContext, since: Date) {
  const [row] = await ctx.ch.query(
    firstRow,
    {
      fromTime: new Date(since.getTime() - dayMs),
      sinceSequence: BigInt(since.getTime()) << sequenceBits,
    },
    ctx.signal,
  );
  if (row === undefined) return null;
  const { modelId, receivedMs, ...rest } = row;
  const model = await findModelName(ctx, modelId);
  if (model === null) return null;
  return { ...rest, model, receivedAt: new Date(receivedMs).toISOString() };
}
