import { acceptanceTests } from "./acceptance-tests.ts";
import { Failure } from "./failure.ts";
import { logFile } from "./log-file.ts";
import { tellChange } from "./tell-change.ts";
import type { Terminal } from "./terminal.ts";
import { uploadBaseline } from "./upload-baseline.ts";
import { usage } from "./usage.ts";
import { whoami } from "./whoami.ts";

/** Resolves to the exit code; what is to be read has been written by then. */
export async function runCommand(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    const failure = asFailure(error);
    terminal.err(`plumbline: ${failure.message}\n`);
    return failure.exitCode;
  }
}

async function dispatch(args: string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = args;
  if (args.length === 0 || args.includes("--help") || args.includes("-h") || command === "help") {
    terminal.out(usage);
    return args.length === 0 ? 2 : 0;
  }
  switch (command) {
    case "acceptance-tests":
      return acceptanceTests(rest, terminal);
    case "baseline":
      if (rest[0] !== "upload")
        throw new Failure(2, `baseline ${rest[0] ?? ""}: only "baseline upload FILE" is known`);
      return uploadBaseline(rest.slice(1), terminal);
    case "log":
      return logFile(rest, terminal);
    case "change":
      return tellChange(rest, terminal);
    case "whoami":
      return whoami(rest, terminal);
    default:
      throw new Failure(2, `${command}: no such command; try plumbline --help`);
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (
    code.startsWith("ERR_PARSE_ARGS") ||
    code === "ENOENT" ||
    code === "EISDIR" ||
    code === "EACCES"
  )
    return new Failure(2, message);
  return new Failure(1, message);
}
