import { z } from "zod";
import { updateDestinationRow } from "#db/postgres/queries/destination.ts";
import { destinationInput } from "#lib/api/destination.ts";
import { defineService } from "../define-service.ts";
import { getDestinationRow } from "./to-destination.ts";

/** From then on it is told of nothing new; what it was told is still taken back. */
export const deleteDestination = defineService({
  name: "deleteDestination",
  role: "admin",
  input: destinationInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { destinationId }) {
    const { name, kind, address } = await getDestinationRow(ctx, destinationId);
    await updateDestinationRow(ctx, destinationId, { deletedAt: ctx.now, updatedAt: ctx.now });
    ctx.audit({
      action: "destination.delete",
      targetKind: "destination",
      targetId: destinationId,
      before: { name, kind, address },
    });
    return undefined;
  },
});
