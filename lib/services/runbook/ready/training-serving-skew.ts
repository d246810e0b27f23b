import type { ReadyRunbook } from "../ready-runbooks.ts";

export const trainingServingSkew: ReadyRunbook = {
  key: "training-serving-skew",
  title: "Training-serving skew",
  attach: { causeClasses: ["training_serving_skew"] },
  body: `For an incident that says that a feature as it was served differs from the same feature as the training side computes it. It is a fault of
code or data, never of the world: the model is asked in another language than it learned.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Which features, since when? What do the differing pairs have in common: a factor, a rounding, a time zone, a default, a type?
- Was the serving code, the feature store or the training job released around {{incident.impact_started}}?
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query differ
title: Do pairs really differ, beyond what is allowed?
ask: skew verdict
of: incident
window: evidence
expect: no skew
in range: later
cannot say: offline-side

A pair is one prediction with both sides' value.
~~~

~~~step manual offline-side
title: Nothing to pair with: look at the offline side

Do offline features still arrive, and under the same prediction ids and names? A join that stopped matching hides skew.
~~~

~~~step query how-many
title: What share of the pairs differs since it began?
ask: skew mismatch_rate
of: incident
window: impact
expect: < 1 %

All of them: code. Some: a client, a region, a path through the code, a cache.
~~~

## Scope

~~~step query everywhere
title: Which other features differ?
ask: skew verdict
of: features
window: impact
expect: no skew

Features that differ together share a transformation, a source or a join.
~~~

~~~step query drifted
title: Does what is served drift from the training data, too?
ask: drift verdict
of: incident
window: impact
expect: no drift
in range: offline-wrong
out of range: serving-wrong
~~~

~~~step manual serving-wrong
title: The serving side changed
then: worse

What is served is neither like the offline side nor like the training set: look at the serving code first. Mitigate there.
~~~

~~~step manual offline-wrong
title: The offline side may have changed

What is served is as it was in training: then the offline values are the ones that moved. The model still answers as it should; the
next training set would not. Stop scheduled retraining until it is mended.
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
title: Make both sides say the same

- Roll back the side that was released last.
- If that can't be done now: serve the feature's training default or the fallback model, so that no wrong value decides.
- Never retrain to get used to a wrong value.
~~~

## Verify

~~~step query verify
title: Do new pairs agree?
ask: skew verdict
of: incident
window: last 1 h
expect: no skew
in range: record
out of range: mitigate
~~~

~~~step manual later
title: It does not hold any more: keep an eye on it

Was it one batch that was replayed, or one that came late? Write down which, and leave the monitor as it is.
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}}: which predictions since {{incident.impact_started}} were made on wrong values.
- Add the case to the tests of the transformation that both sides share, or make it one.
- Resolve with the cause, and close as a data bug.
~~~
`,
};
