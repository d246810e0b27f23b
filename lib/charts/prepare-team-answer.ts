import type { TeamList } from "#lib/api/team.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, plural, sentence } from "./sentence.ts";

/** Who owns which model? */
export function prepareTeamAnswer({ teams, unownedModels }: TeamList): Answer {
  const count = figure(`${teams.length} ${plural(teams.length, "team")}`);
  if (unownedModels.length > 0)
    return {
      health: "watch",
      headline: sentence`${listNames(unownedModels)} ${plural(unownedModels.length, "belongs", "belong")} to no team.`,
      detail: sentence`${count}. Incidents of what nobody owns go to the default escalation policy.`,
    };
  return {
    health: null,
    headline:
      teams.length === 0
        ? sentence`There is no team, and no model that could belong to one.`
        : sentence`Every model belongs to one of ${count}.`,
    detail: sentence`A team's incidents are paged by its escalation policy and told at its destinations.`,
  };
}
