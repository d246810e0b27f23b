import { z } from "zod";
import { listModelRows } from "#db/postgres/queries/model.ts";
import { modelListOutput } from "#lib/api/model.ts";
import { defineService } from "../define-service.ts";

export const listModels = defineService({
  name: "listModels",
  role: "viewer",
  input: z.object({}),
  output: modelListOutput,
  writes: false,
  async run(ctx) {
    return { models: await listModelRows(ctx) };
  },
});
