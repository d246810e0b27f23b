import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { importRequestTimeoutMs } from "../../../lib/domain/limits.ts";
import { callServer } from "./api-client.ts";
import { startStub } from "./testing/stub-server.ts";
import { storingIdleMs } from "./upload-baseline.ts";

test("an answer that is long in coming is waited for where the call says so, and only there", async () => {
  const held = Promise.withResolvers<void>();
  const stub = await startStub({ "POST /slow": () => ({ status: 202, until: held.promise }) });
  let sentCount = 0;
  const send = (answerTimeoutMs?: number) =>
    callServer(
      { url: stub.url, key: "k" },
      {
        method: "POST",
        path: "/slow",
        headers: { "content-length": 3 },
        stream: Readable.from([Buffer.from("abc")]),
        idleTimeoutMs: 50,
        onSent: () => {
          sentCount += 1;
        },
        ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }),
      },
    );
  const patient = send(60_000);
  // Begun later with the same patience for silence: it has given up when the first would have.
  await expect(send()).rejects.toThrow("nothing was heard for too long");
  held.resolve();
  expect((await patient).status).toBe(202);
  expect(sentCount).toBe(2);
  await stub.close();
});

test("an upload waits longer than the server works on two steps of it", () => {
  expect(storingIdleMs).toBeGreaterThanOrEqual(2 * importRequestTimeoutMs);
});
