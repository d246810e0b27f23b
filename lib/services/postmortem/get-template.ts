import { z } from "zod";
import { findTemplateRow } from "#db/postgres/queries/postmortem-template.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { templateOutput } from "#lib/api/postmortem.ts";
import { defaultTemplate } from "#lib/domain/postmortem.ts";
import { defineService } from "../define-service.ts";

/** The sections that a postmortem of this workspace begins with. */
export const getTemplate = defineService({
  name: "getTemplate",
  role: "viewer",
  input: z.object({}),
  output: templateOutput,
  writes: false,
  run: (ctx) => readTemplate(ctx),
});

export async function readTemplate(scope: PostgresScope) {
  const row = await findTemplateRow(scope);
  return row === null
    ? { sections: [...defaultTemplate], version: 0, updatedBy: null, updatedAt: null }
    : {
        sections: row.sections,
        version: row.version,
        updatedBy: row.createdBy,
        updatedAt: row.createdAt.toISOString(),
      };
}
