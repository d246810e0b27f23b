import type { z } from "zod";
import type { attachRuleSchema } from "#lib/domain/runbook.ts";

export interface ReadyRunbook {
  key: string;
  title: string;
  attach: z.input<typeof attachRuleSchema>;
  body: string;
}

export const readyRunbooks: readonly ReadyRunbook[] = [];
