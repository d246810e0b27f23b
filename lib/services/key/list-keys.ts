import { z } from "zod";
import { listKeyRows } from "#db/postgres/queries/key.ts";
import { keyListOutput } from "#lib/api/key.ts";
import { defineService } from "../define-service.ts";
import { toKey } from "./to-key.ts";

export const listKeys = defineService({
  name: "listKeys",
  role: "viewer",
  input: z.object({}),
  output: keyListOutput,
  writes: false,
  async run(ctx) {
    const rows = await listKeyRows(ctx);
    return { keys: rows.map(toKey) };
  },
});
