import { z } from "zod";
import { findActionRow } from "#db/postgres/queries/action.ts";
import { findRunOfReport } from "#db/postgres/queries/action-run.ts";
import { actionLimits } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { redactText } from "#lib/notify/redact-text.ts";
import type { WebhookHeaders } from "#lib/notify/verify-webhook.ts";
import { verifyWebhook } from "#lib/notify/verify-webhook.ts";
import type { InboundContext } from "../destination/inbound-context.ts";
import { unverified } from "../destination/inbound-context.ts";
import { insertAudit } from "../run-audited.ts";
import { openSecrets, signingSecrets } from "./action-secrets.ts";
import { changeRun } from "./change-run.ts";

const reportSchema = z.object({
  outcome: z.enum(["succeeded", "failed"]),
  message: z.string().max(actionLimits.messageLengthMax).default(""),
});

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a pipeline reports of a run, signed with the action's secret. What is settled already stays, so that a report may be sent again. */
export async function receiveActionReport(
  { postgres, outgoing, now, publicUrl }: InboundContext,
  { runId, rawBody, headers }: { runId: string; rawBody: string; headers: WebhookHeaders },
): Promise<"done" | "unchanged"> {
  const found = uuid.test(runId) ? await findRunOfReport(postgres.db, runId) : null;
  if (found === null) throw unverified();
  const { workspaceId, actionId } = found;
  const action = await findActionRow({ pg: postgres.db, workspaceId }, { id: actionId });
  if (action === null) throw unverified();
  const secrets = signingSecrets(openSecrets(outgoing.sealer, action), now);
  if (!verifyWebhook(rawBody, headers, { secrets, now })) throw unverified();
  const { outcome, message } = parseReport(rawBody);
  return postgres.transaction(async (tx) => {
    const actor = {
      kind: "outside",
      id: action.slug,
      name: `the endpoint of ${action.name}`,
      via: "api",
    } as const;
    const { step } = await changeRun(
      { pg: tx, workspaceId, now, publicUrl },
      runId,
      { kind: "reported", outcome, message: redactText(message) },
      actor,
      { answer: redactText(message), claimUntil: null },
    );
    if (step.kind !== "changed") return "unchanged";
    await insertAudit(
      tx,
      "receiveActionReport",
      [
        {
          workspaceId,
          actorKind: "outside",
          actorId: action.slug,
          action: "action_run.report",
          targetKind: "action_run",
          targetId: runId,
          after: { outcome, state: step.state },
        },
      ],
      now,
    );
    return "done";
  });
}

function parseReport(rawBody: string): z.output<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(rawBody));
  } catch (cause) {
    throw new AppError(
      "invalid_request",
      "A report is JSON with `outcome`, which is succeeded or failed, and perhaps a `message`.",
      { cause, details: [{ path: "outcome", message: "expected succeeded or failed" }] },
    );
  }
}
