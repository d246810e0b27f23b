import { describe, expect, test } from "vitest";
import { postmortemStates } from "#lib/domain/postmortem.ts";
import type { BlockedSection } from "./find-publish-blockers.ts";
import { findPublishBlockers } from "./find-publish-blockers.ts";
import type { PostmortemEvent, PostmortemFacts } from "./step-postmortem.ts";
import { stepPostmortem } from "./step-postmortem.ts";

const now = new Date("2026-11-01T12:00:00Z");
const before = new Date("2026-11-01T11:00:00Z");
const ready: PostmortemFacts = {
  state: "in_review",
  contentAt: before,
  reviews: [{ userId: "ada", approvedAt: now }],
  openCommentCount: 0,
  blockers: [],
};
const events: PostmortemEvent[] = [
  { kind: "submit" },
  { kind: "return" },
  { kind: "approve", userId: "ada", now },
  { kind: "publish" },
  { kind: "unpublish", reason: "a figure was wrong" },
];

describe("the states", () => {
  const allowed: Record<string, string> = {
    "draft submit": "in_review",
    "in_review return": "draft",
    "in_review approve": "approved",
    "in_review publish": "published",
    "published unpublish": "draft",
  };
  test.each(postmortemStates.flatMap((state) => events.map((event) => ({ state, event }))))(
    "$state, $event.kind",
    ({ state, event }) => {
      const step = stepPostmortem({ ...ready, state }, event);
      const expected = allowed[`${state} ${event.kind}`];
      if (expected === undefined) expect(step.kind).toBe("refused");
      else if (expected === "approved") expect(step).toEqual({ kind: "approved" });
      else expect(step).toEqual({ kind: "moved", state: expected });
    },
  );
});

describe("publishing is refused", () => {
  const refusal = (change: Partial<PostmortemFacts>) => {
    const step = stepPostmortem({ ...ready, ...change }, { kind: "publish" });
    return step.kind === "refused" ? step.blockers.map(({ path }) => path) : step.kind;
  };
  test.each<[string, Partial<PostmortemFacts>, string[]]>([
    ["while a comment is open", { openCommentCount: 2 }, ["comments"]],
    ["without a reviewer", { reviews: [] }, ["reviewers"]],
    [
      "while one has not approved",
      { reviews: [...ready.reviews, { userId: "bo", approvedAt: null }] },
      ["reviewers"],
    ],
    [
      "once it was changed after the approval",
      { contentAt: new Date(now.getTime() + 1) },
      ["reviewers"],
    ],
    [
      "with all that is missing at once",
      {
        blockers: [{ path: "sections.summary", message: "is empty" }],
        openCommentCount: 1,
        reviews: [{ userId: "ada", approvedAt: null }],
      },
      ["sections.summary", "reviewers", "comments"],
    ],
  ])("%s", (_name, change, paths) => {
    expect(refusal(change)).toEqual(paths);
  });

  test("a stranger's approval is refused, and a draft without a reviewer is not handed in", () => {
    expect(stepPostmortem(ready, { kind: "approve", userId: "eve", now }).kind).toBe("refused");
    expect(stepPostmortem({ ...ready, state: "draft", reviews: [] }, { kind: "submit" }).kind).toBe(
      "refused",
    );
  });
});

describe("what is missing", () => {
  const section = (change: Partial<BlockedSection>): BlockedSection => ({
    key: "summary",
    title: "Summary",
    kind: "text",
    isRequired: true,
    text: "",
    factors: [],
    ...change,
  });
  const sections = [
    section({}),
    section({ key: "lucky", isRequired: false }),
    section({ key: "impact", kind: "impact", text: " \n " }),
    section({ key: "timeline", kind: "timeline", text: "words are no entry" }),
    section({ key: "factors", kind: "factors", text: "words are no factor" }),
    section({ key: "items", kind: "action_items" }),
  ];
  test("is listed whole: required sections without content, and items without an owner", () => {
    const blockers = findPublishBlockers({ sections, includedEntryCount: 0, items: [] });
    expect(blockers.map(({ path }) => path)).toEqual([
      "sections.summary",
      "sections.impact",
      "sections.timeline",
      "sections.factors",
      "sections.items",
    ]);
    const items = [
      { number: 3, state: "open" as const, hasOwner: false },
      { number: 4, state: "done" as const, hasOwner: true },
    ];
    const filled = sections.map((one) => ({
      ...one,
      text: "x",
      factors: [{ class: "process" as const, text: "x" }],
    }));
    expect(findPublishBlockers({ sections: filled, includedEntryCount: 1, items })).toEqual([
      { path: "actionItems.3", message: "has no owner" },
    ]);
  });

  test("of action items is nothing where words say why there is none", () => {
    const only = [section({ kind: "action_items", text: "Nothing: the feed is retired." })];
    expect(findPublishBlockers({ sections: only, includedEntryCount: 0, items: [] })).toEqual([]);
  });
});
