import { updateSectionRow } from "#db/postgres/queries/postmortem.ts";
import { sectionOutput, updateSectionInput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { openForWriting } from "./get-postmortem-row.ts";
import { getSectionRow, readSection } from "./get-section.ts";
import { touchContent } from "./touch-content.ts";

/** Writes one section. Each has a revision of its own, so that two people who write in different ones never meet. */
export const updateSection = defineService({
  name: "updateSection",
  role: "editor",
  input: updateSectionInput,
  output: sectionOutput,
  writes: true,
  async run(ctx, { incident, section: key, text, factors, revision }) {
    const file = await openForWriting(ctx, incident);
    const before = await getSectionRow(ctx, file.row.id, key);
    if (before.revision !== revision)
      throw new AppError(
        "stale",
        `${before.updatedBy} changed "${before.title}" meanwhile (revision ${before.revision}, yours ${revision}). Read it again, and put both together.`,
      );
    if (factors !== undefined && before.kind !== "factors")
      throw new AppError("invalid_request", `"${before.title}" lists no contributing factors.`, {
        details: [
          { path: "factors", message: `expected none: the section is of the kind ${before.kind}` },
        ],
      });
    const after = { text, factors: factors ?? before.factors };
    if (text === before.text && JSON.stringify(after.factors) === JSON.stringify(before.factors)) {
      ctx.audit("unchanged");
      return readSection(ctx, file, key);
    }
    await updateSectionRow(
      ctx,
      { postmortemId: file.row.id, key },
      {
        ...after,
        revision: revision + 1,
        updatedBy: await nameActor(ctx.call),
        updatedAt: ctx.now,
      },
    );
    await touchContent(ctx, file.row);
    ctx.audit({
      action: "postmortem.update_section",
      targetKind: "postmortem",
      targetId: file.row.id,
      before: { section: key, text: before.text, factors: before.factors },
      after: { section: key, ...after },
    });
    return readSection(ctx, file, key);
  },
});
