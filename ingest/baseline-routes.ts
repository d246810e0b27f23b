import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { findKeyRow } from "#db/postgres/queries/key.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import { baselineMappingSchema } from "#lib/domain/baseline-mapping.ts";
import { AppError } from "#lib/domain/errors.ts";
import { getBaselineRow } from "#lib/services/baseline/get-baseline-row.ts";
import { importBaseline } from "#lib/services/baseline/import-baseline.ts";
import { baselineFormats } from "#lib/services/baseline/stage-baseline.ts";
import type { KeyDoorOptions } from "./key-door.ts";
import { contentEncodingOf, decode, describeKey, keyIdOf, openCall } from "./key-door.ts";

export interface BaselineRoutesOptions extends KeyDoorOptions {
  /** Where an upload lies while it is looked at; the system's own folder when absent. */
  spoolFolder?: string;
}

const uploadQuery = z.strictObject({
  model: z.string().min(1).max(128),
  version: z.string().min(1).max(128).default("unversioned"),
  name: z.string().min(1).max(128).default("training"),
  format: z.enum(baselineFormats),
  mapping: z.string().max(65_536).default("{}"),
});

const baselineParams = z.object({ id: z.uuid() });

/** The doors for a baseline's file, and for a client that asks whose key it holds. Errors are those of every door here: what
 *  is thrown becomes a problem in the server's own handler. */
export function registerBaselineRoutes(app: FastifyInstance, options: BaselineRoutesOptions): void {
  app.post("/v1/baselines", async (request, reply) => {
    const call = await openCall(options, request);
    const { mapping, ...query } = uploadQuery.parse(request.query);
    const { raw } = request;
    const length = raw.headers["content-length"];
    const isEncoded = contentEncodingOf(request) !== "identity";
    const imported = await importBaseline(
      call,
      { ...query, mapping: parseMapping(mapping), createdBy: await describeKey(call) },
      decode(request),
      length === undefined || isEncoded ? undefined : Number(length),
      options.spoolFolder,
    );
    return reply.status(202).send({ baseline_id: imported.baselineId, state: imported.state });
  });

  app.get("/v1/baselines/:id", async (request) => {
    const call = await openCall(options, request);
    const { id } = baselineParams.parse(request.params);
    const baseline = await getBaselineRow(
      { pg: call.postgres.db, workspaceId: call.workspaceId },
      id,
    );
    return {
      baseline_id: baseline.id,
      state: baseline.state,
      row_count: baseline.rowCount,
      error: baseline.error,
      is_active: baseline.isActive,
    };
  });

  app.get("/v1/whoami", async (request) => {
    const call = await openCall(options, request);
    const scope = { pg: call.postgres.db, workspaceId: call.workspaceId };
    const [workspace, key] = await Promise.all([
      findWorkspace(scope),
      findKeyRow(scope, keyIdOf(call)),
    ]);
    if (workspace === null || key === null)
      throw new AppError("unauthorized", "The API key is not known.");
    return {
      workspace: { id: workspace.id, slug: workspace.slug, name: workspace.name },
      key: { name: key.name, prefix: key.prefix, scopes: key.scopes },
    };
  });
}

function parseMapping(text: string) {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid_request", "mapping is not JSON.", {
      details: [{ path: "mapping", message: "must be a JSON object" }],
      cause: error,
    });
  }
  return baselineMappingSchema.parse(mapping);
}
