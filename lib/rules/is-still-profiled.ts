/** With more than this of a window still to come, a verdict would be one on another window than the one that was asked for. */
const waitingShareMax = 0.1;

/** Whether too much of a window waits for its profile to say anything of it, on a page and in a monitor alike. Where nothing is known yet,
 *  whatever waits is too much: what came would be called nothing. */
export const isStillProfiled = (waitingShare: number, knownCount: number): boolean =>
  waitingShare > (knownCount === 0 ? 0 : waitingShareMax);
