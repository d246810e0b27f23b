import type { Key } from "#lib/api/key.ts";
import { formatRelative } from "./format-time.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Which programs may send or read, and do they? */
export function prepareKeyAnswer(keys: readonly Key[], nowMs: number): Answer {
  const active = keys.filter(
    ({ revokedAt, expiresAt }) =>
      revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > nowMs),
  );
  if (active.length === 0)
    return {
      health: null,
      headline: sentence`No key is active, so no program can send rows.`,
      detail: sentence`Create one for each program, so that each can be revoked alone.`,
    };
  const used = active
    .filter(({ lastUsedAt }) => lastUsedAt !== null)
    .sort((a, b) => Date.parse(b.lastUsedAt ?? "") - Date.parse(a.lastUsedAt ?? ""))[0];
  return {
    health: null,
    headline: sentence`${figure(`${active.length} ${plural(active.length, "key")}`)} ${plural(active.length, "is", "are")} active${
      used?.lastUsedAt == null
        ? ", none of them used yet"
        : sentence`; ${name(used.name)} was used ${formatRelative(Date.parse(used.lastUsedAt), nowMs)}`
    }.`,
    detail: sentence`A key is shown once, when it is created. A revoked one stops within a minute.`,
  };
}
