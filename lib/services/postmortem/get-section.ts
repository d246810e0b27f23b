import type { z } from "zod";
import { listMemberRows } from "#db/postgres/queries/member.ts";
import { listSectionRows } from "#db/postgres/queries/postmortem.ts";
import { sectionInput, sectionOutput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { lintBlame } from "#lib/rules/blame-lint.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import type { PostmortemFile } from "./get-postmortem-row.ts";
import { getPostmortemFile } from "./get-postmortem-row.ts";
import { toSection } from "./read-content.ts";

/** One section as it is stored now, whoever wrote it last. */
export const getSection = defineService({
  name: "getSection",
  role: "viewer",
  input: sectionInput,
  output: sectionOutput,
  writes: false,
  async run(ctx, { incident, section }) {
    return readSection(ctx, await getPostmortemFile(ctx, incident), section);
  },
});

export async function readSection(
  ctx: ServiceContext,
  { row }: PostmortemFile,
  key: string,
): Promise<z.input<typeof sectionOutput>> {
  const found = await getSectionRow(ctx, row.id, key);
  const names = (await listMemberRows(ctx)).map(({ name }) => name);
  const fields = [
    { field: "text", text: found.text },
    ...found.factors.map(({ text }, i) => ({ field: `factors.${i}`, text })),
  ];
  return {
    ...toSection(found, {}),
    warnings: fields.flatMap(({ field, text }) =>
      lintBlame(text, found.kind === "factors" ? { names } : {}).map((warning) => ({
        ...warning,
        field,
      })),
    ),
  };
}

export async function getSectionRow(ctx: ServiceContext, postmortemId: string, key: string) {
  const found = (await listSectionRows(ctx, postmortemId)).find((one) => one.key === key);
  if (found === undefined) throw new AppError("not_found", `It has no section "${key}".`);
  return found;
}
