import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

interface WebMetrics {
  registry: Registry;
  duration: Histogram<"service" | "method" | "status">;
}

const holder: typeof globalThis & { plumblineWebMetrics?: WebMetrics } = globalThis;

/** Next may load this module more than once in a process; the counters are the process's. */
function metrics(): WebMetrics {
  holder.plumblineWebMetrics ??= createMetrics();
  return holder.plumblineWebMetrics;
}

function createMetrics(): WebMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "plumbline_web_" });
  const duration = new Histogram({
    name: "plumbline_web_request_duration_seconds",
    help: "How long the management API took to answer, by service.",
    labelNames: ["service", "method", "status"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return { registry, duration };
}

export function observeRequest(
  service: string,
  method: string,
  status: number,
  durationMs: number,
): void {
  metrics().duration.observe({ service, method, status: String(status) }, durationMs / 1000);
}

export async function renderMetrics(): Promise<{ body: string; contentType: string }> {
  const { registry } = metrics();
  return { body: await registry.metrics(), contentType: registry.contentType };
}
