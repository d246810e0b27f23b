import type { EscalationSnapshot } from "#lib/domain/escalation.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { nextEscalation } from "#lib/rules/escalation.ts";
import { findTargets } from "../escalation/find-targets.ts";
import type { Alerting } from "./alerting.ts";
import { workerActor } from "./alerting.ts";
import type { OpenFile } from "./incident-desk.ts";

/** More than a policy can have levels and rounds is a mistake. */
const stepsMax = 100;
/** How soon what a silence holds is looked at again. */
const silenceLookMs = 15_000;

/** Pages whoever the incident's own copy of the policy says is next: their destinations hear of it from now on, and those that know it
 *  already hear that it escalated. Answers when to look again; null: not by time. */
export async function escalate(
  alerting: Alerting,
  file: OpenFile,
  isSilenced: boolean,
): Promise<Date | null> {
  const { facts } = file;
  const policy = file.row.escalation;
  if (policy === null || !isOpenIncident(facts.state)) return null;
  // Its own acknowledgement runs out by an event, with the time that the policy gives; here it stops the pages.
  if (facts.state !== "triggered") return null;
  for (let i = 0; i < stepsMax; i += 1) {
    const { escalationStepCount: stepCount, escalationLastAt: lastStepAt } = file.row;
    const progress = {
      startedAt: facts.notifyFrom,
      stepCount,
      lastStepAt,
      acknowledgedAt: null,
      isOver: false,
      isSilenced,
    };
    const next = nextEscalation(policy, progress, alerting.now);
    switch (next.kind) {
      case "wait":
        return next.untilTime;
      case "page":
        await page(alerting, file, next);
        break;
      case "held":
        return new Date(alerting.now.getTime() + silenceLookMs);
      case "unacknowledge":
      case "exhausted":
      case "stopped":
        return null;
    }
  }
  return null;
}

async function page(
  alerting: Alerting,
  file: OpenFile,
  {
    step,
    level,
    reason,
  }: Pick<
    Extract<ReturnType<typeof nextEscalation>, { kind: "page" }>,
    "step" | "level" | "reason"
  >,
): Promise<void> {
  const { pg, workspaceId, now } = alerting;
  const { people, destinationIds, problems } = await findTargets(pg, workspaceId, level, now);
  const named = people.map(({ name, via }) => (via === "" ? name : `${name} (${via})`));
  const whom = named.length === 0 ? "" : `: ${named.join(", ")}`;
  file.row = {
    ...file.row,
    destinationIds: [...new Set([...file.row.destinationIds, ...destinationIds])],
    escalationStepCount: step + 1,
    escalationLastAt: now,
  };
  const text = `${step === 0 ? "Paged" : "Escalated to"} ${reason}${whom}`;
  file.entries.push({ kind: "escalated", text, occurredAt: now, actor: workerActor });
  if (problems.length > 0 || (named.length === 0 && destinationIds.length === 0))
    file.entries.push({
      kind: "not_told",
      text: `This level does not reach everybody: ${problems.join(", ") || "it has no destination"}`,
      occurredAt: now,
      actor: workerActor,
    });
  // The first level is the beginning itself.
  if (step > 0) file.tells.push({ kind: "escalated", note: `${reason}${whom}`, destinationIds });
}

/** How long an acknowledgement holds by the policy; null: until the end. */
export function ackTimeoutOf(
  policy: EscalationSnapshot | null,
  usualMs: number | null,
): number | null {
  if (policy === null) return usualMs;
  const { ackTimeoutMinutes } = policy.rules;
  return ackTimeoutMinutes === null ? null : ackTimeoutMinutes * 60_000;
}
