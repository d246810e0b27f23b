import type { Action } from "#lib/api/action.ts";
import type { ActionDefinition, ActionKind } from "#lib/domain/action.ts";
import { actionKindSchema } from "#lib/domain/action.ts";
import { defaultTemplate, refuseTemplate } from "#lib/rules/fill-template.ts";

/** What a person types; minutes and shares stay text until they are read. */
export interface ActionDraft {
  name: string;
  slug: string;
  url: string;
  token: string;
  kind: ActionKind;
  method: ActionDefinition["method"];
  body: string;
  timeLimit: string;
  isIdempotent: boolean;
  outcome: ActionDefinition["outcome"];
  reportMinutes: string;
  runRole: ActionDefinition["runRole"];
  approval: ActionDefinition["approval"];
  approvalRole: ActionDefinition["approvalRole"];
  approvalMinutes: string;
  coverage: string;
  noUpstream: boolean;
  challenger: boolean;
  /** Empty: nothing is verified. */
  verifyAfter: string;
  coolDown: string;
  /** Empty: no maximum. */
  dailyMax: string;
  isDryRun: boolean;
}

export const emptyActionDraft: ActionDraft = {
  name: "",
  slug: "",
  url: "",
  token: "",
  kind: "retrain",
  method: "POST",
  body: defaultTemplate,
  timeLimit: "15",
  isIdempotent: false,
  outcome: "answer",
  reportMinutes: "240",
  runRole: "editor",
  approval: "another",
  approvalRole: "editor",
  approvalMinutes: "240",
  coverage: "",
  noUpstream: true,
  challenger: false,
  verifyAfter: "30",
  coolDown: "60",
  dailyMax: "3",
  isDryRun: false,
};

export function draftOfAction({ name, slug, definition }: Action): ActionDraft {
  const { checks } = definition;
  const text = (value: number | null) => (value === null ? "" : String(value));
  return {
    name,
    slug,
    url: "",
    token: "",
    kind: definition.kind,
    method: definition.method,
    body: definition.body,
    timeLimit: text(definition.timeLimitSeconds),
    isIdempotent: definition.isIdempotent,
    outcome: definition.outcome,
    reportMinutes: text(definition.reportMinutesMax),
    runRole: definition.runRole,
    approval: definition.approval,
    approvalRole: definition.approvalRole,
    approvalMinutes: text(definition.approvalMinutesMax),
    coverage:
      checks.labelCoverageMin === null
        ? ""
        : text(Math.round(checks.labelCoverageMin * 1_000) / 10),
    noUpstream: checks.noUpstreamIncident,
    challenger: checks.challengerNotWorse,
    verifyAfter: text(definition.verifyAfterMinutes),
    coolDown: text(definition.coolDownMinutes),
    dailyMax: text(definition.dailyMax),
    isDryRun: definition.isDryRun,
  };
}

/** What is wrong with a draft's body, before it is sent; null: nothing. */
export function bodyProblem({ body }: ActionDraft): string | null {
  const refusal = refuseTemplate(body);
  return refusal === null ? null : `The body ${refusal}.`;
}

/** As the API takes it; what is no number goes as it is, so that the server says so in its own words. */
export function readActionDraft(draft: ActionDraft): ActionDefinition {
  return {
    kind: actionKindSchema.parse(draft.kind),
    method: draft.method,
    body: draft.body,
    timeLimitSeconds: readNumber(draft.timeLimit),
    isIdempotent: draft.isIdempotent,
    outcome: draft.outcome,
    reportMinutesMax: readNumber(draft.reportMinutes),
    runRole: draft.runRole,
    approval: draft.approval,
    approvalRole: draft.approvalRole,
    approvalMinutesMax: readNumber(draft.approvalMinutes),
    checks: {
      labelCoverageMin: readShare(draft.coverage),
      noUpstreamIncident: draft.noUpstream,
      challengerNotWorse: draft.challenger,
    },
    verifyAfterMinutes: readOptional(draft.verifyAfter),
    coolDownMinutes: readOptional(draft.coolDown) ?? 0,
    dailyMax: readOptional(draft.dailyMax),
    isDryRun: draft.isDryRun,
  };
}

const readNumber = (text: string) => Number(text.trim().replace(",", "."));
const readOptional = (text: string) => (text.trim() === "" ? null : readNumber(text));
/** Typed as per cent. */
export const readShare = (text: string) => {
  const share = readOptional(text);
  return share === null ? null : share / 100;
};

/** "Retrain eta" is retrain-eta. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);
