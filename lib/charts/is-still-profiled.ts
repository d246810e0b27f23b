/** With more than this still to come, a verdict would be one on another window than the one that was asked for. */
const waitingShareMax = 0.05;

/** Whether too much of a window waits for its profile to say anything of it. Where nothing is known yet, whatever waits is too much: what
 *  came would be called nothing. */
export const isStillProfiled = (waitingShare: number, knownCount: number): boolean =>
  waitingShare > (knownCount === 0 ? 0 : waitingShareMax);
