import type { EscalationPolicy } from "#lib/api/escalation.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Who is paged, and who when nobody answers? */
export function prepareEscalationAnswer(policies: readonly EscalationPolicy[]): Answer {
  if (policies.length === 0)
    return {
      health: null,
      headline: sentence`There is no escalation policy, so an incident pages nobody in turn.`,
      detail: sentence`Make one that says who is paged first, who next when nobody acknowledges, and after how long.`,
    };
  const broken = policies.filter(({ problems }) => problems.length > 0);
  const [worst] = broken;
  if (worst !== undefined)
    return {
      health: "breach",
      headline: sentence`${name(worst.name)} does not reach everybody: ${worst.problems[0] ?? ""}.`,
      detail: sentence`${figure(String(broken.length))} of ${String(policies.length)} ${plural(policies.length, "policy", "policies")} ${plural(broken.length, "needs", "need")} a change.`,
    };
  const fallback = policies.find(({ isDefault }) => isDefault);
  return {
    health: fallback === undefined ? "watch" : null,
    headline:
      fallback === undefined
        ? sentence`No policy is the default: incidents of models that no team owns page nobody.`
        : sentence`What no team owns goes to ${name(fallback.name)}: first ${fallback.levels[0] ?? "nobody"}.`,
    detail: sentence`${figure(String(policies.length))} ${plural(policies.length, "policy", "policies")}. An incident keeps the policy as it was when it began; who is on call is asked when the page goes out.`,
  };
}
