import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ErrorCode } from "#lib/domain/errors.ts";
import { AppError } from "#lib/domain/errors.ts";
import { toProblem } from "./to-problem.ts";

const table: [ErrorCode, number][] = [
  ["invalid_request", 400],
  ["unauthorized", 401],
  ["forbidden", 403],
  ["not_found", 404],
  ["conflict", 409],
  ["stale", 412],
  ["too_large", 413],
  ["unsupported_type", 415],
  ["limit_exceeded", 429],
  ["internal", 500],
  ["unavailable", 503],
];

describe("what we foresaw", () => {
  test.each(table)("%s is %i and keeps its message", (code, status) => {
    const { problem, headers } = toProblem(new AppError(code, "said so"), "r1");
    expect(problem).toMatchObject({ status, code, detail: "said so", requestId: "r1" });
    expect(headers["content-type"]).toBe("application/problem+json");
  });

  test("a wait is told in seconds", () => {
    const error = new AppError("limit_exceeded", "slowly", { retryAfterSeconds: 7 });
    expect(toProblem(error, "r1").headers["retry-after"]).toBe("7");
  });
});

describe("a request that does not fit its schema", () => {
  const schema = z.object({ features: z.object({ distance: z.number() }) });

  test("names the path, the type that is expected and the type that came, never the value", () => {
    const { error } = schema.safeParse({ features: { distance: "s3cret" } }, { reportInput: true });
    const { problem } = toProblem(error, "r1");
    expect(problem).toMatchObject({
      status: 400,
      code: "invalid_request",
      errors: [{ path: "features.distance", expected: "number", received: "string" }],
    });
    expect(JSON.stringify(problem)).not.toContain("s3cret");
  });

  test("is told in full up to fifty mistakes", () => {
    const many = z.object(Object.fromEntries(Array.from({ length: 80 }, (_, i) => [i, z.int()])));
    expect(toProblem(many.safeParse({}).error, "r1").problem.errors).toHaveLength(50);
  });
});

describe("what nobody foresaw", () => {
  test.each([
    ["an error", new Error("password=hunter2")],
    ["a string", "password=hunter2"],
    ["nothing", undefined],
  ])("%s hides its message, and is handed to the log", (_, thrown) => {
    const { problem, cause } = toProblem(thrown, "r1");
    expect(problem).toMatchObject({ status: 500, code: "internal", requestId: "r1" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
    expect(cause).toBe(thrown);
  });
});

test.each([
  ["Postgres refuses the connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" })],
  ["ClickHouse took too long", Object.assign(new Error("x"), { code: "159" })],
])("%s: 503 with a wait, also when it is wrapped", (_, cause) => {
  const { status, headers } = toProblem(new Error("Failed query", { cause }), "r1");
  expect(status).toBe(503);
  expect(headers["retry-after"]).toBe("5");
});
