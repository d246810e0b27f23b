import { z } from "zod";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import { workspaceOutput } from "#lib/api/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";

export const getWorkspace = defineService({
  name: "getWorkspace",
  role: "viewer",
  input: z.object({}),
  output: workspaceOutput,
  writes: false,
  async run(ctx) {
    const workspace = await findWorkspace(ctx);
    if (workspace === null) throw new AppError("not_found", "There is no such workspace.");
    return workspace;
  },
});
