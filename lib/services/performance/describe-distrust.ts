import type { Distrust } from "#lib/stats/performance/estimate.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Why an estimate can't be trusted, in words. */
export function describeDistrust(distrust: Distrust | null): string | null {
  if (distrust === null) return null;
  switch (distrust.kind) {
    case "small_reference":
      return `the baseline has ${distrust.rowCount} labelled rows with a score, too few to try an estimate on`;
    case "outside_reference":
      return `${percent(distrust.share)} of the values of ${distrust.feature} lie outside what the baseline holds`;
    case "missed_lately":
      return `what turned out was outside the band in ${distrust.missCount} of the last ${distrust.windowCount} windows with labels`;
  }
}
