import { spawn } from "node:child_process";

export type CommandResult = { exitCode: number; output: string; stdout: string; seconds: number };

type Options = {
  cwd: string;
  env?: Record<string, string | undefined>;
  isEchoed?: boolean;
  timeoutMs?: number;
};

const PLAIN = { NO_COLOR: "1", FORCE_COLOR: undefined };
const KILL_AFTER_MS = 10_000;

/** Lets Ctrl-C and a stop end this process in the orderly way, which stops what it runs. */
export function exitOnSignals() {
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}

/** Runs one program to its end and keeps what it said. A program that cannot be started counts as failed, and so
 *  does one that takes longer than `timeoutMs`. It is stopped when this process is. */
export function runCommand(command: readonly string[], options: Options): Promise<CommandResult> {
  const [program = "", ...args] = command;
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...PLAIN, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: string[] = [];
  const all: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout.push(text);
    all.push(text);
    if (options.isEchoed) process.stdout.write(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    all.push(text);
    if (options.isEchoed) process.stderr.write(text);
  });

  const timers: NodeJS.Timeout[] = [];
  const stop = () => {
    child.kill("SIGTERM");
    timers.push(setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS));
  };
  if (options.timeoutMs !== undefined) {
    const seconds = options.timeoutMs / 1000;
    timers.push(
      setTimeout(() => {
        all.push(`stopped: it took longer than ${seconds} s\n`);
        stop();
      }, options.timeoutMs),
    );
  }
  const onExit = () => child.kill("SIGTERM");
  process.once("exit", onExit);

  const finish = (exitCode: number) => {
    for (const timer of timers) clearTimeout(timer);
    process.off("exit", onExit);
    resolve({
      exitCode,
      output: all.join(""),
      stdout: stdout.join(""),
      seconds: (performance.now() - startedMs) / 1000,
    });
  };
  child.on("error", (error) => {
    all.push(`${error.message}\n`);
    finish(127);
  });
  child.on("close", (code) => finish(code ?? 1));
  return promise;
}
