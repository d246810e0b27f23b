import type { PostmortemState } from "#lib/domain/postmortem.ts";

export interface Review {
  userId: string;
  approvedAt: Date | null;
}

/** What decides whether a postmortem may go on. */
export interface PostmortemFacts {
  state: PostmortemState;
  /** When its content was changed last: an approval from before is of something else. */
  contentAt: Date;
  reviews: readonly Review[];
  openCommentCount: number;
  /** What is missing to publish it: see findPublishBlockers. */
  blockers: readonly Blocker[];
}

export interface Blocker {
  path: string;
  message: string;
}

export type PostmortemEvent =
  | { kind: "submit" }
  | { kind: "return" }
  | { kind: "approve"; userId: string; now: Date }
  | { kind: "publish" }
  | { kind: "unpublish"; reason: string };

export type PostmortemStep =
  | { kind: "moved"; state: PostmortemState }
  | { kind: "approved" }
  | { kind: "refused"; message: string; blockers: readonly Blocker[] };

/** An approval counts while nothing was changed after it. */
export const isApproved = (review: Review, contentAt: Date): boolean =>
  review.approvedAt !== null && review.approvedAt >= contentAt;

/** draft -> in_review -> published, back to draft from either. Publishing needs everybody who was asked to review, at least one, and
 *  nothing missing; what is refused says all of it at once. */
export function stepPostmortem(facts: PostmortemFacts, event: PostmortemEvent): PostmortemStep {
  const { state, contentAt, reviews } = facts;
  const refuse = (message: string, blockers: readonly Blocker[] = []): PostmortemStep => ({
    kind: "refused",
    message,
    blockers,
  });
  switch (event.kind) {
    case "submit":
      if (state !== "draft") return refuse(`It is ${stateWords[state]}, and no draft.`);
      if (reviews.length === 0)
        return refuse("Nobody is asked to review it: name a reviewer first.", [
          { path: "reviewers", message: "expected at least one member" },
        ]);
      return { kind: "moved", state: "in_review" };
    case "return":
      if (state !== "in_review") return refuse(`It is ${stateWords[state]}, and not in review.`);
      return { kind: "moved", state: "draft" };
    case "approve":
      if (state !== "in_review") return refuse(`It is ${stateWords[state]}, and not in review.`);
      if (!reviews.some(({ userId }) => userId === event.userId))
        return refuse("Only who was asked to review it can approve it.");
      return { kind: "approved" };
    case "publish": {
      if (state !== "in_review") return refuse(`It is ${stateWords[state]}, and not in review.`);
      const blockers = [...facts.blockers];
      const waiting = reviews.filter((review) => !isApproved(review, contentAt)).length;
      if (reviews.length === 0)
        blockers.push({ path: "reviewers", message: "expected at least one member" });
      if (waiting > 0)
        blockers.push({
          path: "reviewers",
          message: `${waiting} of ${reviews.length} have not approved it as it stands`,
        });
      if (facts.openCommentCount > 0)
        blockers.push({ path: "comments", message: `${facts.openCommentCount} are not resolved` });
      if (blockers.length === 0) return { kind: "moved", state: "published" };
      const listed = blockers.map(({ path, message }) => `${path}: ${message}`).join("; ");
      return refuse(`It can't be published yet. ${listed}.`, blockers);
    }
    case "unpublish":
      if (state !== "published") return refuse(`It is ${stateWords[state]}, and not published.`);
      return { kind: "moved", state: "draft" };
  }
}

const stateWords: Record<PostmortemState, string> = {
  draft: "a draft",
  in_review: "in review",
  published: "published",
};
