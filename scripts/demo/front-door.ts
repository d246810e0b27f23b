/** The demo logs as any service would: over HTTP, with a key, in batches, again when the door says "later". */
export interface FrontDoor {
  url: string;
  apiKey: string;
  signal: AbortSignal;
}

const attemptsMax = 200;
const waitMsMax = 10_000;

export async function postRows(
  door: FrontDoor,
  path: string,
  rows: readonly string[],
): Promise<void> {
  const answer = await postPatiently(door, path, "application/x-ndjson", rows.join("\n"));
  const { accepted, rejected } = (await answer.json()) as {
    accepted: number;
    rejected: { message: string }[];
  };
  if (accepted !== rows.length) {
    throw new Error(
      `${path} accepted ${accepted} of ${rows.length} rows: ${rejected[0]?.message ?? "no reason given"}`,
    );
  }
}

export async function postPatiently(
  door: FrontDoor,
  path: string,
  contentType: string,
  body: string,
): Promise<Response> {
  let last = "";
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    door.signal.throwIfAborted();
    const answer = await fetch(`${door.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${door.apiKey}`, "content-type": contentType },
      body,
      signal: door.signal,
    }).catch((error: unknown) => {
      door.signal.throwIfAborted();
      last = String(error);
      return null;
    });
    if (answer?.status === 202) return answer;
    if (answer !== null) {
      last = `${answer.status} ${await answer.text()}`;
      if (answer.status !== 429 && answer.status < 500) break;
    }
    const asked = Number(answer?.headers.get("retry-after") ?? 0) * 1000;
    await pause(Math.min(waitMsMax, Math.max(asked, 100 * 2 ** Math.min(attempt, 7))), door.signal);
  }
  throw new Error(`POST ${path} was refused: ${last.slice(0, 500)}`);
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener(
    "abort",
    () => {
      clearTimeout(timer);
      resolve();
    },
    { once: true },
  );
  return promise;
}
