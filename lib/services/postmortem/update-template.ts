import { insertTemplate } from "#db/postgres/queries/postmortem-template.ts";
import { templateOutput, updateTemplateInput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { checkTemplate } from "#lib/rules/check-template.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { readTemplate } from "./get-template.ts";

/** Writes the next version. Postmortems that were begun keep their sections. */
export const updateTemplate = defineService({
  name: "updateTemplate",
  role: "admin",
  input: updateTemplateInput,
  output: templateOutput,
  writes: true,
  async run(ctx, { sections, version }) {
    const before = await readTemplate(ctx);
    const wrong = checkTemplate(sections);
    const [first] = wrong;
    if (first !== undefined)
      throw new AppError("invalid_request", `\`${first.path}\`: ${first.message}.`, {
        details: wrong,
      });
    assertRevision("The template", before.version, version);
    const isWritten = await insertTemplate(ctx, {
      version: version + 1,
      sections,
      createdBy: await nameActor(ctx.call),
      createdAt: ctx.now,
    });
    if (!isWritten)
      throw new AppError("stale", "The template was changed since you read it; read it again.");
    ctx.audit({
      action: "postmortem_template.update",
      targetKind: "postmortem_template",
      targetId: ctx.workspaceId,
      before: before.sections,
      after: sections,
    });
    return readTemplate(ctx);
  },
});
