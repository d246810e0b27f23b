export interface BackoffOptions {
  firstMs: number;
  mostMs: number;
  signal: AbortSignal;
  onFailure: (error: unknown, attempt: number) => void;
}

/** Tries until it works: what was acknowledged is never given up. Throws only when the process stops. */
export async function untilDone<T>(work: () => Promise<T>, options: BackoffOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      options.signal.throwIfAborted();
      options.onFailure(error, attempt);
      await pause(
        Math.min(options.mostMs, options.firstMs * 2 ** Math.min(attempt - 1, 16)),
        options.signal,
      );
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
