import type { Logger } from "#lib/log.ts";

export interface LoopOptions {
  name: string;
  log: Logger;
  /** One piece of work; false when there was none to do. */
  step(stopping: AbortSignal): Promise<boolean>;
  idleMs: number;
}

export interface Loop {
  /** Lets the step that runs end. */
  stop(): Promise<void>;
}

/** Does one step after the other, at once while there is work and after `idleMs` when there was none. A step that fails is logged,
 *  and the loop goes on. */
export function startLoop({ name, log, step, idleMs }: LoopOptions): Loop {
  const stopping = new AbortController();
  const running = run();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let didWork = false;
      try {
        didWork = await step(stopping.signal);
      } catch (error) {
        log.error({ loop: name, err: error }, "a step of a loop failed; it goes on");
      }
      if (!didWork) await pause(idleMs, stopping.signal);
    }
  }
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
