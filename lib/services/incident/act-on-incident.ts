import { findIncidentOfKey } from "#db/postgres/queries/incident.ts";
import { incidentActionInput, incidentOutput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import { incidentVerdictSchema, isOpenIncident } from "#lib/domain/incident.ts";
import type { IncidentEvent } from "#lib/rules/step-incident.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { alertingOf } from "./alerting.ts";
import { applyEvent } from "./change-incident.ts";
import { getIncidentRow, readIncident } from "./get-incident.ts";
import { mergeIncidents } from "./merge-incidents.ts";
import { splitIncident } from "./split-incident.ts";
import { toAlertingOptions, toIncidentActor } from "./to-alerting.ts";

type Input = (typeof incidentActionInput)["_output"];

/** Acknowledge, give back, mitigate, resolve, reopen, close, merge or split an incident. */
export const actOnIncident = defineService({
  name: "actOnIncident",
  role: "editor",
  input: incidentActionInput,
  output: incidentOutput,
  writes: true,
  async run(ctx, input) {
    assertComplete(input);
    const before = await getIncidentRow(ctx, input.incident);
    const actor = await toIncidentActor(ctx);
    const isChanged = await act(ctx, input, before.id, actor);
    const { incident: _, action, ...detail } = input;
    ctx.audit(
      isChanged
        ? {
            action: `incident.${action}`,
            targetKind: "incident",
            targetId: before.id,
            before: { state: before.state },
            after: { ...detail, state: (await getIncidentRow(ctx, input.incident)).state },
          }
        : "unchanged",
    );
    return readIncident(ctx, input.incident);
  },
});

/** What an action needs beside its name. */
function assertComplete({ action, reason, verdict, into, alertIds }: Input): void {
  const refuse = (path: string, expected: string) => {
    throw new AppError("invalid_request", `To ${action} an incident, \`${path}\` is due.`, {
      details: [{ path, message: `expected ${expected}` }],
    });
  };
  if ((action === "resolve" || action === "reopen") && reason === undefined)
    refuse("reason", "why, in words");
  if (action === "close" && verdict === undefined)
    refuse("verdict", `one of ${incidentVerdictSchema.options.join(", ")}`);
  if (action === "merge" && into === undefined)
    refuse("into", "the number of the incident that takes it in");
  if (action === "split" && alertIds === undefined)
    refuse("alertIds", "the ids of the alerts that leave");
}

async function act(
  ctx: ServiceContext,
  input: Input,
  incidentId: string,
  actor: IncidentActor,
): Promise<boolean> {
  const options = toAlertingOptions(ctx);
  if (input.action === "merge") {
    const { id: intoId } = await getIncidentRow(ctx, input.into ?? 0);
    await mergeIncidents(ctx.pg, { ...options, incidentId, intoId, actor });
    return true;
  }
  if (input.action === "split") {
    const { alertIds = [], title = null } = input;
    await splitIncident(ctx.pg, { ...options, incidentId, alertIds, title, actor });
    return true;
  }
  if (input.action === "reopen") await assertNoOther(ctx, input.incident);
  const alerting = alertingOf(ctx.pg, options);
  const change = await applyEvent(alerting, { incidentId, actor }, eventOf(input, actor.name));
  return change.isChanged;
}

function eventOf(input: Input, by: string): IncidentEvent {
  const { reason = null } = input;
  switch (input.action) {
    case "acknowledge":
      return { kind: "acknowledge", by };
    case "unacknowledge":
    case "mitigate":
      return { kind: input.action, by, reason };
    case "resolve":
    case "reopen":
      return { kind: input.action, by, reason: reason ?? "" };
    case "close":
      return { kind: "close", by, verdict: input.verdict ?? "real_degradation", note: reason };
    case "merge":
    case "split":
      throw new Error(`A ${input.action} is of two incidents, and no event of one.`);
  }
}

/** The same trouble is worked on once. */
async function assertNoOther(ctx: ServiceContext, number: number): Promise<void> {
  const row = await getIncidentRow(ctx, number);
  const other = await findIncidentOfKey(ctx, row.groupKey);
  if (other !== null && other.id !== row.id && isOpenIncident(other.state))
    throw new AppError(
      "conflict",
      `Incident ${other.number} is open for the same trouble: work on that one.`,
    );
}
