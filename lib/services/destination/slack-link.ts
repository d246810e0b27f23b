import { z } from "zod";
import { AppError } from "#lib/domain/errors.ts";
import type { SecretSealer } from "./seal-secret.ts";

/** Who in Slack asks to be known here. Sealed, so that nobody can name another. */
const linkSchema = z.object({
  workspaceId: z.uuid(),
  teamId: z.string(),
  /** The part of the team's address that its people know: DOMAIN.slack.com. */
  teamDomain: z.string().nullable(),
  slackUserId: z.string(),
  slackName: z.string(),
  expiresAt: z.iso.datetime(),
});
export type SlackLink = z.output<typeof linkSchema>;

const place = "link of a Slack account";
export const slackLinkMs = 15 * 60_000;

export function sealSlackLink(sealer: SecretSealer, link: SlackLink): string {
  return Buffer.from(sealer.seal(JSON.stringify(link), place)).toString("base64url");
}

/** Refuses one that is too old, not whole, or of another workspace: they are not told apart. */
export function getSlackLink(
  sealer: SecretSealer,
  token: string,
  { workspaceId, now }: { workspaceId: string; now: Date },
): SlackLink {
  const link = openSlackLink(sealer, token, now);
  if (link === null || link.workspaceId !== workspaceId)
    throw new AppError(
      "not_found",
      "This link is too old or not whole. Press the button in Slack again.",
    );
  return link;
}

/** Null for one that is none of ours or too old. */
function openSlackLink(sealer: SecretSealer, token: string, now: Date): SlackLink | null {
  try {
    const sealed = Buffer.from(token, "base64url").toString("utf8");
    const link = linkSchema.parse(JSON.parse(sealer.open(sealed, place)));
    return Date.parse(link.expiresAt) > now.getTime() ? link : null;
  } catch {
    return null;
  }
}
