import type { EscalationPolicy } from "#lib/api/escalation.ts";
import type { EscalationRules, EscalationTarget } from "#lib/domain/escalation.ts";
import { ackTimeoutMinutesDefault, escalationLimits } from "#lib/domain/escalation.ts";

export interface LevelDraft {
  /** "schedule <id>", "team <id>", "user <id>" or "destination <id>". */
  targets: string[];
  waitMinutes: string;
}

/** What was typed into the editor of a policy. */
export interface PolicyDraft {
  name: string;
  levels: LevelDraft[];
  repeatCount: string;
  ackTimeoutMinutes: string;
  isDefault: boolean;
}

export function draftPolicy(policy: EscalationPolicy | null): PolicyDraft {
  if (policy === null)
    return {
      name: "",
      levels: [{ targets: [], waitMinutes: "5" }],
      repeatCount: "1",
      ackTimeoutMinutes: String(ackTimeoutMinutesDefault),
      isDefault: false,
    };
  const { rules } = policy;
  return {
    name: policy.name,
    levels: rules.levels.map(({ targets, destinationIds, waitMinutes }) => ({
      targets: [
        ...targets.map(({ kind, id }) => `${kind} ${id}`),
        ...destinationIds.map((id) => `destination ${id}`),
      ],
      waitMinutes: String(waitMinutes),
    })),
    repeatCount: String(rules.repeatCount),
    ackTimeoutMinutes: rules.ackTimeoutMinutes === null ? "" : String(rules.ackTimeoutMinutes),
    isDefault: policy.isDefault,
  };
}

/** What a draft asks for; null where something of it is missing. */
export function readPolicy(
  draft: PolicyDraft,
): { name: string; rules: EscalationRules; isDefault: boolean } | null {
  const repeatCount = Number(draft.repeatCount);
  const ackText = draft.ackTimeoutMinutes.trim();
  const ackTimeoutMinutes = ackText === "" ? null : Number(ackText);
  const levels = draft.levels.map(({ targets, waitMinutes }) => ({
    targets: targets.flatMap(readTarget),
    destinationIds: targets.flatMap((text) =>
      text.startsWith("destination ") ? [text.slice("destination ".length)] : [],
    ),
    waitMinutes: Number(waitMinutes),
  }));
  const isWait = (minutes: number) => Number.isInteger(minutes) && minutes >= 1;
  const isWhole =
    draft.name.trim() !== "" &&
    Number.isInteger(repeatCount) &&
    repeatCount >= 0 &&
    repeatCount <= escalationLimits.repeatMax &&
    (ackTimeoutMinutes === null || isWait(ackTimeoutMinutes)) &&
    levels.every(
      ({ targets, destinationIds, waitMinutes }) =>
        targets.length + destinationIds.length > 0 && isWait(waitMinutes),
    );
  if (!isWhole) return null;
  return {
    name: draft.name.trim(),
    rules: { levels, repeatCount, ackTimeoutMinutes },
    isDefault: draft.isDefault,
  };
}

function readTarget(text: string): EscalationTarget[] {
  const [kind, id] = text.split(" ");
  if (id === undefined) return [];
  if (kind === "user" || kind === "schedule" || kind === "team") return [{ kind, id }];
  return [];
}
