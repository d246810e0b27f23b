import { parseArgs } from "node:util";
import { callServer, expectStatus } from "./api-client.ts";
import { resolveServer, serverOptions } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

interface Identity {
  workspace?: { slug?: string; name?: string };
  key?: { name?: string; prefix?: string; scopes?: string[] };
}

export async function whoami(args: string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({ args, options: serverOptions });
  const server = resolveServer(values, terminal);
  const reply = await callServer(server, { method: "GET", path: "/v1/whoami" });
  const { workspace, key } = expectStatus(reply, 200, "whoami") as Identity;
  terminal.out(
    [
      `workspace  ${workspace?.name ?? ""} (${workspace?.slug ?? ""})`,
      `key        ${key?.name ?? ""} (${key?.prefix ?? ""}…)`,
      `scopes     ${key?.scopes?.join(", ") ?? ""}`,
      `server     ${server.url}`,
      "",
    ].join("\n"),
  );
  return 0;
}
