/** What the runtime may or may not have: Node, Deno, Bun, workers and browsers differ here and nowhere else. */

interface HostProcess {
  env?: Record<string, string | undefined>;
  on?(event: "beforeExit", listener: () => void): unknown;
  off?(event: "beforeExit", listener: () => void): unknown;
  emitWarning?(message: string, name: string): void;
}

const host = (globalThis as { process?: HostProcess }).process;

export const hostEnv: Record<string, string | undefined> = host?.env ?? {};

/** Returns how to stop listening. */
export function onBeforeExit(listener: () => void): () => void {
  host?.on?.("beforeExit", listener);
  return () => host?.off?.("beforeExit", listener);
}

export function printWarning(message: string): void {
  host?.emitWarning?.(message, "PlumblineWarning");
}

/** A timer that keeps no process alive. */
export function idleTimer(run: () => void, delayMs: number): () => void {
  const timer: unknown = setTimeout(run, delayMs);
  const node = timer as { unref?: () => void };
  if (typeof node === "object") node.unref?.();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}
