import { randomUUID } from "node:crypto";
import type { Postgres } from "#db/postgres/client.ts";
import { insertMember } from "#db/postgres/queries/member.ts";
import { insertWorkspace } from "#db/postgres/queries/workspace.ts";
import type { Workspace } from "#lib/api/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import { insertReadyRunbooks } from "../runbook/add-ready-runbooks.ts";

export interface NewWorkspace {
  slug: string;
  name: string;
  timeZone: string;
  ownerId: string;
  isDemo: boolean;
  /** Days that raw rows are kept; null keeps them for ever. A model's own value, where it has one, goes before. */
  rawRetentionDays: number | null;
}

/** A workspace with its first owner and the ready runbooks, in the caller's transaction: one is never there without the other. */
export async function insertOwnedWorkspace(
  pg: Postgres,
  workspace: NewWorkspace,
  now: Date,
): Promise<Workspace> {
  const inserted = await insertWorkspace(pg, {
    id: randomUUID(),
    slug: workspace.slug,
    name: workspace.name,
    timeZone: workspace.timeZone,
    isDemo: workspace.isDemo,
    rawRetentionDays: workspace.rawRetentionDays,
    createdAt: now,
  });
  if (inserted === null) {
    throw new AppError("conflict", `The address "${workspace.slug}" is taken; choose another.`, {
      details: [{ path: "slug", message: "is taken" }],
    });
  }
  await insertMember(
    { pg, workspaceId: inserted.id },
    { userId: workspace.ownerId, role: "owner", now },
  );
  await insertReadyRunbooks(pg, inserted.id, now);
  return inserted;
}
