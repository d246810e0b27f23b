import { z } from "zod";
import { countTraffic, listDestinationRows } from "#db/postgres/queries/destination.ts";
import { destinationListOutput } from "#lib/api/destination.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { toDestination } from "./to-destination.ts";

export const listDestinations = defineService({
  name: "listDestinations",
  role: "viewer",
  input: z.object({}),
  output: destinationListOutput,
  writes: false,
  async run(ctx) {
    const [rows, traffic] = await Promise.all([
      listDestinationRows(ctx),
      countTraffic(ctx, ctx.now),
    ]);
    const { sealer } = getOutgoing(ctx);
    const options = { sealer, now: ctx.now };
    return { destinations: rows.map((row) => toDestination(row, traffic.get(row.id), options)) };
  },
});
