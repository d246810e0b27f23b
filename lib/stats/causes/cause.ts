/** Cause: a simple fault that would turn the baseline of a column into its window, with how well it does. */

export type Rounding = "nearest" | "down" | "up" | "toward_zero";

export type CauseFault =
  /** x became `factor` x + `offset`; `name` where the pair is a known one, such as "km to mi". */
  | {
      readonly kind: "unit_change";
      readonly factor: number;
      readonly offset: number;
      readonly name: string | null;
    }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "sign_flip" }
  /** Everything beyond `at` became `at`; `share` of the baseline lies there. */
  | {
      readonly kind: "truncation";
      readonly form: "ceiling" | "floor";
      readonly at: number;
      readonly share: number;
    }
  | {
      readonly kind: "truncation";
      readonly form: "rounding";
      readonly step: number;
      readonly mode: Rounding;
    }
  /** Text was cut to its first `length` characters. */
  | { readonly kind: "truncation"; readonly form: "length"; readonly length: number }
  /** `share` of the window has this one value, `baselineShare` of the baseline. */
  | {
      readonly kind: "default_flood";
      readonly value: number | string;
      readonly share: number;
      readonly baselineShare: number;
    }
  | {
      readonly kind: "null_flood";
      readonly what: "missing" | "non_finite";
      readonly share: number;
      readonly baselineShare: number;
    }
  /** `share` of the window's rows repeat an earlier row, where `expectedShare` would. */
  | { readonly kind: "duplicate_replay"; readonly share: number; readonly expectedShare: number }
  /** Times of the day moved by so many hours round the clock; negative is earlier. */
  | { readonly kind: "time_zone_shift"; readonly hours: number }
  /** Values got other names: [baseline's, window's], most frequent first, at most 20 of `pairCount`. */
  | {
      readonly kind: "relabelled";
      readonly rule: RelabelRule;
      readonly pairs: readonly (readonly [string, string])[];
      readonly pairCount: number;
    };

export type RelabelRule =
  | "lower_case"
  | "upper_case"
  | "letter_case"
  | "spaces"
  | "prefix"
  | "suffix"
  | "number_format"
  | "renamed"
  | "swapped";

export type CauseKind = CauseFault["kind"];

/** What of the column moved: its values, or the share of rows that have none. */
export type CauseAspect = "values" | "missing" | "non_finite";

export type Cause = {
  readonly fault: CauseFault;
  readonly aspect: CauseAspect;
  /** The share of the distance to the baseline that is gone once the fault is undone; at most 1. */
  readonly quality: number;
  /** What remains: the largest gap between what the fault predicts and the window, and whether noise alone gives it. */
  readonly residual: {
    readonly distance: number;
    readonly nullExpectation: number;
    readonly pValue: number;
    readonly isWithinNoise: boolean;
  };
};
