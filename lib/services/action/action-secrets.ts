import { z } from "zod";
import type { SecretSealer } from "../destination/seal-secret.ts";

/** What lets in whoever knows it: sealed, and never answered. */
export interface ActionSecrets {
  url: string;
  signingSecret: string;
  /** Signs beside the new one until its end. */
  previousSecret?: { secret: string; untilTime: string } | undefined;
  bearerToken?: string | undefined;
}

const schema = z.object({
  url: z.string(),
  signingSecret: z.string(),
  previousSecret: z.object({ secret: z.string(), untilTime: z.string() }).optional(),
  bearerToken: z.string().optional(),
});

const placeOf = (actionId: string) => `action ${actionId}`;

export const sealSecrets = (sealer: SecretSealer, actionId: string, secrets: ActionSecrets) =>
  sealer.seal(JSON.stringify(secrets), placeOf(actionId));

/** Throws where the product's secret is another one than it was sealed with. */
export const openSecrets = (
  sealer: SecretSealer,
  { id, sealed }: { id: string; sealed: string },
): ActionSecrets => schema.parse(JSON.parse(sealer.open(sealed, placeOf(id))));

/** Those that sign now. */
export function signingSecrets(
  { signingSecret, previousSecret }: ActionSecrets,
  now: Date,
): string[] {
  const isChanging =
    previousSecret !== undefined && Date.parse(previousSecret.untilTime) > now.getTime();
  return isChanging ? [signingSecret, previousSecret.secret] : [signingSecret];
}

/** Where it goes, in words that give no secret away. */
export const describeUrl = (url: string) => `${new URL(url).host}/…`;
