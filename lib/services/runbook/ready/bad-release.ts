import type { ReadyRunbook } from "../ready-runbooks.ts";

export const badRelease: ReadyRunbook = {
  key: "bad-release",
  title: "Bad release",
  attach: {
    causeClasses: ["performance", "latency", "schema", "training_serving_skew"],
    severities: ["sev1", "sev2"],
  },
  body: `For an incident that began when something was released: a version of the model, its features, its serving code, or a caller. Going back is
nearly always right before knowing why: the version before is known to work, and the cause can be found in daylight.

## Triage

~~~step manual triage
title: Was something released, and did it begin then?

- Releases stand as marks on the time axis of every chart. What was released around {{incident.impact_started}}?
- Nothing was: this is the wrong runbook; go on with another.
- Acknowledge, and stop every other release of {{incident.model}} until this is over.
~~~

## Confirm

~~~step query answers
title: Does the model answer otherwise than before?
ask: drift verdict
of: prediction
window: evidence
compare: last week
expect: no drift
~~~

~~~step query inputs
title: Are the inputs what they were?
ask: drift verdict
of: features
window: evidence
compare: last week
expect: no drift

The same inputs and other answers: the release did it. Other inputs: it may have been somebody else's release.
~~~

~~~step query values
title: Are the inputs whole?
ask: quality verdict
of: everything
window: evidence
expect: no problem
~~~

## Scope

~~~step query slower
title: Is it slower?
ask: latency p95
window: evidence
compare: last week
expect: < 125 % of reference
cannot say: worse
~~~

~~~step query worse
title: Is it worse, by the labels that have come?
ask: performance main
window: evidence
compare: last week
expect: 95 % to 105 % of reference
cannot say: decide
~~~

## Mitigate

~~~step manual decide
title: Decide: back, or forward?

Back, unless going back does more harm than waiting: a schema that the version before can't read, a state that it can't continue. Two people
decide that; the reason goes to the timeline.
~~~

~~~step action roll-back
title: Roll back to the version before
action: roll-back

Where no such action is set up, roll back by your own means and check this off.
~~~

~~~step manual callers
title: See that the version before answers

The newest rows carry its version. If some still carry the new one, a part of the traffic was not switched.
~~~

## Verify

~~~step query verify
title: Are the answers as they were?
ask: drift verdict
of: prediction
window: last 1 h
compare: last week
expect: no drift
out of range: decide
~~~

~~~step query verify-rows
title: Do as many rows come as a week ago?
ask: volume rows
window: last 1 h
compare: last week
expect: 80 % to 125 % of reference
out of range: decide
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}}: which answers since {{incident.impact_started}} came from the bad version. Can they be made again?
- Which check would have stopped it before it was released? That is the action item.
- Resolve with the cause, and close with a verdict.
~~~
`,
};
