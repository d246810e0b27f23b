import type { FairnessMeasure, GapVerdict } from "#lib/domain/fairness.ts";
import { otherSegment } from "#lib/domain/segment.ts";

export interface MeasureText {
  /** Of one group. */
  name: string;
  /** What it is called when groups are compared by it. */
  parity: string;
  asks: string;
  misleads: string;
}

const texts: Record<FairnessMeasure, MeasureText> = {
  selection_rate: {
    name: "selection rate",
    parity: "demographic parity",
    asks: "Is the positive class decided equally often for every group? Below four fifths of the most selected group's rate counts as adverse impact. No labels are needed.",
    misleads:
      "It ignores what turned out: groups that really differ are pushed to equal rates, and a model that selects at random passes. Where being selected is a harm, read the ratio the other way.",
  },
  true_positive_rate: {
    name: "true positive rate",
    parity: "equal opportunity",
    asks: "Of those who turned out positive, are equally many found in every group?",
    misleads:
      "It needs labels, and often only the selected ever get one: then those who were wrongly refused are missing from it. It says nothing of wrong selections.",
  },
  false_positive_rate: {
    name: "false positive rate",
    parity: "equal false alarms",
    asks: "Of those who turned out negative, are equally many wrongly selected in every group? With the true positive rate this is equalized odds.",
    misleads:
      "It needs labels of those who were not selected too. Where negatives are rare it rests on few rows.",
  },
  precision: {
    name: "precision",
    parity: "predictive parity",
    asks: "Of those who were selected, do equally many turn out positive in every group?",
    misleads:
      "Where groups differ in how often they turn out positive, it can't be equal together with both error rates, unless the model is never wrong.",
  },
  accuracy: {
    name: "accuracy",
    parity: "equal accuracy",
    asks: "Is the model right equally often for every group?",
    misleads:
      "Errors of either kind count the same: a group may be refused too often and another selected too often at one and the same accuracy.",
  },
  mean_error: {
    name: "mean error",
    parity: "equal mean error",
    asks: "Is a group over- or underestimated against the reference? The error is the prediction less what turned out.",
    misleads:
      "Errors up and down cancel out: a group may be estimated badly and have none on average. Look at the mean absolute error too.",
  },
  mean_absolute_error: {
    name: "mean absolute error",
    parity: "equal error size",
    asks: "Is the model off by equally much for every group?",
    misleads:
      "A group whose values are larger is off by more without being treated worse; and a small group is often estimated less well because it was rare in training.",
  },
};

export const nameMeasure = (measure: FairnessMeasure): MeasureText => texts[measure];

export const gapWords: Record<GapVerdict, string> = {
  gap: "gap",
  small_gap: "small gap",
  no_gap: "no gap",
  cannot_say: "cannot say",
};

/** A group as a person calls it. */
export function nameGroup(value: string): string {
  if (value === "") return "not stated";
  return value === otherSegment ? "all other values" : value;
}
