import { evidenceInput, evidenceOutput } from "#lib/api/incident.ts";
import { defineService } from "../define-service.ts";
import { readEvidence } from "./read-evidence.ts";

/** Why an alert began to fire, as it stood then. */
export const getEvidence = defineService({
  name: "getEvidence",
  role: "viewer",
  input: evidenceInput,
  output: evidenceOutput,
  writes: false,
  run: (ctx, input) => readEvidence(ctx, input),
});
