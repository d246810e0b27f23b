import { rejectionCounts, rejectionRows } from "#db/clickhouse/queries/rejection-rows.ts";
import { rejectionListInput, rejectionListOutput } from "#lib/api/rejection.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import { defineService } from "../define-service.ts";

export const listRejections = defineService({
  name: "listRejections",
  role: "viewer",
  input: rejectionListInput,
  output: rejectionListOutput,
  writes: false,
  async run(ctx, input) {
    const { from, until } = resolveTimeRange(input, ctx.now);
    const scope = {
      model: input.model ?? null,
      code: input.code ?? null,
      fromTime: from,
      untilTime: until,
    };
    const [counts, rows] = await Promise.all([
      ctx.ch.query(rejectionCounts, scope, ctx.signal),
      ctx.ch.query(rejectionRows, { ...scope, limit: input.limit }, ctx.signal),
    ]);
    return {
      counts,
      rejections: rows.map(({ receivedMs, ...row }) => ({
        ...row,
        receivedAt: new Date(receivedMs).toISOString(),
      })),
    };
  },
});
