import { z } from "zod";
import type { ProfileSubject } from "#lib/domain/model.ts";

/** What a profile describes. */
export interface ProfileKey {
  subject: ProfileSubject;
  feature: string;
}

/** The keys that every bucket has, after the listed ones. */
export const fixedKeys: readonly ProfileKey[] = [
  { subject: "row", feature: "" },
  { subject: "prediction", feature: "value" },
  { subject: "prediction", feature: "label" },
  { subject: "prediction", feature: "score" },
  { subject: "latency", feature: "" },
  { subject: "event_lag", feature: "" },
];

export const finestResolution = 52;

/** What the raw rows hold beside numbers; each kind that occurs costs a scan of its own. */
export const valueKinds = ["strings", "labels", "booleans", "nulls"] as const;
export type ValueKind = (typeof valueKinds)[number];

/** A key's place is its position in `subjects` and `names`. Each of the three lists starts with "", which is no name, so
 *  that none is ever empty. `written` is 1 where the key's profile is wanted. */
export const profileKeyParams = z.object({
  features: z.array(z.string()).min(1),
  classes: z.array(z.string()).min(1),
  ages: z.array(z.string()).min(1),
  subjects: z.array(z.string()),
  names: z.array(z.string()),
  /** Mantissa bits under which a key's values are counted at first. */
  resolutions: z.array(z.int()),
  written: z.array(z.int()),
  kinds: z.array(z.enum(valueKinds)),
  /** 1: a feature that is not listed is an error; 0: it is left out. */
  isComplete: z.literal([0, 1]),
});
export type ProfileKeyParams = z.infer<typeof profileKeyParams>;

export interface ProfileNames {
  features: readonly string[];
  classes: readonly string[];
  ages: readonly string[];
  kinds: readonly ValueKind[];
}

export function listProfileKeys(
  names: ProfileNames,
  resolutionOf: (key: ProfileKey) => number,
): ProfileKeyParams {
  const features = ["", ...names.features];
  const classes = ["", ...names.classes];
  const ages = ["", ...names.ages];
  const keys: ProfileKey[] = [
    ...features.map((feature) => ({ subject: "feature" as const, feature })),
    ...classes.map((name) => ({ subject: "prediction" as const, feature: `probability:${name}` })),
    ...ages.map((feature) => ({ subject: "feature_age" as const, feature })),
    ...fixedKeys,
  ];
  return {
    features,
    classes,
    ages,
    subjects: keys.map((key) => key.subject),
    names: keys.map((key) => key.feature),
    resolutions: keys.map(resolutionOf),
    written: keys.map(() => 1),
    kinds: [...names.kinds],
    isComplete: 1,
  };
}
