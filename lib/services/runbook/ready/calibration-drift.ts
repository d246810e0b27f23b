import type { ReadyRunbook } from "../ready-runbooks.ts";

export const calibrationDrift: ReadyRunbook = {
  key: "calibration-drift",
  title: "Calibration drift",
  attach: { causeClasses: ["performance"], statistics: ["brier", "log_loss"] },
  body: `For an incident that says that scores are not the probabilities that they claim to be, while the order that they give may be as good as ever. It
hurts wherever a score is compared with a threshold, a price or another score.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Are scores too high or too low, everywhere or in one range? The calibration curve on the performance page says so.
- How much of the window has its labels? Those that come first are often not like the rest.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query brier
title: Is the Brier score as it was?
ask: performance brier
window: impact
compare: last week
expect: 95 % to 105 % of reference
~~~

~~~step query order
title: Is the order of the scores as good as it was?
ask: performance roc_auc
window: impact
compare: last week
expect: 98 % to 102 % of reference
out of range: deeper

The order holds: recalibrate. It does not: the model itself is worse.
~~~

## Scope

~~~step query base-rate
title: Did the share of the classes move?
ask: drift verdict
of: label
window: last 7 d
expect: no drift
cannot say: scores

Another base rate on the same inputs is the most frequent cause.
~~~

~~~step query scores
title: Did the scores move?
ask: drift verdict
of: prediction
window: impact
expect: no drift
~~~

~~~step query inputs
title: Did the inputs move?
ask: drift verdict
of: features
window: impact
expect: no drift
in range: mitigate
~~~

~~~step manual deeper
title: More than calibration: find out what

Attach **Feature drift** or **Performance drop** and go on there; come back to calibrate what they leave.
~~~

## Mitigate

~~~step manual mitigate
title: Recalibrate, with a way back

- Fit a recalibration (isotonic, or Platt's where labels are few) on the newest rows whose labels are all in; hold out some of them.
- Thresholds and prices were chosen for the old scores: whoever owns the decision must know before the scores change.
- Release it as a version of its own, so that it can be compared and rolled back.
~~~

## Verify

~~~step query verify
title: Is the Brier score back?
ask: performance brier
window: last 1 d
compare: last week
expect: 95 % to 105 % of reference
out of range: mitigate

Wait until the labels of the new version are in; skip with that reason if they take longer than the incident.
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who compares these scores with a threshold: which way they were off, by how much, since {{incident.impact_started}}.
- Decide who recalibrates how often from now on, and what is watched between.
- Resolve with the cause, and close with a verdict.
~~~
`,
};
