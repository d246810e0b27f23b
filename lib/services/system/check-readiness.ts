import type { Stores } from "../context.ts";

export interface Readiness {
  isReady: boolean;
  stores: { postgres: "up" | "down"; clickhouse: "up" | "down" };
}

/** A probe that hangs is a probe that failed: whoever asks has a timeout of a few seconds itself. */
const probeMs = 2_000;

export async function checkReadiness(stores: Stores): Promise<Readiness> {
  const [postgres, clickhouse] = await Promise.all([
    probe(stores.postgres.ping()),
    probe(
      stores.clickhouse.query({ query: "SELECT 1", format: "JSONEachRow" }).then((r) => r.text()),
    ),
  ]);
  return {
    isReady: postgres === "up" && clickhouse === "up",
    stores: { postgres, clickhouse },
  };
}

async function probe(work: Promise<unknown>): Promise<"up" | "down"> {
  const { promise: late, resolve } = Promise.withResolvers<"down">();
  const timer = setTimeout(resolve, probeMs, "down");
  const answered = work.then(
    () => "up" as const,
    () => "down" as const,
  );
  const result = await Promise.race([answered, late]);
  clearTimeout(timer);
  return result;
}
