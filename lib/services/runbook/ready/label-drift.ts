import type { ReadyRunbook } from "../ready-runbooks.ts";

export const labelDrift: ReadyRunbook = {
  key: "label-drift",
  title: "Label or prediction drift",
  attach: { causeClasses: ["data_drift"], subjects: ["label", "prediction"] },
  body: `For an incident that says that what the model answers, or what turns out to be true, is distributed otherwise than it was. The answers can
move because the inputs did, because the model changed, or because the world did; labels can move because somebody counts them otherwise.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Is it the prediction that moved, or the label? In which direction, since when?
- Was a version of {{incident.model}} released, promoted or rolled back around {{incident.impact_started}}? If so, attach **Bad release**.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query prediction
title: Did the answers move?
ask: drift verdict
of: prediction
window: evidence
expect: no drift
~~~

~~~step query label
title: Did the truth move?
ask: drift verdict
of: label
window: last 7 d
expect: no drift
cannot say: inputs

Labels come late, and the first to come are not like the rest: what is said is of those that are in.
~~~

## Scope

~~~step query inputs
title: Did the inputs move as well?
ask: drift verdict
of: features
window: impact
expect: no drift
in range: same-inputs
out of range: moved-inputs
~~~

~~~step manual moved-inputs
title: The inputs moved: follow them
then: worse

Open the model's page on why its answers moved: features are ranked there by how much of the change they carry. Go on with the runbook
**Feature drift** for the first of them. What follows from a broken input is mended at the input.
~~~

~~~step manual same-inputs
title: The inputs are the same: look at the model and at the labels

- The answers moved on the same inputs: another version, threshold, calibration or prompt. Compare the versions side by side.
- The labels moved on the same inputs: the relation itself changed, or a definition, a join or a delay of the label did. Ask who makes it.
~~~

~~~step query worse
title: Is the model worse for it?
ask: performance main
window: impact
compare: last week
expect: 95 % to 105 % of reference
cannot say: mitigate
~~~

## Mitigate

~~~step manual mitigate
title: Stop the harm

- A release did it: roll back.
- A label's definition changed: keep the new labels out of training until both are told apart; correct what can be corrected.
- The relation changed and the model is worse: retrain on what is true now; move decision thresholds meanwhile if somebody who owns the decision agrees.
~~~

## Verify

~~~step query verify
title: Are the answers back, or are they right?
ask: drift verdict
of: prediction
window: last 6 h
expect: no drift
out of range: mitigate

After a retraining that was meant to move them, hold them against labels instead, and skip this step with that reason.
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell those who decide by these answers: which way they were off, by how much, from when until when.
- If the baseline is of a world that is gone, upload a new one, so that the next drift is measured from today.
- Resolve with the cause, and close with a verdict.
~~~
`,
};
