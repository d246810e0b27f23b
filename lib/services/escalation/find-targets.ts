import type { Postgres } from "#db/postgres/client.ts";
import { findScheduleRow } from "#db/postgres/queries/schedule.ts";
import { findTeamRow, listTeamMemberRows, nameUsers } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { EscalationLevel, EscalationTarget } from "#lib/domain/escalation.ts";
import { whoIsOnCall } from "#lib/rules/on-call.ts";
import { readSchedules } from "../schedule/read-schedule.ts";

export interface PagedPerson {
  userId: string;
  name: string;
  /** "on call for ML primary", "team Ranking", "" of whoever is named. */
  via: string;
}

export interface FoundTargets {
  /** Everybody once. */
  people: PagedPerson[];
  destinationIds: string[];
  /** Targets that are gone, or have left, in words. */
  problems: string[];
}

/** Whom a level pages now, and where. Who is on call is asked at the time of the page, not when the incident began. */
export async function findTargets(
  tx: Postgres,
  workspaceId: string,
  level: EscalationLevel,
  now: Date,
): Promise<FoundTargets> {
  const scope = { pg: tx, workspaceId };
  const parts: FoundTargets[] = [];
  for (const target of level.targets) parts.push(await findTarget(scope, target, now));
  const people = new Map(
    parts
      .flatMap((part) => part.people)
      .reverse()
      .map((person) => [person.userId, person]),
  );
  const destinationIds = [...level.destinationIds, ...parts.flatMap((part) => part.destinationIds)];
  return {
    people: [...people.values()].reverse(),
    destinationIds: [...new Set(destinationIds)],
    problems: parts.flatMap((part) => part.problems),
  };
}

const problem = (words: string): FoundTargets => ({
  people: [],
  destinationIds: [],
  problems: [words],
});

async function findTarget(
  scope: PostgresScope,
  { kind, id }: EscalationTarget,
  now: Date,
): Promise<FoundTargets> {
  switch (kind) {
    case "user": {
      const person = (await nameUsers(scope, [id])).get(id);
      if (person?.isMember !== true) return problem(`${person?.name ?? "somebody"} has left`);
      const people = [{ userId: id, name: person.name, via: "" }];
      return { people, destinationIds: [], problems: [] };
    }
    case "schedule": {
      const row = await findScheduleRow(scope, id);
      if (row === null) return problem("a schedule is gone");
      const { schedules, people } = await readSchedules(scope, [row], now);
      const schedule = schedules[0]?.schedule;
      if (schedule === undefined) return problem("a schedule is gone");
      const { userId } = whoIsOnCall(schedule, now);
      const person = people.get(userId);
      if (person?.isMember !== true)
        return problem(`${person?.name ?? "somebody"}, on call for ${row.name}, has left`);
      const found = [{ userId, name: person.name, via: `on call for ${row.name}` }];
      return { people: found, destinationIds: [], problems: [] };
    }
    case "team": {
      const team = await findTeamRow(scope, id);
      if (team === null) return problem("a team is gone");
      const members = await listTeamMemberRows(scope, [id]);
      const { destinationIds } = team;
      if (members.length === 0 && destinationIds.length === 0)
        return problem(`team ${team.name} has neither members nor destinations`);
      const people = members.map(({ userId, name }) => ({
        userId,
        name,
        via: `team ${team.name}`,
      }));
      return { people, destinationIds, problems: [] };
    }
  }
}
