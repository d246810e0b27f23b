import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { hasRole, roles } from "#lib/domain/role.ts";
import type { CallContext } from "#lib/services/context.ts";
import type { Service } from "#lib/services/define-service.ts";
import { renderOpenapi } from "./openapi.ts";
import { operations } from "./operations.ts";

const folder = join(import.meta.dirname, "../../app/api/v1");
// Called by programs of others, which have neither a session nor a key.
const inbound = [
  "inbound/actions/[run]/route.ts",
  "inbound/pagerduty/[destination]/route.ts",
  "inbound/slack/route.ts",
];
const notServices = new Set(["openapi.json/route.ts", ...inbound]);
const files = globSync("**/route.ts", { cwd: folder }).filter((file) => !notServices.has(file));

const doors = files.flatMap((file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const path = `/${dirname(file)}`.replaceAll(/\[(\w+)\]/g, "{$1}");
  return [...text.matchAll(/export const (GET|POST|PATCH|PUT|DELETE) = (?:\w+\()?(\w+)/g)].map(
    ([, method = "", service = ""]) => `${method.toLowerCase()} ${path} ${service}`,
  );
});

test("every door of the management API is in its description, and nothing else is", () => {
  const described = operations.map(
    ({ method, path, service }) => `${method} ${path} ${service.name}`,
  );
  expect(described.toSorted()).toEqual(doors.toSorted());
});

test("the description has what the path names in the path, and the rest in the query or the body", () => {
  const { paths } = renderOpenapi("https://plumbline.example");
  expect(paths["/workspaces/{workspace}/models/{model}/features/{feature}"]?.patch).toMatchObject({
    operationId: "updateFeature",
    parameters: [
      { name: "workspace", in: "path", required: true },
      { name: "model", in: "path" },
      { name: "feature", in: "path" },
    ],
    requestBody: {
      content: { "application/json": { schema: { required: ["type"] } } },
    },
    responses: { 204: { description: "Done" } },
  });
  expect(paths["/workspaces/{workspace}/onboarding"]?.get).toMatchObject({
    parameters: [
      { name: "workspace", in: "path" },
      { name: "since", in: "query", required: true, schema: { format: "date-time" } },
    ],
  });
});

test("what has a default may be left out", () => {
  const { paths } = renderOpenapi("https://plumbline.example");
  expect(JSON.stringify(paths["/workspaces"]?.post)).toContain('"required":["slug","name"]');
});

const now = new Date("2026-01-01T00:00:00.000Z");
const guarded = operations.flatMap(({ service }) => {
  const known = service as Partial<Service<z.ZodType, z.ZodType>>;
  const { name, role, call } = known;
  if (name === undefined || role === undefined || call === undefined) return [];
  return [{ name, role, call }];
});

describe.each(guarded)("$name needs $role", ({ role, call }) => {
  // Safe: whoever is refused never gets as far as a store.
  const noStores = {} as CallContext;
  const ask = (actor: CallContext["actor"]) =>
    call({ ...noStores, workspaceId: "00000000-0000-4000-8000-000000000001", actor, now }, {});
  const lower = roles.filter((candidate) => !hasRole(candidate, role));

  test(`and refuses ${lower.join(", ") || "no role that there is"}`, async () => {
    for (const candidate of lower) {
      await expect(ask({ kind: "user", userId: "u", role: candidate })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
  });

  test("and refuses a key that may only send rows", async () => {
    await expect(ask({ kind: "key", keyId: "k", scopes: ["ingest"] })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
