import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

const cwd = tmpdir();
const node = process.execPath;

test("what a program says and how it ends are kept, standard output also by itself", async () => {
  const script = 'console.log("one"); console.error("two"); process.exitCode = 3';
  const result = await runCommand([node, "-e", script], { cwd });
  expect(result).toMatchObject({ exitCode: 3, stdout: "one\n" });
  expect(result.output).toContain("two");
});

test("a program that does not exist has failed", async () => {
  const result = await runCommand(["plumbline-no-such-program"], { cwd });
  expect(result.exitCode).toBe(127);
});

test("a program that never ends is stopped, and it is said why", async () => {
  const command = [node, "-e", "setInterval(() => {}, 1000)"];
  const result = await runCommand(command, { cwd, timeoutMs: 300 });
  expect(result.exitCode).not.toBe(0);
  expect(result.output).toContain("longer than 0.3 s");
});
