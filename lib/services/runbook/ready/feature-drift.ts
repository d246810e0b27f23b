import type { ReadyRunbook } from "../ready-runbooks.ts";

export const featureDrift: ReadyRunbook = {
  key: "feature-drift",
  title: "Feature drift",
  attach: { causeClasses: ["data_drift"], subjects: ["feature"] },
  body: `For an incident that says that a feature's distribution moved. Most such moves are a broken feed or a changed unit; some are the world, and
only those are a reason to retrain. A model that is retrained on broken values learns the fault: find out which it is first.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Open the evidence: which feature, since when, how far, on how many rows.
- Look at both distributions. A shift of the whole, a factor, a spike at one value and missing rows have different causes.
- Look at the causes that are named beside the feature: a unit, a sign, a default, a stuck value is said there.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query rows-came
title: Did as many rows come as a week ago?
ask: volume rows
window: evidence
compare: last week
expect: 80 % to 125 % of reference
out of range: volume-first

Half of the rows drawn from half of the world look like drift.
~~~

~~~step query values-good
title: Are the values whole, or are they missing and broken?
ask: quality verdict
of: incident
window: evidence
expect: no problem
in range: still-moves
out of range: data-fault
~~~

~~~step manual volume-first
title: Find out first what came or stayed away

Which source, region or client sends less or more than usual? Compare the volume by segment. If a feed is gone, attach the runbook
**Volume drop or surge** and go on there; drift of what is left says little.
~~~

~~~step query still-moves
title: Does the feature still move in the last hours?
ask: drift verdict
of: incident
window: last 6 h
expect: no drift
in range: record

What is over by itself is explained and recorded, not mitigated.
~~~

## Scope

~~~step query how-far
title: How far is it from the training data?
ask: drift psi
of: incident
window: impact
expect: < 0.25

Below 0.1 is small, from 0.25 on the model sees other inputs than it was made for.
~~~

~~~step query others
title: Which other features moved with it?
ask: drift verdict
of: features
window: impact
expect: no drift
in range: answers

Features that move together come from the same table, job or client: that is where to look.
~~~

~~~step manual data-fault
title: Find the change upstream

- Which table, job or client writes {{incident.feature}}? What of it was released around {{incident.impact_started}}?
- Compare a raw row from before and after: unit, sign, encoding, default for missing.
- Tell its owners, with the time, the feature and the two figures from above.
~~~

~~~step query answers
title: Did the model's answers move as well?
ask: drift verdict
of: prediction
window: impact
expect: no drift

If they did not, the model does not lean on this feature, and there is time. If they did, decisions are being made differently now.
~~~

~~~step query worse
title: Is the model worse, by the labels that have come?
ask: performance main
window: impact
compare: last week
expect: 95 % to 105 % of reference
cannot say: mitigate

Labels that are not in yet can't say. That is no sign that all is well.
~~~

## Mitigate

~~~step manual mitigate
title: Stop the harm

- A fault in the data: have it fixed or rolled back at its source. Until then serve the feature's training default, or the fallback model.
- The world moved, and the model copes: nothing; say so in the timeline.
- The world moved, and the model is worse: retrain on rows from after the move, compare with the one in production, then promote.

Never retrain on rows from the time of a fault. Mark the incident mitigated when the harm has stopped, not when the cause is known.
~~~

## Verify

~~~step query verify
title: Is the feature back where it was?
ask: drift verdict
of: incident
window: last 1 h
expect: no drift
in range: record
out of range: mitigate
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Who used answers of {{incident.model}} since {{incident.impact_started}}? Tell them what was wrong, from when until when.
- Rows that were stored with broken values: are they corrected, or kept out of the next training set?
- Resolve with the cause, close with a verdict: a data bug and a benign shift teach the monitor different things.
~~~
`,
};
