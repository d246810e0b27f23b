import type { ReadyRunbook } from "../ready-runbooks.ts";

export const schemaChange: ReadyRunbook = {
  key: "schema-change",
  title: "Schema change",
  attach: { causeClasses: ["schema"] },
  body: `For an incident that says that fields came, went or changed their type. Rows may be refused, or taken with a field that means something else
now: the second is worse, since it is quiet.

## Triage

~~~step manual triage
title: Read what changed, and acknowledge

- Which fields: gone, new, renamed, of another type? In which version and environment?
- Are rows refused? The page of refused rows says why, with an example.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query rows
title: Are rows lost by it?
ask: volume rows
window: evidence
compare: last week
expect: 80 % to 125 % of reference
~~~

~~~step query types
title: Do values have another type than they had?
ask: quality type_violation_share
of: everything
window: evidence
expect: < 0.1 %
~~~

~~~step query gone
title: Are fields missing?
ask: quality missing_share
of: features
window: evidence
expect: < 50 %

A field that was renamed is missing in every row.
~~~

## Scope

~~~step query meaning
title: Do fields that are still there mean something else?
ask: drift verdict
of: features
window: impact
expect: no drift

A change of type or of unit without a change of name shows here and nowhere else.
~~~

~~~step query answers
title: Do the answers move?
ask: drift verdict
of: prediction
window: impact
expect: no drift
~~~

~~~step manual find-it
title: Find who changed the contract

Which producer was released around {{incident.impact_started}}, and did it announce the change? Which other models read the same fields?
~~~

## Mitigate

~~~step manual mitigate
title: Bring both sides back to one contract

- Not meant: have the producer roll back.
- Meant: map the new fields to the old ones where they enter, until a version is trained on the new ones.
- Refused rows can be sent again once they are right; their ids make sure that each counts once.
~~~

## Verify

~~~step query verify
title: Do types agree again?
ask: quality type_violation_share
of: everything
window: last 1 h
expect: < 0.1 %
out of range: mitigate
~~~

~~~step query verify-rows
title: Do as many rows come as a week ago?
ask: volume rows
window: last 1 h
compare: last week
expect: 80 % to 125 % of reference
out of range: mitigate
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}}, and the owners of other models that read these fields.
- Agree with the producer on who is told before the next change, and write it where both will look.
- If the change stays: upload a baseline that has it, and accept the new types. Close with a verdict.
~~~
`,
};
