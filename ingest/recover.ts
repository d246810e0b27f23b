import type { Batch } from "./batch.ts";
import { decodeSeal } from "./batch.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { decodeRecord } from "./record.ts";
import { frameKinds, readFrames } from "./wal-frame.ts";
import type { ScannedSegment } from "./wal-segment.ts";
import type { WalRange, WriteAheadLog } from "./write-ahead-log.ts";

export interface Recovery {
  /** Sealed before: they may have been sent, and are sent again as they were. */
  sealed: Batch[];
  /** Acknowledged, but never sent. */
  unsealed: WalRange[];
  sequenceMs: number;
  tornBytes: number;
}

const adoptedBytesMax = 32 * 1024 ** 2;

/** What an earlier process acknowledged and did not see stored. */
export async function recoverLog(wal: WriteAheadLog, folder: string): Promise<Recovery> {
  const checkpoint = await readCheckpoint(folder);
  const isStored = (range: WalRange) =>
    range.segment < checkpoint.segment ||
    (range.segment === checkpoint.segment && range.until <= checkpoint.offset);
  const present = new Set(wal.recovered.map(({ segment }) => segment));
  const seals = wal.recovered.flatMap(({ frames }) =>
    frames.flatMap(({ seal }) => (seal === null ? [] : [decodeSeal(seal)])),
  );
  const sealed = seals
    .filter((batch) => present.has(batch.segment) && !isStored(batch))
    .sort(byPosition);
  const unsealed = wal.recovered.flatMap((scanned) => unsealedOf(scanned, seals, isStored));
  return {
    sealed,
    unsealed,
    sequenceMs: Math.max(checkpoint.sequenceMs, await newestSequenceMs(wal)),
    tornBytes: wal.recovered.reduce((sum, { tornBytes }) => sum + tornBytes, 0),
  };
}

export function byPosition(a: WalRange, b: WalRange): number {
  return a.segment - b.segment || a.from - b.from;
}

function unsealedOf(
  { segment, frames }: ScannedSegment,
  seals: readonly Batch[],
  isStored: (range: WalRange) => boolean,
): WalRange[] {
  const sealedUntil = seals.reduce(
    (until, seal) => (seal.segment === segment ? Math.max(until, seal.until) : until),
    0,
  );
  const ranges: WalRange[] = [];
  for (const { kind, from, until } of frames) {
    if (kind !== frameKinds.rows || from < sealedUntil || isStored({ segment, from, until }))
      continue;
    const last = ranges.at(-1);
    if (last === undefined || until - last.from > adoptedBytesMax)
      ranges.push({ segment, from, until });
    else last.until = until;
  }
  return ranges;
}

async function newestSequenceMs(wal: WriteAheadLog): Promise<number> {
  for (const { segment, frames } of wal.recovered.toReversed()) {
    const last = frames.findLast(({ kind }) => kind === frameKinds.rows);
    if (last === undefined) continue;
    const data = await wal.read({ segment, from: last.from, until: last.until });
    for (const frame of readFrames(data, last.from))
      return decodeRecord(frame.body).header.sequenceMs;
  }
  return 0;
}
