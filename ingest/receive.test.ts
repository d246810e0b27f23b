import { randomFillSync } from "node:crypto";
import { expect, test } from "vitest";
import { WorkspaceState } from "./catalogue.ts";
import { createIngestMetrics } from "./metrics.ts";
import { createIdMint } from "./mint-id.ts";
import type { Received } from "./receive.ts";
import { Receiver } from "./receive.ts";
import type { RowsRecord } from "./record.ts";
import { RepeatedBodies } from "./repeated-bodies.ts";
import { Sequence } from "./sequence.ts";

const nowMs = Date.UTC(2026, 10, 21);
const workspace = new WorkspaceState("00000000-0000-4000-8000-000000000000");
const caller = { workspace, keyId: "00000000-0000-4000-8000-000000000001", scopes: ["ingest"] };
const own = (id: string, x = 1) => ({
  model: "m",
  prediction_id: id,
  timestamp: nowMs - 1,
  features: { x },
});

/** A receiver before a log that is as slow as the test wants. */
function build() {
  const writes: { record: RowsRecord; done: PromiseWithResolvers<void> }[] = [];
  const metrics = createIngestMetrics();
  let clockMs = nowMs;
  const receiver = new Receiver({
    sealer: {
      async append(record) {
        const done = Promise.withResolvers<void>();
        writes.push({ record, done });
        await done.promise;
        return { stored: Promise.resolve() };
      },
    },
    repeats: new RepeatedBodies<Received>(),
    storeAll: () => Promise.resolve(),
    sequence: new Sequence(0),
    metrics,
    now: () => clockMs,
    mintId: createIdMint(randomFillSync),
  });
  const receive = (rows: unknown) =>
    receiver.receive("predictions", Buffer.from(JSON.stringify(rows)), "application/json", caller);
  const write = (n: number) => expect.poll(() => writes[n]).toBeDefined();
  return {
    receive,
    writes,
    /** Waits for the nth write and lets it succeed. */
    async sync(n: number) {
      await write(n);
      writes[n]?.done.resolve();
    },
    async fail(n: number) {
      await write(n);
      writes[n]?.done.reject(new Error("The disk is gone."));
    },
    async recognised() {
      const { values } = await metrics.repeatsRecognised.get();
      return values[0]?.value ?? 0;
    },
    pass(ms: number) {
      clockMs += ms;
    },
  };
}

test("a body that comes again while it is written shares the first one's answer", async () => {
  const { receive, sync, writes, recognised } = build();
  const both = [receive([own("a"), {}]), receive([own("a"), {}])];
  await sync(0);
  const [first, second] = await Promise.all(both);
  expect(first?.answer).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
  expect(second?.answer).toEqual(first?.answer);
  expect([writes.length, await recognised()]).toEqual([1, 1]);
});

test("when the first of two fails, the second is written", async () => {
  const { receive, sync, fail, recognised } = build();
  const [first, second] = [receive(own("a")), receive(own("a"))];
  const failed = expect(first).rejects.toThrow("The disk is gone.");
  await fail(0);
  await sync(1);
  await failed;
  expect((await second).answer.accepted).toBe(1);
  expect(await recognised()).toBe(0);
});

test("identical bodies whose ids are minted don't wait for one another, and are all written", async () => {
  const { receive, sync, recognised } = build();
  const all = [receive({ model: "m" }), receive({ model: "m" }), receive({ model: "m" })];
  for (const n of [2, 1, 0]) await sync(n);
  const ids = (await Promise.all(all)).map(({ answer }) => answer.ids?.[0]?.prediction_id);
  expect(new Set(ids).size).toBe(3);
  expect(await recognised()).toBe(0);
});

test("an unanswered body gets the verdicts of its first time, whatever the clock says by now", async () => {
  const { receive, sync, pass, writes } = build();
  const rows = [own("a"), { ...own("b"), timestamp: nowMs + 600_001 }];
  const first = receive(rows);
  await sync(0);
  const { answer } = await first;
  expect(answer.rejected).toMatchObject([{ index: 1, code: "in_the_future" }]);
  pass(1_000);
  expect((await receive(rows)).answer).toEqual(answer);
  expect(writes.length).toBe(1);
});

test("the log is told with which body, and later that its sender was answered", async () => {
  const { receive, sync, writes } = build();
  const first = receive([own("a"), {}]);
  await sync(0);
  (await first).answered();
  const second = receive([own("a"), {}]);
  await sync(1);
  await second;
  const [logged, again] = writes.map(({ record }) => record.header);
  expect(logged?.body).toMatchObject({ acceptedCount: 1, receivedAtMs: nowMs });
  expect(logged?.answered).toEqual([]);
  expect(again?.body?.digest).toBe(logged?.body?.digest);
  expect(again?.answered).toEqual([logged?.body?.digest]);
});
