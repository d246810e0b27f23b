import { z } from "zod";

/** A body whose rows are in the log. `receivedAtMs` and `acceptedCount` are what its verdicts came from and to. */
export const loggedBodySchema = z.object({
  digest: z.string(),
  receivedAtMs: z.int(),
  acceptedCount: z.int(),
});
export type LoggedBody = z.infer<typeof loggedBodySchema>;

interface Known extends LoggedBody {
  untilMs: number;
}

/** The longest that a client is thought to go on trying. */
export const repeatWindowMs = 15 * 60_000;
/** About 4 MB. When more answers than these are lost at once, the bodies that came first are taken as new ones. */
const knownMax = 20_000;

/** What a body came to, or null when that can't be shared: it failed, or holds ids that were minted for its sender alone. */
export interface Working<T> {
  end(result: T | null): void;
}

/** Bodies that were logged while their sender may not have heard of it. Such a sender sends the very same body again. */
export class RepeatedBodies<T> {
  readonly #working = new Map<string, Promise<T | null>>();
  /** Oldest first. */
  readonly #known = new Map<string, Known>();
  #answered: string[] = [];

  /** What an identical body is coming to, while it is worked on. */
  twinOf(digest: string): Promise<T | null> | undefined {
    return this.#working.get(digest);
  }

  begin(digest: string): Working<T> {
    const { promise, resolve } = Promise.withResolvers<T | null>();
    this.#working.set(digest, promise);
    return {
      end: (result) => {
        if (this.#working.get(digest) === promise) this.#working.delete(digest);
        resolve(result);
      },
    };
  }

  find(digest: string, nowMs: number): LoggedBody | null {
    const known = this.#known.get(digest);
    return known !== undefined && known.untilMs > nowMs ? known : null;
  }

  remember(body: LoggedBody, nowMs: number): void {
    this.#known.delete(body.digest);
    this.#known.set(body.digest, { ...body, untilMs: nowMs + repeatWindowMs });
    for (const [digest, { untilMs }] of this.#known) {
      if (untilMs > nowMs && this.#known.size <= knownMax) break;
      this.#known.delete(digest);
    }
  }

  /** The sender has its answer: from now on the same body is a new one, and counts as the last received. */
  forget(digest: string): void {
    if (this.#known.delete(digest)) this.#answered.push(digest);
  }

  /** Forgotten since the last call. The log is told with the next body, so that a restart forgets them too. */
  takeAnswered(): string[] {
    const answered = this.#answered;
    this.#answered = [];
    return answered;
  }

  /** They did not get into the log. */
  returnAnswered(digests: readonly string[]): void {
    this.#answered.push(...digests.filter((digest) => !this.#known.has(digest)));
  }

  /** For the beginning of a segment, which makes the older segments unnecessary. */
  list(nowMs: number): LoggedBody[] {
    return [...this.#known.values()]
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ digest, receivedAtMs, acceptedCount }) => ({ digest, receivedAtMs, acceptedCount }));
  }
}
