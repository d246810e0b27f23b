import type { Severity } from "#lib/domain/incident.ts";
import { severityNames } from "#lib/domain/incident.ts";
import type { CauseClass, SeriesSubject } from "#lib/domain/monitor.ts";
import type { AttachRule } from "#lib/domain/runbook.ts";
import { causeNames } from "./describe-incident.ts";

/** What an incident is known by when it opens. */
export interface IncidentTraits {
  causeClass: CauseClass;
  severity: Severity;
  monitorKinds: readonly string[];
  subjects: readonly SeriesSubject[];
  statistics: readonly string[];
  model: string | null;
  environment: string;
  tier: number | null;
  hasSegment: boolean;
}

interface Clause {
  isAsked: boolean;
  holds: boolean;
  words: string;
}

/** Why a runbook fits an incident, with how many things it asks for; null: it does not. With nothing asked it never fits. */
export function matchRunbook(
  rule: AttachRule,
  traits: IncidentTraits,
): { reason: string; weight: number } | null {
  const asked = clausesOf(rule, traits).filter(({ isAsked }) => isAsked);
  if (asked.length === 0 || asked.some(({ holds }) => !holds)) return null;
  return { reason: asked.map(({ words }) => words).join(", "), weight: asked.length };
}

function clausesOf(rule: AttachRule, traits: IncidentTraits): Clause[] {
  const of = (wanted: readonly unknown[], holds: boolean, words: string): Clause => ({
    isAsked: wanted.length > 0,
    holds,
    words,
  });
  const some = <T>(wanted: readonly T[], have: readonly T[]) =>
    wanted.some((one) => have.includes(one));
  const { model, tier } = traits;
  return [
    of(
      rule.causeClasses,
      rule.causeClasses.includes(traits.causeClass),
      causeNames[traits.causeClass],
    ),
    of(
      rule.monitorKinds,
      some<string>(rule.monitorKinds, traits.monitorKinds),
      `a monitor of ${traits.monitorKinds.join(" and ").replaceAll("_", " ")}`,
    ),
    of(
      rule.subjects,
      some(rule.subjects, traits.subjects),
      `of a ${traits.subjects.join(" and ")}`,
    ),
    of(
      rule.statistics,
      some(rule.statistics, traits.statistics),
      `by ${traits.statistics.join(" and ").replaceAll("_", " ")}`,
    ),
    of(rule.models, model !== null && rule.models.includes(model), `model ${model}`),
    of(
      rule.environments,
      rule.environments.includes(traits.environment),
      `environment ${traits.environment}`,
    ),
    of(rule.tiers, tier !== null && rule.tiers.includes(tier), `tier ${tier}`),
    of(rule.severities, rule.severities.includes(traits.severity), severityNames[traits.severity]),
    {
      isAsked: rule.segment !== "any",
      holds: (rule.segment === "one") === traits.hasSegment,
      words: traits.hasSegment ? "one segment" : "all rows",
    },
  ];
}

/** The rule in words, for whoever decides whether it is the right one. */
export function sayAttachRule(rule: AttachRule): string {
  const list = (words: readonly string[], before = "") =>
    words.length === 0 ? [] : [`${before}${words.join(" or ")}`];
  const parts = [
    ...list(rule.causeClasses.map((one) => causeNames[one])),
    ...list(
      rule.monitorKinds.map((one) => one.replaceAll("_", " ")),
      "a monitor of ",
    ),
    ...list(rule.subjects, "about a "),
    ...list(
      rule.statistics.map((one) => one.replaceAll("_", " ")),
      "by ",
    ),
    ...list(rule.models, "model "),
    ...list(rule.environments, "environment "),
    ...list(
      rule.tiers.map((tier) => String(tier)),
      "tier ",
    ),
    ...list(rule.severities.map((one) => severityNames[one])),
    ...(rule.segment === "any" ? [] : [rule.segment === "one" ? "of one segment" : "of all rows"]),
  ];
  return parts.length === 0 ? "by hand only" : parts.join(", ");
}
