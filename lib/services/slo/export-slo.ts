import { stringify } from "yaml";
import { exportSloOutput, sloInput } from "#lib/api/slo.ts";
import { defineService } from "../define-service.ts";
import { getSloRow } from "./get-slo-row.ts";
import { toOpenslo } from "./openslo.ts";

export const exportSlo = defineService({
  name: "exportSlo",
  role: "viewer",
  input: sloInput,
  output: exportSloOutput,
  writes: false,
  async run(ctx, { sloId }) {
    return { yaml: stringify(toOpenslo(await getSloRow(ctx, sloId))) };
  },
});
