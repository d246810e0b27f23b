import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { roleSchema } from "#lib/domain/role.ts";
import { requestJson } from "./request.ts";

export const sessionOutput = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  workspaces: z.array(
    z.object({
      id: z.uuid(),
      slug: z.string(),
      name: z.string(),
      role: roleSchema,
      timeZone: z.string(),
      isDemo: z.boolean(),
    }),
  ),
});
export type Session = z.infer<typeof sessionOutput>;

export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => requestJson({ path: "/session", output: sessionOutput, signal }),
    staleTime: 30_000,
  });
