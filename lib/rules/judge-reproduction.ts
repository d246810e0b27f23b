export type Reproduction =
  | { verdict: "same"; value: number; sampleCount: number; difference: number; reason: null }
  | { verdict: "differs"; value: number; sampleCount: number; difference: number; reason: string }
  | { verdict: "cannot"; value: null; sampleCount: null; difference: null; reason: string };

/** Sums of floating point in another order differ by this much and by no more. */
const tolerance = 1e-9;

/** Whether what was found then is found again from what is stored now. */
export function judgeReproduction(
  frozen: { value: number; sampleCount: number },
  now: { value: number; sampleCount: number },
): Reproduction {
  const difference = now.value - frozen.value;
  const found = { value: now.value, sampleCount: now.sampleCount, difference };
  const isSame = Math.abs(difference) <= tolerance * Math.max(1, Math.abs(frozen.value));
  if (isSame && now.sampleCount === frozen.sampleCount)
    return { verdict: "same", ...found, reason: null };
  return { verdict: "differs", ...found, reason: sayWhy(frozen.sampleCount, now.sampleCount) };
}

function sayWhy(before: number, now: number): string {
  if (now === before)
    return "as many values as then, and not the same ones: rows were sent again, or the reference is another";
  const words = now > before ? ["more", "late rows came"] : ["fewer", "rows were deleted"];
  return `${Math.abs(now - before)} values ${words[0]} than then: ${words[1]}`;
}

export const cannotReproduce = (reason: string): Reproduction => ({
  verdict: "cannot",
  value: null,
  sampleCount: null,
  difference: null,
  reason,
});
