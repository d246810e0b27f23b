import { findActionRow } from "#db/postgres/queries/action.ts";
import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { markSent } from "#db/postgres/queries/action-run.ts";
import { findIncidentNames, findIncidentRow } from "#db/postgres/queries/incident.ts";
import { actionLimits } from "#lib/domain/action.ts";
import { parseRetryAfter } from "#lib/notify/classify-answer.ts";
import { guardedFetch } from "#lib/notify/guarded-fetch.ts";
import { redactText } from "#lib/notify/redact-text.ts";
import { signWebhook } from "#lib/notify/sign-webhook.ts";
import type { TemplateValues } from "#lib/rules/fill-template.ts";
import { fillTemplate } from "#lib/rules/fill-template.ts";
import { judgeActionAnswer } from "#lib/rules/judge-action-answer.ts";
import type { SendAnswer } from "#lib/rules/step-action-run.ts";
import { SealBroken } from "../destination/seal-secret.ts";
import { openSecrets, signingSecrets } from "./action-secrets.ts";
import type { ActionWorker } from "./advance-runs.ts";
import { actionWorker, changeRun } from "./change-run.ts";

/** Longer than a call may take, so that nobody else takes it meanwhile. */
const claimGraceMs = 30_000;

/** Takes an approved run and sends it: claimed, marked as sent before the first byte, called, settled. Each is kept before the next, so
 *  that a crash between any two leaves what can be told. */
export async function sendRun(worker: ActionWorker, found: ActionRunRow): Promise<void> {
  const { postgres, now } = worker;
  const { workspaceId, definition } = found;
  const claimUntil = new Date(now().getTime() + definition.timeLimitSeconds * 1_000 + claimGraceMs);
  const body = found.body === "" ? await renderBody(worker, found) : found.body;
  const attempt = found.attempt + 1;
  const claimed = await postgres.transaction((tx) =>
    changeRun(
      { pg: tx, workspaceId, now: now() },
      found.id,
      { kind: "claim" },
      actionWorker,
      (run) =>
        run.state !== "approved" || run.attempt !== found.attempt
          ? null
          : { attempt, claimUntil, dueAt: claimUntil, sentAt: null, body },
    ),
  );
  if (claimed.step.kind !== "changed") return;
  worker.onStep?.("claimed");
  const call = await callEndpoint(worker, claimed.run);
  if (call === null) return;
  worker.onStep?.("answered");
  const at = now();
  await postgres.transaction((tx) =>
    changeRun(
      { pg: tx, workspaceId, now: at, publicUrl: worker.publicUrl },
      found.id,
      { kind: "answered", answer: call.answer },
      actionWorker,
      (run) =>
        run.attempt !== attempt
          ? null
          : {
              claimUntil: null,
              answeredAt: at,
              status: call.status,
              answer: call.text,
              ...(call.answer.kind === "not_sent" ? { sentAt: null } : {}),
            },
    ),
  );
}

interface Called {
  answer: SendAnswer;
  status: number | null;
  text: string;
}

/** Null: the claim is somebody else's by now, and nothing was sent. */
async function callEndpoint(worker: ActionWorker, run: ActionRunRow): Promise<Called | null> {
  const { postgres, now, sealer, guard } = worker;
  const action = await findActionRow(
    { pg: postgres.db, workspaceId: run.workspaceId },
    { id: run.actionId },
  );
  const forbid = (text: string): Called => ({
    answer: { kind: "not_allowed", text },
    status: null,
    text: "",
  });
  if (action === null || action.deletedAt !== null) return forbid("the action was deleted");
  if (!action.isEnabled && run.mode !== "test") return forbid("the action was switched off");
  if (Buffer.byteLength(run.body) > actionLimits.bodyBytesMax)
    return forbid(`its body is larger than ${actionLimits.bodyBytesMax} bytes`);
  let secrets: ReturnType<typeof openSecrets>;
  try {
    secrets = openSecrets(sealer, action);
  } catch (error) {
    if (error instanceof SealBroken) return forbid(error.message);
    throw error;
  }
  if (!(await markSent(postgres.db, run, now()))) return null;
  worker.onStep?.("marked");
  const { definition, body, id } = run;
  const result = await guardedFetch(
    {
      url: secrets.url,
      method: definition.method,
      headers: {
        "content-type": "application/json",
        ...signWebhook(body, { id, at: now(), secrets: signingSecrets(secrets, now()) }),
        "idempotency-key": id,
        "plumbline-attempt": String(run.attempt),
        ...(run.mode === "test" ? { "plumbline-test": "true" } : {}),
        ...(secrets.bearerToken === undefined
          ? {}
          : { authorization: `Bearer ${secrets.bearerToken}` }),
      },
      body,
    },
    { ...guard, timeoutMs: definition.timeLimitSeconds * 1_000 },
  );
  const known = [secrets.url, secrets.signingSecret, secrets.bearerToken ?? ""];
  const text = redactText(result.kind === "answer" ? result.body : result.message, known);
  const answer = judgeActionAnswer(
    result.kind === "answer"
      ? {
          kind: "answer",
          status: result.status,
          body: text,
          afterMs: parseRetryAfter(result.retryAfter, now()),
        }
      : { ...result, message: text },
    run.isMaybeDone,
  );
  return { answer, status: result.kind === "answer" ? result.status : null, text };
}

async function renderBody(
  { postgres, publicUrl }: ActionWorker,
  run: ActionRunRow,
): Promise<string> {
  const scope = { pg: postgres.db, workspaceId: run.workspaceId };
  const incident =
    run.incidentId === null ? null : await findIncidentRow(scope, { id: run.incidentId });
  const names = incident === null ? null : await findIncidentNames(scope, incident);
  const link = (path: string) => (publicUrl === undefined ? null : `${publicUrl}${path}`);
  const values: TemplateValues = {
    run_id: run.id,
    action: run.actionSlug,
    is_test: run.mode === "test",
    requested_at: run.requestedAt.toISOString(),
    requested_by: run.requestedBy.name,
    reason: run.reason,
    callback_url: link(`/api/v1/inbound/actions/${run.id}`),
    incident: incident?.number ?? null,
    incident_title: incident?.title ?? null,
    incident_url:
      incident === null
        ? null
        : link(`/w/${encodeURIComponent(names?.workspaceSlug ?? "")}/incidents/${incident.number}`),
    severity: incident?.severity ?? null,
    cause_class: incident?.causeClass ?? null,
    model: incident?.modelName ?? null,
    environment: incident === null || incident.environment === "" ? null : incident.environment,
    segment_key: incident === null || incident.segmentKey === "" ? null : incident.segmentKey,
    segment_value: incident === null || incident.segmentKey === "" ? null : incident.segmentValue,
    impact_started_at: incident?.impactStartedAt?.toISOString() ?? null,
  };
  return fillTemplate(run.definition.body, values).toWellFormed();
}
