import { expect, test } from "vitest";
import { checkGuardedFetch } from "./guarded-fetch.ts";
import { buildHouse } from "./house.ts";

test.each([
  ["lib/notify/slack/send-message.ts", "await fetch(url)"],
  ["lib/services/destination/test.ts", 'import { request } from "undici";'],
  ["jobs/heartbeat.ts", "https.request(url)"],
  ["app/api/v1/ping/route.ts", "return fetch(url)"],
])("%s may not call out with %j", (path, text) => {
  expect(checkGuardedFetch(buildHouse({ [path]: text }))).toMatchObject([{ path, line: 1 }]);
});

test.each([
  ["lib/notify/guarded-fetch.ts", 'import { fetch } from "undici"; await fetch(url)'],
  ["lib/api/drift.ts", "await fetch(url)"],
  [
    "lib/services/drift/get.ts",
    "await guardedFetch(url); store.fetch(1); prefetch(2); this.#fetch(3)",
  ],
  ["ingest/server.test.ts", "await fetch(url)"],
  ["ingest/testing/test-ingest.ts", "await fetch(url)"],
])("%s may: %s", (path, text) => {
  expect(checkGuardedFetch(buildHouse({ [path]: text }))).toEqual([]);
});
