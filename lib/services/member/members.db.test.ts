import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import type { BuiltWorkspace } from "#db/testing/build-workspace.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { Role } from "#lib/domain/role.ts";
import type { CallContext, Stores } from "../context.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { inviteMember } from "./invite-member.ts";
import { listMembers } from "./list-members.ts";
import { removeMember } from "./remove-member.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import { updateMember } from "./update-member.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
let stores: Stores;

beforeAll(() => {
  stores = {
    postgres: createPostgres({ url: inject("databaseUrl"), application: "test" }),
    clickhouse: createClickHouse({ url: inject("clickhouseUrl"), application: "test" }),
    publicUrl: "https://plumbline.example",
  };
});
afterAll(() => Promise.all([stores.postgres.close(), stores.clickhouse.close()]));

async function buildTeam(...roles: Role[]) {
  const workspace = await buildWorkspace(stores.postgres);
  const users = await Promise.all(
    roles.map((role) => buildUser(stores.postgres, { workspaceId: workspace.id, role })),
  );
  const as = (index: number): CallContext => ({
    ...stores,
    workspaceId: workspace.id,
    actor: { kind: "user", userId: users[index]?.id ?? "", role: roles[index] ?? "viewer" },
    now,
  });
  return { workspace, ids: users.map((user) => user.id), as };
}

const anonymous = () => ({ postgres: stores.postgres, actor: { kind: "nobody" } as const, now });
const tokenOf = (link: string) => link.split("#")[1] ?? "";
const auditOf = async (workspace: BuiltWorkspace) => {
  const rows = await stores.postgres.db
    .select({ action: auditLog.action })
    .from(auditLog)
    .where(eq(auditLog.workspaceId, workspace.id));
  return rows.map((row) => row.action);
};

describe("owners", () => {
  test("the last one can't be demoted, removed, or leave", async () => {
    const { ids, as } = await buildTeam("owner", "admin");
    const [owner = ""] = ids;
    const refused = { code: "conflict" };
    await expect(updateMember.call(as(0), { userId: owner, role: "admin" })).rejects.toMatchObject(
      refused,
    );
    await expect(removeMember.call(as(0), { userId: owner })).rejects.toMatchObject(refused);
  });

  test("two that demote each other at the same moment leave one", async () => {
    const { ids, as } = await buildTeam("owner", "owner");
    const [first = "", second = ""] = ids;
    const results = await Promise.allSettled([
      updateMember.call(as(0), { userId: second, role: "viewer" }),
      updateMember.call(as(1), { userId: first, role: "viewer" }),
    ]);
    expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("an admin can neither make one, nor unmake one, nor invite one", async () => {
    const { ids, as } = await buildTeam("owner", "owner", "admin");
    const [owner = "", , admin = ""] = ids;
    const refused = { code: "forbidden" };
    await expect(updateMember.call(as(2), { userId: admin, role: "owner" })).rejects.toMatchObject(
      refused,
    );
    await expect(updateMember.call(as(2), { userId: owner, role: "viewer" })).rejects.toMatchObject(
      refused,
    );
    await expect(removeMember.call(as(2), { userId: owner })).rejects.toMatchObject(refused);
    await expect(
      inviteMember.call(as(2), { email: "x@example.com", role: "owner" }),
    ).rejects.toMatchObject(refused);
  });
});

describe("lower roles", () => {
  test.each([2, 3])("an editor and a viewer change nobody, but may leave", async (index) => {
    const { workspace, ids, as } = await buildTeam("owner", "admin", "editor", "viewer");
    const [, admin = ""] = ids;
    const self = ids[index] ?? "";
    const refused = { code: "forbidden" };
    await expect(
      updateMember.call(as(index), { userId: self, role: "admin" }),
    ).rejects.toMatchObject(refused);
    await expect(removeMember.call(as(index), { userId: admin })).rejects.toMatchObject(refused);
    await expect(
      inviteMember.call(as(index), { email: "x@example.com", role: "viewer" }),
    ).rejects.toMatchObject(refused);
    await removeMember.call(as(index), { userId: self });
    const { members } = await listMembers.call(as(0), {});
    expect(members.map((member) => member.userId)).not.toContain(self);
    expect(await auditOf(workspace)).toEqual(["member.leave"]);
  });

  test("a key with the scope write changes no member", async () => {
    const { ids, as } = await buildTeam("owner", "viewer");
    const actor = { kind: "key" as const, keyId: randomUUID(), scopes: ["write" as const] };
    await expect(
      removeMember.call({ ...as(0), actor }, { userId: ids[1] ?? "" }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("a member of another workspace is not found", async () => {
  const { as } = await buildTeam("owner");
  const other = await buildTeam("viewer");
  const [stranger = ""] = other.ids;
  const missing = { code: "not_found" };
  await expect(removeMember.call(as(0), { userId: stranger })).rejects.toMatchObject(missing);
  await expect(
    updateMember.call(as(0), { userId: stranger, role: "viewer" }),
  ).rejects.toMatchObject(missing);
  const { invitationId } = await inviteMember.call(as(0), {
    email: "x@example.com",
    role: "viewer",
  });
  const elsewhere = await buildTeam("owner");
  await expect(revokeInvitation.call(elsewhere.as(0), { invitationId })).rejects.toMatchObject(
    missing,
  );
});

describe("invitations", () => {
  test("whoever has the link makes an account and joins, once", async () => {
    const { workspace, as } = await buildTeam("owner");
    const email = `${randomUUID()}@example.com`;
    const { link } = await inviteMember.call(as(0), { email, role: "editor" });
    expect(link).toMatch(/^https:\/\/plumbline\.example\/join#/);
    const form = { token: tokenOf(link), name: "Ann", password: "long enough to keep" };
    expect(await acceptInvitation.call(anonymous(), form)).toEqual({
      workspace: workspace.slug,
      email,
    });
    const { members, invitations } = await listMembers.call(as(0), {});
    expect(members).toContainEqual(expect.objectContaining({ email, role: "editor" }));
    expect(invitations).toEqual([]);
    await expect(acceptInvitation.call(anonymous(), form)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("two that open the link at once do not both join", async () => {
    const { as } = await buildTeam("owner");
    const { link } = await inviteMember.call(as(0), {
      email: `${randomUUID()}@x.com`,
      role: "viewer",
    });
    const joiners = await Promise.all([buildUser(stores.postgres), buildUser(stores.postgres)]);
    const results = await Promise.allSettled(
      joiners.map(({ id: userId }) =>
        acceptInvitation.call(
          { postgres: stores.postgres, actor: { kind: "user", userId }, now },
          { token: tokenOf(link) },
        ),
      ),
    );
    expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("an account's address can't be taken over by inviting it", async () => {
    const { as } = await buildTeam("owner");
    const victim = await buildUser(stores.postgres);
    const { link } = await inviteMember.call(as(0), { email: victim.email, role: "viewer" });
    await expect(
      acceptInvitation.call(anonymous(), {
        token: tokenOf(link),
        name: "Mallory",
        password: "long enough to keep",
      }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("a link that is withdrawn, replaced or older than seven days is dead", async () => {
    const { as } = await buildTeam("owner");
    const form = { name: "Ann", password: "long enough to keep" };
    const email = `${randomUUID()}@example.com`;
    const replaced = await inviteMember.call(as(0), { email, role: "viewer" });
    const withdrawn = await inviteMember.call(as(0), { email, role: "viewer" });
    await revokeInvitation.call(as(0), { invitationId: withdrawn.invitationId });
    const late = await inviteMember.call(as(0), { email, role: "viewer" });
    const attempts = [
      { link: replaced.link, at: now },
      { link: withdrawn.link, at: now },
      { link: late.link, at: later(7) },
    ];
    for (const { link, at } of attempts) {
      await expect(
        acceptInvitation.call({ ...anonymous(), now: at }, { ...form, token: tokenOf(link) }),
      ).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("a short password is refused, and the invitation still stands", async () => {
    const { as } = await buildTeam("owner");
    const email = `${randomUUID()}@example.com`;
    const { link } = await inviteMember.call(as(0), { email, role: "viewer" });
    const form = { token: tokenOf(link), name: "Ann" };
    await expect(
      acceptInvitation.call(anonymous(), { ...form, password: "short" }),
    ).rejects.toMatchObject({ code: "invalid_request", details: [{ path: "password" }] });
    const { invitations } = await listMembers.call(as(0), {});
    expect(invitations).toHaveLength(1);
  });
});
