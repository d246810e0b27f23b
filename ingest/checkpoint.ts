import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const checkpointSchema = z.object({
  /** Everything before this place has been stored. */
  segment: z.int(),
  offset: z.int(),
  /** The greatest millisecond of a sequence that had been handed out. */
  sequenceMs: z.int(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

const none: Checkpoint = { segment: 0, offset: 0, sequenceMs: 0 };

/** It only saves work: without it all is sent again under the same tokens, and dropped by the store. So it is not synced. */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  try {
    const parsed = checkpointSchema.safeParse(
      JSON.parse(await readFile(join(folder, "checkpoint"), "utf8")),
    );
    return parsed.success ? parsed.data : none;
  } catch {
    return none;
  }
}

export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const path = join(folder, "checkpoint");
  await writeFile(`${path}.new`, JSON.stringify(checkpoint));
  await rename(`${path}.new`, path);
}
