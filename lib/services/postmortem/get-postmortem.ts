import type { z } from "zod";
import {
  countNewEntries,
  findEdition,
  listCommentRows,
  listEditionRows,
  listReviewRows,
} from "#db/postgres/queries/postmortem.ts";
import { nameUsers } from "#db/postgres/queries/team.ts";
import {
  getPostmortemInput,
  postmortemContentSchema,
  postmortemOutput,
} from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { isApproved } from "#lib/rules/step-postmortem.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { toIso } from "../incident/to-incident.ts";
import { findBlockers } from "./find-blockers.ts";
import { getPostmortemFile } from "./get-postmortem-row.ts";
import { readContent } from "./read-content.ts";

/** A postmortem as it stands; published ones, and editions from before, as they were published. */
export const getPostmortem = defineService({
  name: "getPostmortem",
  role: "viewer",
  input: getPostmortemInput,
  output: postmortemOutput,
  writes: false,
  run: (ctx, input) => readPostmortem(ctx, input),
});

export async function readPostmortem(
  ctx: ServiceContext,
  { incident: number, edition }: z.output<typeof getPostmortemInput>,
): Promise<z.input<typeof postmortemOutput>> {
  const file = await getPostmortemFile(ctx, number);
  const { row } = file;
  const shown = edition ?? row.edition;
  const isFrozen = row.state === "published" || shown !== row.edition;
  const content = isFrozen
    ? await readEdition(ctx, row.id, shown)
    : postmortemContentSchema.parse(await readContent(ctx, file));
  const reviews = await listReviewRows(ctx, row.id);
  const comments = await listCommentRows(ctx, row.id);
  const editions = await listEditionRows(ctx, row.id);
  const owner =
    row.ownerUserId === null
      ? undefined
      : (await nameUsers(ctx, [row.ownerUserId])).get(row.ownerUserId);
  return {
    ...content,
    state: row.state,
    edition: shown,
    isFrozen,
    revision: row.revision,
    owner:
      row.ownerUserId === null || owner === undefined
        ? null
        : { id: row.ownerUserId, name: owner.name },
    reviewers: reviews.map((review) => ({
      userId: review.userId,
      name: review.name,
      approvedAt: toIso(review.approvedAt),
      isCurrent: isApproved(review, row.contentAt),
    })),
    candidates: row.candidates,
    newEntryCount: isFrozen ? 0 : await countNewEntries(ctx, row),
    comments: comments.map(
      ({ id, sectionKey, text, createdBy, createdAt, resolvedBy, resolvedAt }) => ({
        id,
        sectionKey,
        text,
        createdBy,
        createdAt: createdAt.toISOString(),
        resolvedBy,
        resolvedAt: toIso(resolvedAt),
      }),
    ),
    blockers: isFrozen ? [] : findBlockers(content),
    editions: editions.map(({ publishedAt, withdrawnAt, ...rest }) => ({
      ...rest,
      publishedAt: publishedAt.toISOString(),
      withdrawnAt: toIso(withdrawnAt),
    })),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    publishedAt: toIso(row.publishedAt),
  };
}

async function readEdition(ctx: ServiceContext, postmortemId: string, edition: number) {
  const document = await findEdition(ctx, postmortemId, edition);
  if (document === null)
    throw new AppError("not_found", `There is no edition ${edition} that was published.`);
  return postmortemContentSchema.parse(document);
}
