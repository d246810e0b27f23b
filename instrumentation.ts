/** Reads the environment when the server starts, so that a wrong one is said at once and not to the first visitor. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next writes this value into the bundle when it builds
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startRuntime } = await import("#lib/runtime.ts");
  startRuntime();
}
