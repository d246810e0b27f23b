import { z } from "zod";

/** Labels are profiled apart from the rows that they came for. */
export const rowsOrLabels = z.enum(["rows", "labels"]).default("rows");

export const subjectsOf = (of: z.output<typeof rowsOrLabels>): string =>
  `subject ${of === "labels" ? "=" : "!="} 'label'`;
