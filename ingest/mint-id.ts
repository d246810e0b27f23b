const poolBytes = 4096;

/** UUIDv7: 48 bits of time, 74 of chance. Randomness is fetched by the page, since a call for each id costs more than the id. */
export function createIdMint(randomFill: (target: Buffer) => unknown): (timeMs: number) => string {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return (timeMs) => {
    if (used + 10 > poolBytes) {
      randomFill(pool);
      used = 0;
    }
    const time = timeMs.toString(16).padStart(12, "0");
    const tail = pool.toString("hex", used, used + 10);
    used += 10;
    const variant = ((Number.parseInt(tail.charAt(3), 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(4, 7)}-${tail.slice(7, 19)}`;
  };
}
