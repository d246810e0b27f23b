import { expect, test } from "vitest";
import { findLeaks, secretsOf } from "./scan-client-bundle.ts";

test("a driver in the bundle is found with what stands around it", () => {
  const [leak] = findLeaks("a.js", 'x=1;throw Error("pg-boss is closed")', []);
  expect(leak).toMatchObject({ path: "a.js", word: "pg-boss" });
  expect(leak?.around).toContain("is closed");
});

test("the value of a secret is found and not repeated", () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const leaks = findLeaks("a.js", `k="${secret}"`, [secret]);
  expect(leaks).toHaveLength(1);
  expect(JSON.stringify(leaks)).not.toContain(secret);
});

test("a bundle that knows nothing passes", () => {
  expect(findLeaks("a.js", 'fetch("/api/v1/models")', ["0123456789abcdef"])).toEqual([]);
});

test("secrets are the long strings of a settings file, wherever they stand; addresses and paths are not", () => {
  const settings = {
    url: "http://127.0.0.1:3000",
    folder: "/srv/plumbline/data",
    ports: { web: 3000 },
    keys: [{ name: "demo", value: "plk_0123456789abcdef" }],
  };
  expect(secretsOf(settings)).toEqual(["plk_0123456789abcdef"]);
});
