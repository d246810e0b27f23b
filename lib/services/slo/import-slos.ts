import { parseAllDocuments } from "yaml";
import { importSlosInput, importSlosOutput } from "#lib/api/slo.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { assertSloName, insertNewSlo } from "./insert-new-slo.ts";
import { fromOpenslo } from "./openslo.ts";

const documentsMax = 100;
/** An alias can name what holds aliases: a few lines that unfold to gigabytes. */
const aliasesMax = 50;

/** All of the documents' objectives, or none. */
export const importSlos = defineService({
  name: "importSlos",
  role: "editor",
  input: importSlosInput,
  output: importSlosOutput,
  writes: true,
  async run(ctx, { yaml, isDryRun }) {
    const { slos, notes } = fromOpenslo(parseYaml(yaml));
    const made = [];
    for (const slo of slos) {
      if (isDryRun) {
        await getModelRow(ctx, slo.model);
        await assertSloName(ctx, slo.name, null);
      }
      const id = isDryRun ? null : await insertNewSlo(ctx, slo);
      made.push({ id, name: slo.name, model: slo.model });
    }
    if (isDryRun || made.length === 0) ctx.audit("unchanged");
    return { slos: made, notes };
  },
});

function parseYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) throw refuse("holds no document");
  if (documents.length > documentsMax) throw refuse(`holds more than ${documentsMax} documents`);
  return documents.flatMap((document): unknown[] => {
    const [error] = document.errors;
    if (error !== undefined) throw refuse(`is no YAML: ${error.message.split("\n")[0] ?? ""}`);
    try {
      const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
      return value === null ? [] : [value];
    } catch (cause) {
      throw refuse(`is no YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  });
}

function refuse(message: string): AppError {
  return new AppError("invalid_request", `yaml ${message}.`, {
    details: [{ path: "yaml", message }],
  });
}
