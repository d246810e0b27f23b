import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { callServer } from "./api-client.ts";
import { Failure } from "./failure.ts";
import { parseObject, toFailure } from "./problem.ts";
import { resolveServer, serverOptions } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

/** Some two minutes of pauses: a deployment should not fail since the server is being started again. */
const attemptsMax = 9;

const fields = ["id", "model", "environment", "version", "source", "url"] as const;

/** Tells that something was changed: a line of a deployment's script. */
export async function tellChange(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      // What the server is found by keeps its name; where more is said is the link.
      ...serverOptions,
      id: { type: "string" },
      model: { type: "string" },
      environment: { type: "string" },
      version: { type: "string" },
      source: { type: "string" },
      link: { type: "string" },
      at: { type: "string" },
      detail: { type: "string", multiple: true },
    },
  });
  const [kind, title, ...more] = positionals;
  if (!kind || !title || more.length > 0)
    throw new Failure(2, 'change takes a kind and a title, such as: change deployment "eta 7"');
  const server = resolveServer(values, terminal);
  const given = { ...values, url: values.link, id: values.id ?? randomUUID() };
  const row: Record<string, unknown> = {
    kind,
    title,
    // The same in every attempt.
    occurred_at: values.at ?? new Date().toISOString(),
  };
  for (const field of fields) if (given[field] !== undefined) row[field] = given[field];
  if (values.detail !== undefined) row.details = readDetails(values.detail);
  const body = Buffer.from(JSON.stringify(row));
  const reply = await callServer(
    server,
    {
      method: "POST",
      path: "/v1/changes",
      headers: { "content-type": "application/json" },
      body,
      attemptsMax,
    },
    (reason) => terminal.err(`plumbline: ${reason}; trying again\n`),
  );
  if (reply.status === 202) {
    terminal.out(`told: ${kind}, ${title} (${given.id})\n`);
    return 0;
  }
  const { rejected } = parseObject(reply.text);
  const [first] = Array.isArray(rejected) ? (rejected as { message?: string }[]) : [];
  if (reply.status === 422 && first?.message !== undefined) throw new Failure(1, first.message);
  throw toFailure(reply, "change");
}

function readDetails(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new Failure(2, `--detail ${pair}: expected NAME=TEXT`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
