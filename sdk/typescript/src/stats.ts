/** A row that was received but not stored, and why. `code` and `path` are the server's words. */
export interface Rejection {
  predictionId: string | undefined;
  code: string;
  path: string;
  message: string;
  /** The row as it was sent. */
  row: Record<string, unknown>;
}

export type TroubleKind =
  | "disabled"
  | "invalid"
  | "full"
  | "closed"
  | "unavailable"
  | "refused"
  | "rejected"
  | "altered"
  | "retry"
  | "hook";

/** Something that a person should know. Each kind is said once a minute; `held` counts what was held back before. */
export interface Trouble {
  kind: TroubleKind;
  message: string;
  held: number;
}

/** Counts of rows since the client was made. */
export interface Stats {
  /** Put into the buffer. */
  logged: number;
  /** Acknowledged by the server. */
  sent: number;
  rejected: number;
  /** Given up, before or after they were in the buffer; `droppedByReason` says why. */
  dropped: number;
  droppedByReason: Record<string, number>;
  /** Sent without a value that the wire can't carry. */
  altered: number;
  pending: number;
  retries: number;
}
