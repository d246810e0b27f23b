import { listActionRows } from "#db/postgres/queries/action.ts";
import { actionListInput, actionListOutput } from "#lib/api/action.ts";
import { defineService } from "../define-service.ts";
import { toActions } from "./to-action.ts";

export const listActions = defineService({
  name: "listActions",
  role: "viewer",
  input: actionListInput,
  output: actionListOutput,
  writes: false,
  async run(ctx) {
    return { actions: await toActions(ctx, await listActionRows(ctx)) };
  },
});
