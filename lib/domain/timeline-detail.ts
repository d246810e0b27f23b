import { z } from "zod";
import { incidentPhaseSchema } from "./incident.ts";
import { queryResultSchema } from "./runbook.ts";

/** What an entry of a timeline shows beside its words, one member per kind of thing. */
export const timelineDetailSchema = z.discriminatedUnion("kind", [
  /** A page of the console that says more: a path from the workspace's root, without a leading slash. */
  z.object({ kind: z.literal("link"), path: z.string().max(500), label: z.string().max(200) }),
  /** What a runbook's query step found, with the points to draw. */
  z.object({ kind: z.literal("query_result"), result: queryResultSchema }),
  /** A status update: how far people have come. */
  z.object({ kind: z.literal("status"), phase: incidentPhaseSchema }),
]);
export type TimelineDetail = z.infer<typeof timelineDetailSchema>;
