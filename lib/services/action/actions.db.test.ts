import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actions } from "#db/postgres/schema/actions.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { defaultTemplate } from "#lib/rules/fill-template.ts";
import type { CallContext } from "../context.ts";
import { testSealer } from "../destination/testing/build-destination.ts";
import { openSecrets, signingSecrets } from "./action-secrets.ts";
import { createAction } from "./create-action.ts";
import { deleteAction } from "./delete-action.ts";
import { listActions } from "./list-actions.ts";
import { rotateActionSecret } from "./rotate-action-secret.ts";
import { updateAction } from "./update-action.ts";

const now = new Date("2026-11-01T12:00:00.000Z");
let stores: TestStores;
let call: CallContext;

beforeAll(() => {
  stores = openStores();
});
beforeEach(async () => {
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  const { id: userId } = await buildUser(stores.postgres, { workspaceId, role: "admin" });
  call = {
    ...stores,
    workspaceId,
    outgoing: { sealer: testSealer, allowedHosts: [] },
    actor: { kind: "user", userId, role: "admin" },
    now,
  };
});
afterAll(() => stores.close());

const wanted = {
  slug: "retrain-eta",
  name: "Retrain eta",
  url: "https://pipeline.example.com/hooks/very-secret",
  bearerToken: "token-very-secret",
  definition: { kind: "retrain", body: defaultTemplate },
};
const create = (changes: object = {}) => createAction.call(call, { ...wanted, ...changes });
const rowOf = async (actionId: string) => {
  const [row] = await stores.postgres.db.select().from(actions).where(eq(actions.id, actionId));
  if (row === undefined) throw new Error("no such action");
  return row;
};

describe("an action", () => {
  test("is answered with its secret once; address and token never leave, not even to the audit log", async () => {
    const { action, secret } = await create();
    expect(secret).toMatch(/^whsec_/);
    expect(action).toMatchObject({
      address: "pipeline.example.com/…",
      hasToken: true,
      revision: 1,
    });
    const listed = await listActions.call(call, {});
    const audited = await stores.postgres.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.workspaceId, call.workspaceId));
    const row = await rowOf(action.id);
    for (const seen of [listed, audited, { ...row, sealed: "" }]) {
      const text = JSON.stringify(seen);
      expect(text).not.toContain("very-secret");
      expect(text).not.toContain(secret);
    }
    expect(openSecrets(testSealer, row)).toMatchObject({ url: wanted.url, signingSecret: secret });
  });

  test.each<[string, object, string]>([
    ["that calls a private address", { url: "https://10.0.0.1/x" }, "url"],
    ["that calls without TLS", { url: "http://pipeline.example.com/x" }, "url"],
    [
      "whose body is no JSON",
      { definition: { kind: "retrain", body: '{"a": {{model}}' } },
      "definition.body",
    ],
    [
      "whose body names what there is not",
      { definition: { kind: "retrain", body: '{"a": {{modle}}}' } },
      "definition.body",
    ],
  ])("%s is refused, with the field's name", async (_, changes, path) => {
    await expect(create(changes)).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path }],
    });
  });

  test("has a slug of its own, which is free again once it is deleted", async () => {
    const { action } = await create();
    await expect(create()).rejects.toMatchObject({ code: "conflict" });
    await deleteAction.call(call, { actionId: action.id });
    await create();
    expect((await listActions.call(call, {})).actions).toHaveLength(1);
  });

  test("that somebody changed since is not changed; what is left out stays", async () => {
    const { action, secret } = await create();
    const actionId = action.id;
    const first = await updateAction.call(call, { actionId, revision: 1, name: "Retrain" });
    expect(first.action).toMatchObject({ name: "Retrain", hasToken: true, revision: 2 });
    await expect(
      updateAction.call(call, { actionId, revision: 1, isEnabled: false }),
    ).rejects.toMatchObject({ code: "stale" });
    const second = await updateAction.call(call, { actionId, revision: 2, bearerToken: null });
    expect(second.action.hasToken).toBe(false);
    expect(openSecrets(testSealer, await rowOf(actionId))).toMatchObject({
      url: wanted.url,
      signingSecret: secret,
    });
  });

  test("that is rotated signs with both secrets for a day, and then with the new one alone", async () => {
    const { action, secret } = await create();
    const rotated = await rotateActionSecret.call(call, { actionId: action.id });
    const secrets = openSecrets(testSealer, await rowOf(action.id));
    const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
    expect(signingSecrets(secrets, hours(23))).toEqual([rotated.secret, secret]);
    expect(signingSecrets(secrets, hours(24))).toEqual([rotated.secret]);
  });

  test("is changed by admins alone, and of another workspace is not found", async () => {
    const { action } = await create();
    const editor = {
      ...call,
      actor: { kind: "user" as const, userId: "u", role: "editor" as const },
    };
    await expect(deleteAction.call(editor, { actionId: action.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    const other = await buildWorkspace(stores.postgres);
    const theirs = { ...call, workspaceId: other.id };
    for (const service of [deleteAction, rotateActionSecret])
      await expect(service.call(theirs, { actionId: action.id })).rejects.toMatchObject({
        code: "not_found",
      });
  });
});
