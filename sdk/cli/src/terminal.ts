/** What a command may touch of its surroundings; a test hands in its own. */
export interface Terminal {
  env: Record<string, string | undefined>;
  stdin: NodeJS.ReadableStream;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether `err` is a screen that a progress bar can be drawn on. */
  isTerminal: boolean;
}
