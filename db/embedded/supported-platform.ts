import { arch, platform } from "node:process";

class UnsupportedPlatformError extends Error {}

/** The embedded engines exist for Linux (glibc) and macOS on x64 and arm64. */
export function assertPlatform(what: string, urlName: string): void {
  const remedy = `Set ${urlName} to a server instead, or run Plumbline on Linux with glibc or on macOS (x64 or arm64).`;
  if (platform !== "linux" && platform !== "darwin") {
    throw new UnsupportedPlatformError(
      `The embedded ${what} does not run on ${platform}. ${remedy}`,
    );
  }
  if (arch !== "x64" && arch !== "arm64") {
    throw new UnsupportedPlatformError(
      `The embedded ${what} does not run on ${arch} processors. ${remedy}`,
    );
  }
  if (platform === "linux" && !hasGlibc()) {
    throw new UnsupportedPlatformError(
      `The embedded ${what} needs glibc, and this system has musl (Alpine, for one). ${remedy}`,
    );
  }
}

function hasGlibc(): boolean {
  const report: unknown = process.report.getReport();
  const header =
    typeof report === "object" && report !== null && "header" in report ? report.header : undefined;
  return typeof header === "object" && header !== null && "glibcVersionRuntime" in header;
}
