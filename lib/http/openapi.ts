import { z } from "zod";
import { problemSchema } from "#lib/api/request.ts";
import type { Operation } from "./operations.ts";
import { operations } from "./operations.ts";

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  [keyword: string]: unknown;
}

/** OpenAPI 3.1 of the management API, from the schemas that the handlers themselves parse with. */
export function renderOpenapi(publicUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Plumbline management API",
      version: "1",
      description:
        "Everything that the console can do. Data goes in by /v1 of the same address. Failures are RFC 9457 problem details.",
    },
    servers: [{ url: `${publicUrl.replace(/\/$/, "")}/api/v1` }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: toSchema(problemSchema, "output") },
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "A key of the workspace: pl_…" },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
      },
    },
  };
}

function describeOperation(operation: Operation) {
  const { path, service } = operation;
  const input = toSchema(service.input, "input");
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const rest = Object.keys(input.properties ?? {}).filter((name) => !inPath.includes(name));
  const hasQuery = operation.method === "get" || operation.fileTypes !== undefined;
  return {
    operationId: service.name,
    summary: operation.summary,
    tags: [path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "session"],
    parameters: [
      ...inPath.map((name) => ({
        name,
        in: "path",
        required: true,
        schema: input.properties?.[name] ?? { type: "string" },
      })),
      ...(hasQuery ? rest : []).map((name) => ({
        name,
        in: "query",
        required: input.required?.includes(name) ?? false,
        schema: input.properties?.[name],
      })),
    ],
    ...describeBody(operation, input, rest),
    responses: describeResponses(operation),
  };
}

function describeBody(operation: Operation, input: JsonSchema, names: string[]) {
  if (operation.fileTypes !== undefined) {
    const content = operation.fileTypes.map((type) => [type, { schema: { format: "binary" } }]);
    return { requestBody: { required: true, content: Object.fromEntries(content) } };
  }
  if (operation.method === "get" || names.length === 0) return {};
  const schema = {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, input.properties?.[name]])),
    required: names.filter((name) => input.required?.includes(name)),
  };
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function describeResponses({ service: { output }, answerTypes }: Operation) {
  const problem = {
    description: "What went wrong, as problem details",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  if (answerTypes !== undefined) {
    const content = answerTypes.map((type) => [type, { schema: { format: "binary" } }]);
    return {
      200: { description: "The file", content: Object.fromEntries(content) },
      default: problem,
    };
  }
  if (output instanceof z.ZodUndefined) return { 204: { description: "Done" }, default: problem };
  const schema = toSchema(output, "output");
  return {
    200: { description: "The answer", content: { "application/json": { schema } } },
    default: problem,
  };
}

function toSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  // Safe: z.toJSONSchema answers JSON Schema, of which this names the keywords that are read here.
  return json as JsonSchema;
}
