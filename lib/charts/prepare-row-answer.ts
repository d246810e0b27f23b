import type { Segment } from "#lib/domain/segment.ts";
import { nameModelSegment } from "./name-segment.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

export interface RowSearch {
  model: string;
  segment: Segment | null;
  predictionId: string | undefined;
  entityId: string | undefined;
  rangeText: string;
}

/** Find one prediction: was it found? */
export function prepareRowAnswer(search: RowSearch, found: number, hasMore: boolean): Answer {
  const model = nameModelSegment(search);
  const what =
    search.predictionId !== undefined
      ? sentence` with id ${name(search.predictionId)}`
      : entityPart(search.entityId);
  if (found === 0)
    return {
      health: null,
      headline: sentence`No row of ${model}${what} ${search.rangeText}.`,
      detail: sentence`Rows can be found about five seconds after they were acknowledged, and until their retention ends.`,
    };
  const count = figure(`${found} ${plural(found, "row")}`);
  const isSearch = search.predictionId !== undefined || search.entityId !== undefined;
  return {
    health: null,
    headline: isSearch
      ? sentence`${count} of ${model}${what} ${search.rangeText}.`
      : sentence`The newest ${count} of ${model} ${search.rangeText}.`,
    detail: hasMore
      ? sentence`There are more; narrow the range or search by id.`
      : sentence`These are all of them.`,
  };
}

function entityPart(entityId: string | undefined) {
  return entityId === undefined ? sentence`` : sentence` of entity ${name(entityId)}`;
}
