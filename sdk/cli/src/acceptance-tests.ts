import { parseArgs } from "node:util";
import { callServer, expectStatus } from "./api-client.ts";
import { Failure } from "./failure.ts";
import { resolveServer, serverOptions } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

interface TestResult {
  item: number;
  title: string;
  state: string;
  isReopened: boolean;
  result: { verdict: "passed" | "failed" | "cannot_say"; sentence: string };
}

/** A replay of months says nothing until it is done. */
const replayIdleMs = 15 * 60_000;

const words = { passed: "ok    ", failed: "FAIL  ", cannot_say: "?     " } as const;

/** Runs the acceptance tests of a workspace's action items. 1 when one fails; what cannot be said fails only if it is asked to. */
export async function acceptanceTests(args: string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...serverOptions,
      workspace: { type: "string" },
      incident: { type: "string" },
      model: { type: "string" },
      done: { type: "boolean" },
      strict: { type: "boolean" },
    },
  });
  const server = resolveServer(values, terminal);
  const incident = values.incident === undefined ? undefined : Number(values.incident);
  if (incident !== undefined && !(Number.isInteger(incident) && incident >= 1))
    throw new Failure(2, `--incident ${values.incident} is no number of an incident`);
  const workspace = values.workspace ?? (await findWorkspace());
  const body = Buffer.from(JSON.stringify({ incident, model: values.model }));
  const reply = await callServer(server, {
    method: "POST",
    path: `/api/v1/workspaces/${encodeURIComponent(workspace)}/acceptance-tests/run`,
    headers: { "content-type": "application/json" },
    body,
    idleTimeoutMs: replayIdleMs,
  });
  const { results } = expectStatus(reply, 200, "acceptance-tests") as { results?: TestResult[] };
  if (!Array.isArray(results))
    throw new Failure(1, "acceptance-tests: the answer names no results; is this URL a Plumbline?");
  const counted = results.filter(
    ({ state, isReopened }) => values.done !== true || state === "done" || isReopened,
  );
  for (const { item, title, result, isReopened } of counted)
    terminal.out(
      `${words[result.verdict]}A-${item} ${oneLine(title)}\n      ${oneLine(result.sentence)}${isReopened ? " It was done, and is open again." : ""}\n`,
    );
  const count = (verdict: TestResult["result"]["verdict"]) =>
    counted.filter(({ result }) => result.verdict === verdict).length;
  terminal.out(
    `${count("passed")} passed, ${count("failed")} failed, ${count("cannot_say")} cannot say\n`,
  );
  const isLost = count("failed") > 0 || (values.strict === true && count("cannot_say") > 0);
  return isLost ? 1 : 0;

  async function findWorkspace(): Promise<string> {
    const answer = await callServer(server, { method: "GET", path: "/v1/whoami" });
    const known = expectStatus(answer, 200, "whoami") as { workspace?: { slug?: string } };
    const slug = known.workspace?.slug;
    if (slug === undefined) throw new Failure(2, "no workspace: give --workspace");
    return slug;
  }
}

/** What somebody wrote may hold what moves a terminal's cursor. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
