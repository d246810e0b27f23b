import { hash } from "node:crypto";

/** What an incident is known by outside: SHA-256 in hex, since limits differ and names have any length. With the workspace, so that
 *  two that share a routing key never resolve each other's alert. */
export function dedupKeyOf(workspaceId: string, groupKey: string): string {
  return hash("sha256", `${workspaceId}\n${groupKey}`, "hex");
}
