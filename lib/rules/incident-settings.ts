export interface IncidentSettings {
  /** What fires together is told together. */
  groupWaitMs: number;
  /** Between two messages that only add alerts. */
  groupIntervalMs: number;
  /** How long nobody acknowledges before it is said again. */
  repeatMs: number;
  /** How long an acknowledgement holds without another deed; null: until the end. */
  ackTimeoutMs: number | null;
  /** The least time after its end in which the same trouble is the same incident. */
  reopenMsMin: number;
  /** As many windows of its monitors, where those are longer. */
  reopenWindows: number;
}

/** The group wait, interval and repeat are Alertmanager's, the timeout of an acknowledgement is PagerDuty's: what people on call
 *  are used to. */
export const defaultIncidentSettings: IncidentSettings = {
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 4 * 3_600_000,
  ackTimeoutMs: 30 * 60_000,
  reopenMsMin: 3_600_000,
  reopenWindows: 3,
};
