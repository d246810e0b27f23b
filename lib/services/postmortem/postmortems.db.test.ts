import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { defaultTemplate } from "#lib/domain/postmortem.ts";
import { createActionItem } from "../action-item/create-action-item.ts";
import { updateActionItem } from "../action-item/update-action-item.ts";
import type { CallContext } from "../context.ts";
import { createIncident } from "../incident/create-incident.ts";
import { getIncident } from "../incident/get-incident.ts";
import { backtest } from "../monitor/backtest.ts";
import { createMonitor } from "../monitor/create-monitor.ts";
import { deleteMonitor } from "../monitor/delete-monitor.ts";
import { previewMonitor } from "../monitor/preview-monitor.ts";
import { addNote } from "../timeline/add-note.ts";
import { actOnPostmortem } from "./act-on-postmortem.ts";
import { addComment } from "./add-comment.ts";
import { addEntry } from "./add-entry.ts";
import { createPostmortem } from "./create-postmortem.ts";
import { curateEntry } from "./curate-entry.ts";
import { exportPostmortem } from "./export-postmortem.ts";
import { getPostmortem } from "./get-postmortem.ts";
import { getPostmortemStatus } from "./get-postmortem-status.ts";
import { getSection } from "./get-section.ts";
import { getTemplate } from "./get-template.ts";
import { importEntries } from "./import-entries.ts";
import { listPostmortems } from "./list-postmortems.ts";
import { replayDetection } from "./replay-detection.ts";
import { resolveComment } from "./resolve-comment.ts";
import type { FaultyModel } from "./testing/faulty-model.ts";
import { buildFaultyModel, faultFrom, faultUntil, missing } from "./testing/faulty-model.ts";
import { updatePostmortem } from "./update-postmortem.ts";
import { updateSection } from "./update-section.ts";
import { updateTemplate } from "./update-template.ts";

let stores: TestStores;
let bench: FaultyModel;
let ada: CallContext["actor"] & { kind: "user" };
let incident: number;
const call = (actor?: CallContext["actor"]) => bench.call(actor ?? ada);
const read = () => getPostmortem.call(call(), { incident });
const write = async (section: string, text: string) => {
  const { revision } = await getSection.call(call(), { incident, section });
  return updateSection.call(call(), { incident, section, text, revision });
};
const act = (action: "submit" | "return" | "approve" | "publish" | "unpublish", reason?: string) =>
  actOnPostmortem.call(call(), { incident, action, ...(reason === undefined ? {} : { reason }) });

beforeAll(async () => {
  stores = openStores();
  bench = await buildFaultyModel(stores, "2033-05-02T00:00:00Z");
  ada = await bench.person("Ada Lovelace");
  incident = await bench.incident();
}, 240_000);
afterAll(() => stores.close());

describe("the template", () => {
  test("is the product's own until somebody writes one, and every edit is a version", async () => {
    const first = await getTemplate.call(call(), {});
    expect([first.version, first.sections.length]).toEqual([0, defaultTemplate.length]);
    const admin = call({ ...ada, role: "admin" });
    const sections = first.sections.map((one) =>
      one.key === "supporting" ? { ...one, title: "Links" } : one,
    );
    expect((await updateTemplate.call(admin, { sections, version: 0 })).version).toBe(1);
    await expect(updateTemplate.call(admin, { sections, version: 0 })).rejects.toMatchObject({
      code: "stale",
    });
    await expect(updateTemplate.call(call(), { sections, version: 1 })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("refuses two sections of one key, and says where", async () => {
    const [one] = defaultTemplate;
    await expect(
      updateTemplate.call(call({ ...ada, role: "admin" }), { sections: [one, one], version: 1 }),
    ).rejects.toMatchObject({ code: "invalid_request", details: [{ path: "sections.1.key" }] });
  });
});

describe("a draft", () => {
  test("is refused while the incident goes on", async () => {
    const { number } = await createIncident.call(call(), {
      title: "still going",
      reason: "a test",
      severity: "sev3",
      causeClass: "other",
    });
    await expect(createPostmortem.call(call(), { incident: number })).rejects.toThrow(
      /begins once it is resolved/,
    );
    const status = await getPostmortemStatus.call(call(), { incident: number });
    expect(status.refusal).toMatch(/begins once it is resolved/);
  });

  test("is written from the incident: sections, curated timeline, figures; once", async () => {
    const note = { incident, text: "Ada Lovelace called the vendor" };
    await addNote.call(call(), { ...note, occurredAt: bench.at(faultFrom + 21).toISOString() });
    await createPostmortem.call(call(), { incident });
    await expect(createPostmortem.call(call(), { incident })).rejects.toMatchObject({
      code: "conflict",
    });
    const found = await read();
    expect(found.sections.map(({ title }) => title)).toContain("Links");
    expect(found.state).toBe("draft");
    // Twelve rows an hour, all of the day of the fault.
    expect(found.impact).toMatchObject({
      predictionCount: 24 * 12,
      durationMs: 24 * 3_600_000,
      isOpen: false,
      reason: null,
    });
    expect(found.sections.find(({ key }) => key === "impact")?.filled).toContain(
      `288 predictions of ${bench.model.name} in production`,
    );
    const entry = found.entries.find(({ originalText }) => originalText === note.text);
    expect(entry?.text).toBe("The responder called the vendor");
    expect(found.blockers.map(({ path }) => path)).toEqual([
      "sections.contributing_factors",
      "sections.response",
      "sections.action_items",
    ]);
    const { timeline } = await getIncident.call(call(), { incident });
    expect(timeline.at(-1)).toMatchObject({ kind: "postmortem", detail: { kind: "link" } });
  });

  test("has entries that are added, left out and reworded, each keeping what it said", async () => {
    const added = await addEntry.call(call(), {
      incident,
      occurredAt: bench.at(faultFrom - 2).toISOString(),
      text: "The vendor moved to a new format",
      link: "https://example.com/change",
    });
    await expect(
      addEntry.call(call(), { incident, occurredAt: "2099-01-01T00:00:00Z", text: "x" }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    const entry = (await read()).entries.find(({ text }) => text.includes("called the vendor"));
    if (entry === undefined) throw new Error("the note was not taken over");
    const patch = { incident, entryId: entry.id, text: "The vendor was called" };
    const changed = await curateEntry.call(call(), { ...patch, revision: 1, isIncluded: false });
    expect(changed).toMatchObject({
      isIncluded: false,
      originalText: "Ada Lovelace called the vendor",
      revision: 2,
    });
    await expect(curateEntry.call(call(), { ...patch, revision: 1 })).rejects.toMatchObject({
      code: "stale",
    });
    expect((await read()).entries[0]?.id).toBe(added.id);
    await addNote.call(call(), { incident, text: "late to the party" });
    expect((await read()).newEntryCount).toBe(1);
    expect(await importEntries.call(call(), { incident })).toEqual({ addedCount: 1 });
    expect((await read()).entries.find(({ id }) => id === entry.id)?.text).toBe(
      "The vendor was called",
    );
  });
});

describe("two people who write at once", () => {
  test("meet only in the same section: the second gets 412 and reads what the first wrote", async () => {
    const { revision } = await getSection.call(call(), { incident, section: "response" });
    const grace = await bench.person("Grace Hopper");
    const at = { incident, section: "response", revision };
    await updateSection.call(call(grace), { ...at, text: "Grace's words" });
    const refusal = updateSection.call(call(), { ...at, text: "Ada's words" });
    await expect(refusal).rejects.toMatchObject({ code: "stale" });
    await expect(refusal).rejects.toThrow(/Grace Hopper changed/);
    const theirs = await getSection.call(call(), { incident, section: "response" });
    expect([theirs.text, theirs.updatedBy]).toEqual(["Grace's words", "Grace Hopper"]);
    // Another section is nobody else's.
    expect((await write("went_well", "The page came.")).revision).toBe(2);
    const merged = "Grace's words\n\nAda's words";
    expect((await write("response", merged)).text).toBe(merged);
  });

  test("and in truth at once: one of two is kept, and the other told", async () => {
    const { revision } = await getSection.call(call(), { incident, section: "lucky" });
    const tries = await Promise.allSettled(
      ["one", "two"].map((text) =>
        updateSection.call(call(), { incident, section: "lucky", revision, text }),
      ),
    );
    expect(tries.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("are warned of blame, and never refused", async () => {
    const { revision } = await getSection.call(call(), {
      incident,
      section: "contributing_factors",
    });
    const written = await updateSection.call(call(), {
      incident,
      section: "contributing_factors",
      revision,
      text: "Someone should have checked.",
      factors: [{ class: "data_source", text: "Ada Lovelace changed the unit" }],
    });
    expect(written.warnings.map(({ rule, field }) => [rule, field])).toEqual([
      ["hindsight", "text"],
      ["name", "factors.0"],
    ]);
    await expect(
      updateSection.call(call(), {
        incident,
        section: "summary",
        revision: 1,
        text: "x",
        factors: [],
      }),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("what would have found it", () => {
  test("is what the backtest says, of monitors and of settings that are only considered, and what it costs", async () => {
    const { id } = await createMonitor.call(call(), {
      model: bench.model.name,
      monitor: { ...missing(0.5), name: "half missing" },
    });
    await createMonitor.call(call(), {
      model: bench.model.name,
      monitor: { ...missing(0.99), name: "nearly all missing" },
    });
    const loose = { id: randomUUID(), name: "a fifth missing", question: missing(0.2) };
    const { revision } = await read();
    await updatePostmortem.call(call(), { incident, revision, candidates: [loose] });
    const { rows, leftOutCount } = await replayDetection.call(call(), { incident });
    expect(leftOutCount).toBe(0);
    const row = (name: string) => rows.find((one) => one.name === name);
    // Two windows of six hours after the fault began, and a minute to settle.
    expect(bench.hourOf(row("half missing")?.windowUntil ?? null)).toBe(faultFrom + 12);
    expect(row("half missing")).toMatchObject({
      id,
      verdict: "fired",
      afterImpactMs: 12 * 3_600_000 + 60_000,
      falseAlertCount: 0,
      falseAlertsPer30Days: 0,
    });
    expect(row("nearly all missing")).toMatchObject({ verdict: "silent", firedAt: null });
    // It also finds the day ten days before, which was no incident.
    expect(row("a fifth missing")).toMatchObject({ kind: "candidate", falseAlertCount: 1 });
    expect(row("a fifth missing")?.falseAlertsPer30Days).toBeCloseTo(1, 1);

    // The same settings over the same stretch, by the backtest itself and as the builder of monitors shows it.
    const replayed = await backtest(
      {
        pg: stores.postgres.db,
        ch: scopeClickHouse(stores.clickhouse, bench.workspaceId),
        workspaceId: bench.workspaceId,
      },
      {
        modelId: bench.model.id,
        question: loose.question,
        seriesExpected: 1,
        days: 31,
        until: bench.at(faultUntil),
        now: bench.clock.now,
      },
    );
    const firings = replayed.series.flatMap((one) => one.firings.map(({ fromMs }) => fromMs));
    const inside = firings.filter((ms) => ms > bench.at(faultFrom).getTime());
    expect(new Date(inside[0] ?? 0).toISOString()).toBe(row("a fifth missing")?.windowUntil);
    expect(firings.length - inside.length).toBe(row("a fifth missing")?.falseAlertCount);
    const preview = await previewMonitor.call(call(), {
      model: bench.model.name,
      question: loose.question,
      days: 35,
    });
    expect(preview.firings.map(({ from }) => Date.parse(from))).toEqual(firings);
    expect((await read()).detection?.rows).toEqual(rows);
  }, 120_000);

  test("says how many monitors it left out, and asks those first that are switched on", async () => {
    const made: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      const monitor = { ...missing(0.5), name: `0 off ${i}`, isEnabled: false };
      made.push((await createMonitor.call(call(), { model: bench.model.name, monitor })).id);
    }
    const { rows, leftOutCount } = await replayDetection.call(call(), { incident });
    expect(leftOutCount).toBe(2);
    expect(rows.filter(({ kind }) => kind === "monitor")).toHaveLength(20);
    expect(rows.map(({ name }) => name)).toContain("half missing");
    for (const id of made) await deleteMonitor.call(call(), { monitorId: id });
    expect((await replayDetection.call(call(), { incident })).leftOutCount).toBe(0);
  }, 120_000);
});

describe("publishing", () => {
  test("refuses with all that is missing, at once", async () => {
    await createActionItem.call(call(), { incident, title: "Check the unit", kind: "prevent" });
    await write("action_items", "");
    await write("impact", " ");
    await expect(act("submit")).rejects.toThrow(/name a reviewer/);
    const { revision } = await read();
    await updatePostmortem.call(call(), { incident, revision, reviewerIds: [ada.userId] });
    const comment = { incident, sectionKey: "summary", text: "For how many?" };
    const { id: commentId } = await addComment.call(call(), comment);
    await act("submit");
    await expect(act("publish")).rejects.toMatchObject({
      code: "conflict",
      details: [
        { path: "sections.impact" },
        { path: expect.stringMatching(/^actionItems\./), message: "has no owner" },
        { path: "reviewers" },
        { path: "comments" },
      ].map((one) => expect.objectContaining(one)),
    });
    await resolveComment.call(call(), { incident, commentId, isResolved: true });
  });

  test("freezes what was live, and a new edition takes it up again with a reason", async () => {
    await write("impact", "{{impact.predictions}} predictions were affected.");
    const [item] = (await read()).items;
    await updateActionItem.call(call(), {
      item: item?.number ?? 0,
      revision: 1,
      owner: { kind: "user", id: ada.userId },
    });
    bench.clock.now = new Date(bench.clock.now.getTime() + 60_000);
    await act("approve");
    const published = await act("publish");
    expect(published).toMatchObject({ state: "published", edition: 1 });
    const frozen = await read();
    expect([frozen.isFrozen, frozen.impact.predictionCount]).toEqual([true, 288]);
    expect(frozen.detection?.rows).toHaveLength(3);
    await expect(write("summary", "later")).rejects.toMatchObject({ code: "conflict" });

    // The moments are corrected later: what was published stays, what is live follows.
    await stores.postgres.db
      .update(incidents)
      .set({ impactStartedAt: bench.at(faultFrom - 12) })
      .where(and(eq(incidents.workspaceId, bench.workspaceId), eq(incidents.number, incident)));
    expect((await read()).impact.predictionCount).toBe(288);
    await expect(act("unpublish")).rejects.toMatchObject({ code: "invalid_request" });
    expect(await act("unpublish", "the start was wrong")).toMatchObject({
      state: "draft",
      edition: 2,
    });
    const draft = await read();
    expect([draft.isFrozen, draft.impact.predictionCount]).toEqual([false, 36 * 12]);
    expect(draft.sections.find(({ key }) => key === "impact")?.filled).toContain("432 predictions");
    expect(draft.reviewers.map(({ isCurrent }) => isCurrent)).toEqual([false]);
    expect(draft.editions).toMatchObject([{ edition: 1, withdrawnReason: "the start was wrong" }]);
    const first = await getPostmortem.call(call(), { incident, edition: 1 });
    expect([first.isFrozen, first.impact.predictionCount]).toEqual([true, 288]);
    await expect(getPostmortem.call(call(), { incident, edition: 7 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("is exported as Markdown and JSON, and listed", async () => {
    const markdown = await exportPostmortem.call(call(), { incident, edition: 1 });
    expect(markdown.content).toContain("# x is missing");
    expect(markdown.content).toContain("288 predictions were affected.");
    expect(markdown.content).toContain("- **Data source**: Ada Lovelace changed the unit");
    expect(markdown.content).toMatch(/would have fired 12\sh after the impact began/);
    expect(markdown.content).toContain("Published, edition 1");
    expect(markdown.content).not.toContain("{{");
    const json = await exportPostmortem.call(call(), { incident, format: "json" });
    expect(JSON.parse(json.content)).toMatchObject({ edition: 2, state: "draft" });
    const { postmortems, counts } = await listPostmortems.call(call(), {});
    expect(postmortems).toMatchObject([{ incident, state: "draft", openItemCount: 1 }]);
    expect(counts).toEqual({ draft: 1, in_review: 0, published: 0 });
  });
});

test("the monitors that were made are of this suite alone", async () => {
  const rows = await stores.postgres.db
    .select({ id: monitors.id })
    .from(monitors)
    .where(eq(monitors.workspaceId, bench.workspaceId));
  expect(rows).toHaveLength(2);
});
