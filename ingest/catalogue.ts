import type { Task } from "#lib/domain/model.ts";
import type { EncodedName, NameCache, NameProblem } from "./name-cache.ts";

export const catalogueLimits = {
  modelsPerWorkspaceMax: 1_000,
  /** More names than these are stored with their rows, but not registered: no screen could list them. */
  featuresPerModelMax: 5_000,
  versionsPerModelMax: 5_000,
  classesRememberedMax: 3,
} as const;

/** How often what is already known is said again, which moves its last_seen_at. */
const listingIntervalMs = 60_000;

/** Something that registers itself on first sight: it is listed in a record when it is due. */
export interface Sighting {
  listingDueMs: number;
}

export interface FeatureState extends Sighting {
  readonly name: EncodedName;
}

export interface VersionState extends Sighting {
  readonly environment: string;
  readonly version: string;
}

export interface ModelState extends Sighting {
  readonly name: string;
  /** In the registry, or in the log on its way there. */
  isKnown: boolean;
  /** null keeps for ever, undefined follows the workspace. */
  retentionDays: number | null | undefined;
  task: Task | null;
  readonly classes: Set<string>;
  readonly features: Map<string, FeatureState>;
  readonly versions: Map<string, VersionState>;
}

export interface WorkspaceFacts {
  workspaceId: string;
  rawRetentionDays: number | null;
  models: { name: string; rawRetentionDays: number | null }[];
}

/** What this process remembers of one workspace: enough to judge a row and to say only what is news. */
export class WorkspaceState {
  readonly workspaceId: string;
  rawRetentionDays: number | null = null;
  readonly #models = new Map<string, ModelState>();
  #knownCount = 0;

  constructor(workspaceId: string) {
    this.workspaceId = workspaceId;
  }

  learn(facts: WorkspaceFacts): void {
    this.rawRetentionDays = facts.rawRetentionDays;
    for (const { name, rawRetentionDays } of facts.models) {
      const model = this.#models.get(name) ?? this.#add(name);
      model.retentionDays = rawRetentionDays ?? undefined;
      this.markKnown(model);
    }
  }

  /** Null when the workspace has all the models that it may have. */
  model(name: string): ModelState | null {
    const known = this.#models.get(name);
    if (known !== undefined) return known;
    if (this.#knownCount >= catalogueLimits.modelsPerWorkspaceMax) return null;
    if (this.#models.size >= 2 * catalogueLimits.modelsPerWorkspaceMax) this.#forgetUnknown();
    return this.#add(name);
  }

  markKnown(model: ModelState): void {
    if (model.isKnown) return;
    model.isKnown = true;
    this.#knownCount++;
  }

  #add(name: string): ModelState {
    const model: ModelState = {
      name,
      isKnown: false,
      retentionDays: undefined,
      task: null,
      classes: new Set(),
      features: new Map(),
      versions: new Map(),
      listingDueMs: 0,
    };
    this.#models.set(name, model);
    return model;
  }

  #forgetUnknown(): void {
    for (const [name, model] of this.#models) {
      if (!model.isKnown) this.#models.delete(name);
    }
  }
}

/** Due at once, then again after the interval. */
export function isListingDue(sighting: Sighting, nowMs: number): boolean {
  return sighting.listingDueMs <= nowMs;
}

export function markListed(sighting: Sighting, nowMs: number): void {
  sighting.listingDueMs = nowMs + listingIntervalMs;
}

export function featureOf(
  model: ModelState,
  names: NameCache,
  text: string,
): FeatureState | NameProblem {
  const known = model.features.get(text);
  if (known !== undefined) return known;
  const name = names.get(text);
  if (typeof name === "string") return name;
  const isTracked = model.features.size < catalogueLimits.featuresPerModelMax;
  const feature = { name, listingDueMs: isTracked ? 0 : Number.POSITIVE_INFINITY };
  if (isTracked) model.features.set(text, feature);
  return feature;
}

export function versionOf(model: ModelState, environment: string, version: string): VersionState {
  const key = `${environment}\n${version}`;
  const known = model.versions.get(key);
  if (known !== undefined) return known;
  const isTracked = model.versions.size < catalogueLimits.versionsPerModelMax;
  const state = { environment, version, listingDueMs: isTracked ? 0 : Number.POSITIVE_INFINITY };
  if (isTracked) model.versions.set(key, state);
  return state;
}

/** What one prediction says of its model's task. Two classes look binary until a third is seen. */
export function learnTask(model: ModelState, seen: Task, className: string): void {
  if (model.task === "ranking" || seen === "regression") {
    model.task ??= seen;
    return;
  }
  if (
    seen === "binary" &&
    className !== "" &&
    model.classes.size < catalogueLimits.classesRememberedMax
  ) {
    model.classes.add(className);
  }
  const inferred = seen === "binary" && model.classes.size > 2 ? "multiclass" : seen;
  if (model.task === inferred || (model.task === "multiclass" && inferred === "binary")) return;
  if (model.task !== null && model.task !== "binary") return;
  model.task = inferred;
  model.listingDueMs = 0;
}
