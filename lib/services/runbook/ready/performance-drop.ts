import type { ReadyRunbook } from "../ready-runbooks.ts";

export const performanceDrop: ReadyRunbook = {
  key: "performance-drop",
  title: "Performance drop in one segment",
  attach: { causeClasses: ["performance", "fairness"] },
  body: `For an incident that says that the model is wrong more often than it was. A drop is rarely everywhere: it sits in one region, client, product or
version, and the mean hides how bad it is there.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Which metric, by how much, on how many labels? Of everybody, or of {{incident.segment}}?
- Are all labels of the window in? Late ones are not like early ones.
- If a version was released around {{incident.impact_started}}, attach **Bad release** and begin there.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query drop
title: Is the main metric as it was a week ago?
ask: performance main
window: impact
compare: last week
expect: 95 % to 105 % of reference
~~~

~~~step query everybody
title: And of all rows together?
ask: performance main
segment: none
window: impact
compare: last week
expect: 95 % to 105 % of reference
out of range: everywhere

In range of all rows, and out of range of the segment: the fault is the segment's own.
~~~

## Scope

~~~step manual segment
title: Find the segment that is worst

Open the segments page: it ranks where the model is worse than elsewhere, with how sure that is. Note its key and value, and how much of the
traffic it is.
~~~

~~~step query segment-volume
title: Does the segment send as many rows as a week ago?
ask: volume rows
window: impact
compare: last week
expect: 80 % to 125 % of reference
~~~

~~~step query segment-quality
title: Are its values whole?
ask: quality verdict
of: everything
window: impact
expect: no problem
~~~

~~~step query segment-drift
title: Did its inputs move?
ask: drift verdict
of: features
window: impact
expect: no drift
in range: relation
out of range: mitigate
~~~

~~~step manual everywhere
title: It is everywhere: follow the model, not the segment
then: mitigate

See what explains the change on the model's page: features that moved, segments that came more often, or a relation that changed.
~~~

~~~step manual relation
title: Inputs are as they were: look at the labels and the relation

Did the label's definition, source or delay change for this segment? If not, the relation itself did: only new labels can teach it.
~~~

## Mitigate

~~~step manual mitigate
title: Protect the segment first

- A fault in its data: mend it at the source.
- Send the segment to the fallback (an older version, a rule, a person) until it is mended.
- The relation changed: retrain with its newest labels, weighted so that they count; compare by segment before promoting.
~~~

## Verify

~~~step query verify
title: Is the main metric back?
ask: performance main
window: last 1 d
compare: last week
expect: 95 % to 105 % of reference
out of range: mitigate
cannot say: record

If labels take longer than that, say when they will be in, and leave the monitor to tell.
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}} for this segment: how often it was wrong, since {{incident.impact_started}}.
- Declare the segment's key, and a monitor on each of its values, if it had none.
- Resolve with the cause, and close with a verdict.
~~~
`,
};
