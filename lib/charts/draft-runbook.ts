import type { Runbook, RunbookDraft } from "#lib/api/runbook.ts";
import type { AttachRule } from "#lib/domain/runbook.ts";

/** A runbook as the form holds it: an owner is one word, a day that is not set is empty. */
export interface RunbookFormState {
  title: string;
  body: string;
  /** "user:<id>", "team:<id>", or empty. */
  owner: string;
  reviewBy: string;
  attachRule: AttachRule;
  isEnabled: boolean;
  note: string;
}

const noRule: AttachRule = {
  causeClasses: [],
  monitorKinds: [],
  subjects: [],
  statistics: [],
  models: [],
  environments: [],
  tiers: [],
  severities: [],
  segment: "any",
};

const firstBody = `Say here when this is the right runbook, and when it is not.

\`\`\`step manual triage
title: Read what fired

Open the evidence. Note since when, on which feature and for whom.
\`\`\`

\`\`\`step query confirm
title: Does it still hold?
ask: drift verdict
of: incident
window: last 24 h
expect: no drift
in range: end
\`\`\`
`;

export function startRunbook(runbook: Runbook | null): RunbookFormState {
  if (runbook === null)
    return {
      title: "",
      body: firstBody,
      owner: "",
      reviewBy: "",
      attachRule: noRule,
      isEnabled: true,
      note: "",
    };
  const { title, body, owner, reviewBy, attachRule, isEnabled } = runbook;
  return {
    title,
    body,
    owner: owner === null ? "" : `${owner.kind}:${owner.id}`,
    reviewBy: reviewBy ?? "",
    attachRule,
    isEnabled,
    note: "",
  };
}

export function toRunbookDraft(form: RunbookFormState): RunbookDraft {
  const { title, body, owner, reviewBy, attachRule, isEnabled, note } = form;
  const [kind, id = ""] = owner.split(":");
  return {
    title: title.trim(),
    body,
    ownerUserId: kind === "user" ? id : null,
    ownerTeamId: kind === "team" ? id : null,
    reviewBy: reviewBy === "" ? null : reviewBy,
    attachRule,
    isEnabled,
    note: note.trim(),
  };
}

export const isSameRunbook = (a: RunbookFormState, b: RunbookFormState): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What was kept of an edit that was not saved; null: nothing that can be used. */
export function readKeptRunbook(
  text: string | null,
  start: RunbookFormState,
): RunbookFormState | null {
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== "object" || kept === null) return null;
    const found = { ...start, ...kept };
    const isWhole = typeof found.title === "string" && typeof found.body === "string";
    return isWhole && !isSameRunbook(found, start) ? found : null;
  } catch {
    return null;
  }
}

const fences = {
  manual: "```step manual name-it\ntitle: What to do\n\nHow to do it.\n```\n",
  query:
    "```step query name-it\ntitle: What to find out\nask: drift psi\nof: incident\nwindow: evidence\nexpect: < 0.2\n```\n",
  action: "```step action name-it\ntitle: What to change\naction: roll-back\n```\n",
} as const;

/** The text with an empty step of a kind at the line after `at`. */
export function insertStep(body: string, at: number, kind: keyof typeof fences): string {
  const line = body.indexOf("\n", at);
  const place = line === -1 ? body.length : line + 1;
  const before = body.slice(0, place);
  const gap = "\n".repeat(before === "" ? 0 : 2 - (/\n{0,2}$/.exec(before)?.[0].length ?? 0));
  return `${before}${gap}${fences[kind]}\n${body.slice(place)}`;
}

/** From where to where a line of a text reaches. */
export function placeOfLine(body: string, line: number): { from: number; until: number } {
  const lines = body.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return { from, until: from + (lines[line - 1]?.length ?? 0) };
}
