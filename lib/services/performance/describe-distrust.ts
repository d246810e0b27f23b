import type { Distrust } from "#lib/stats/performance/estimate-band.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Why an estimate can't be trusted, in words. */
export function describeDistrust(distrust: Distrust | null): string | null {
  if (distrust === null) return null;
  switch (distrust.kind) {
    case "small_reference":
      return `the baseline has ${distrust.rowCount} labelled rows with a score, too few to try an estimate on`;
    case "outside_reference":
      return `${percent(distrust.share)} of the values of ${distrust.feature} lie outside what the baseline holds, and alone could move it by more than its own error`;
    case "off_lately":
      return `in the last ${distrust.windowCount} windows with labels it was off by ${distrust.ratio.toPrecision(2)} times what the baseline leads to expect`;
  }
}
