import { randomUUID } from "node:crypto";
import type { PostgresPool } from "#db/postgres/client.ts";
import { actions } from "#db/postgres/schema/actions.ts";
import type { ActionDefinition } from "#lib/domain/action.ts";
import { actionDefinitionSchema } from "#lib/domain/action.ts";
import { defaultTemplate } from "#lib/rules/fill-template.ts";
import { testSealer, testWebhookSecret } from "../../destination/testing/build-destination.ts";
import { describeUrl, sealSecrets } from "../action-secrets.ts";

const madeAt = new Date("2026-01-01T00:00:00.000Z");

/** An action as the product stores it, that needs nobody's approval unless it is said. */
export async function buildAction(
  postgres: PostgresPool,
  workspaceId: string,
  url: string,
  definition: Partial<ActionDefinition> = {},
): Promise<{ id: string; slug: string }> {
  const id = randomUUID();
  const slug = `action-${id.slice(0, 8)}`;
  const whole = actionDefinitionSchema.parse({
    kind: "retrain",
    body: defaultTemplate,
    approval: "none",
    timeLimitSeconds: 1,
    ...definition,
  });
  await postgres.db.insert(actions).values({
    id,
    workspaceId,
    slug,
    name: "Retrain",
    kind: whole.kind,
    address: describeUrl(url),
    definition: whole,
    sealed: sealSecrets(testSealer, id, { url, signingSecret: testWebhookSecret }),
    createdAt: madeAt,
    updatedAt: madeAt,
  });
  return { id, slug };
}
