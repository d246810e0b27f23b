import { checkRunbookInput, checkRunbookOutput } from "#lib/api/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { defineService } from "../define-service.ts";

/** Reads a text as it would be saved, and says what of it can't be meant. */
export const checkRunbook = defineService({
  name: "checkRunbook",
  role: "viewer",
  input: checkRunbookInput,
  output: checkRunbookOutput,
  writes: false,
  async run(_ctx, { body }) {
    const { problems, steps } = parseRunbook(body);
    return {
      problems: [...problems],
      steps: steps.map(({ id, number, kind, title, line }) => ({ id, number, kind, title, line })),
    };
  },
});
