import {
  exportPostmortemInput,
  exportPostmortemOutput,
  postmortemOutput,
} from "#lib/api/postmortem.ts";
import { renderPostmortem } from "#lib/rules/render-postmortem.ts";
import { defineService } from "../define-service.ts";
import { readPostmortem } from "./get-postmortem.ts";

/** A postmortem as a file: Markdown for people, JSON for programs. */
export const exportPostmortem = defineService({
  name: "exportPostmortem",
  role: "viewer",
  input: exportPostmortemInput,
  output: exportPostmortemOutput,
  writes: false,
  async run(ctx, { format, ...input }) {
    const postmortem = postmortemOutput.parse(await readPostmortem(ctx, input));
    const name = `postmortem-${input.incident}-edition-${postmortem.edition}`;
    switch (format) {
      case "markdown":
        return {
          fileName: `${name}.md`,
          mediaType: "text/markdown",
          content: renderPostmortem(postmortem),
        };
      case "json":
        return {
          fileName: `${name}.json`,
          mediaType: "application/json",
          content: `${JSON.stringify(postmortem, null, 2)}\n`,
        };
    }
  },
});
