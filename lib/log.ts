import type { Logger } from "pino";
import { pino } from "pino";

export type { Logger } from "pino";

export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { process: name },
    redact: ["authorization", "password", "*.authorization", "*.password", "headers.cookie"],
  });
}
