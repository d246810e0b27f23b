import { createSloInput, sloIdOutput } from "#lib/api/slo.ts";
import { defineService } from "../define-service.ts";
import { insertNewSlo } from "./insert-new-slo.ts";

export const createSlo = defineService({
  name: "createSlo",
  role: "editor",
  input: createSloInput,
  output: sloIdOutput,
  writes: true,
  async run(ctx, input) {
    return { id: await insertNewSlo(ctx, input) };
  },
});
