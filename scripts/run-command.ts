import { spawn } from "node:child_process";

export type CommandResult = { exitCode: number; output: string; stdout: string; seconds: number };

type Options = { cwd: string; env?: NodeJS.ProcessEnv; isEchoed?: boolean };

const COLOURS_OFF = { NO_COLOR: "1", FORCE_COLOR: undefined, CI_COLOR: undefined };

/** Runs one program to its end and keeps what it said. A program that cannot be started counts as failed. */
export function runCommand(command: readonly string[], options: Options): Promise<CommandResult> {
  const [program = "", ...args] = command;
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...COLOURS_OFF, ...options.env },
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
  const finish = (exitCode: number) =>
    resolve({
      exitCode,
      output: all.join(""),
      stdout: stdout.join(""),
      seconds: (performance.now() - startedMs) / 1000,
    });
  child.on("error", (error) => {
    all.push(`${error.message}\n`);
    finish(127);
  });
  child.on("close", (code) => finish(code ?? 1));
  return promise;
}
