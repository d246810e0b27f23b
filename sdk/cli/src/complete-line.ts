import { randomBytes } from "node:crypto";

export type LineKind = "predictions" | "labels" | "features";

export interface LineDefaults {
  model?: string | undefined;
  version?: string | undefined;
  environment?: string | undefined;
}

/** The line with what it lacks put in front; its own bytes stay as they are, numbers of any length included. Null when it
 *  is no JSON object. A row gets an id and a time here, since without them a repeated request would store it twice. */
export function completeLine(
  line: string,
  defaults: LineDefaults,
  kind: LineKind,
  nowMs: number,
): string | null {
  const row = parseRow(line);
  if (row === null) return null;
  const added: Record<string, string> = {};
  for (const name of ["model", "version", "environment"] as const) {
    const value = defaults[name];
    const isMeant = name !== "version" || kind !== "labels";
    if (value !== undefined && isMeant && !(name in row)) added[name] = value;
  }
  if (kind === "predictions" && !("prediction_id" in row)) {
    added.prediction_id = uuid7(nowMs);
    if (!("timestamp" in row)) added.timestamp = new Date(nowMs).toISOString();
  }
  const text = line.trim();
  const names = Object.keys(added).length;
  if (names === 0) return text;
  const rest = text.slice(1).trimStart();
  return `${JSON.stringify(added).slice(0, -1)}${rest.startsWith("}") ? "" : ","}${rest}`;
}

function parseRow(line: string): object | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function uuid7(ms: number): string {
  const stamp = ms.toString(16).padStart(12, "0");
  const noise = randomBytes(10).toString("hex");
  const variant = (Number.parseInt(noise.slice(3, 4), 16) & 0x3) + 8;
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${noise.slice(0, 3)}-${variant.toString(16)}${noise.slice(4, 7)}-${noise.slice(7, 19)}`;
}
