import type { ReadyRunbook } from "../ready-runbooks.ts";

export const missingFeatures: ReadyRunbook = {
  key: "missing-features",
  title: "Missing or broken feature values",
  attach: { causeClasses: ["data_quality"] },
  body: `For an incident that says that values are missing, of the wrong type, out of range, stuck or never seen before. Most models answer all the
same, from a default that nobody chose for this.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Which feature, which check, since when? From one segment, client or version, or from all?
- Look at some of the bad rows: what do they have in common?
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query verdict
title: Are more values bad than usual?
ask: quality verdict
of: incident
window: evidence
expect: no problem
in range: over
~~~

~~~step query missing
title: How many are missing since it began?
ask: quality missing_share
of: incident
window: impact
expect: < 5 %

Set the bound to what this feature may lack.
~~~

~~~step query now
title: Does it still come in the last hour?
ask: quality verdict
of: incident
window: last 1 h
expect: no problem
in range: over
~~~

## Scope

~~~step query others
title: Which other values are bad?
ask: quality verdict
of: everything
window: impact
expect: no problem

Several at once: a join, a client, a table. One alone: its own code.
~~~

~~~step query answers
title: Do the answers move for it?
ask: drift verdict
of: prediction
window: impact
expect: no drift
~~~

~~~step manual find-it
title: Find the change upstream

Who writes {{incident.feature}}, and what was released around {{incident.impact_started}}? A renamed column, a new optional field, another
encoding, a lookup that finds nothing, a client that was updated. Tell its owners with a bad row and a good one.
~~~

## Mitigate

~~~step manual mitigate
title: Stop serving broken values

- Roll back or mend the writer.
- Until then send what the model was trained to see for a missing value, explicitly; or use the fallback model.
- If a value is new and right, such as a new category: decide with the model's owner whether it may answer for it at all.
~~~

## Verify

~~~step query verify
title: Are new values whole?
ask: quality verdict
of: incident
window: last 1 h
expect: no problem
out of range: mitigate
~~~

## Communicate

~~~step manual over
title: Note how it ended

Did somebody mend it, or did it end by itself? What ends by itself comes back: find out why it began.
~~~

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}}: how many predictions since {{incident.impact_started}} were made without the value.
- Declare what the feature should be (type, range, categories), so that the next time is found by rule.
- Keep the broken rows out of the next training set. Close with a verdict.
~~~
`,
};
