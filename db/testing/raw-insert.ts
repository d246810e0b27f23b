import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";

export interface RawInsert {
  /** Creates the table `reference`. */
  ddl: string;
  /** Called for each insert in turn: JSONEachRow. */
  bodies: Iterable<Buffer>;
}

export interface RawInsertCost {
  seconds: number;
  /** Of all threads, merges included. */
  cpuSeconds: number;
}

/** What the engine itself takes to insert the same rows: one session, raw buffers, in this process, nothing around it. */
export async function measureRawInsert({ ddl, bodies }: RawInsert): Promise<RawInsertCost> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-raw-"));
  const session = new Session(join(folder, "data"));
  try {
    session.query(ddl);
    let seconds = 0;
    const cpuBefore = process.cpuUsage();
    for (const body of bodies) {
      const startedAt = performance.now();
      await session.insert({ table: "reference", values: body, format: "JSONEachRow" });
      seconds += (performance.now() - startedAt) / 1000;
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  } finally {
    session.close();
    await rm(folder, { recursive: true, force: true });
  }
}
