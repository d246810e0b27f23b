/** 1: the server said no. 2: the command was wrong. 3: the server could not be reached, or went away. */
export type ExitCode = 1 | 2 | 3;

/** A failure that we foresaw; its message is for the person at the terminal. */
export class Failure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}
