import type { ReadyRunbook } from "../ready-runbooks.ts";

export const staleFeatures: ReadyRunbook = {
  key: "stale-features",
  title: "Stale data or features",
  attach: { causeClasses: ["freshness"] },
  body: `For an incident that says that events or feature values are older than was promised. The model goes on answering from what it last knew, and
nothing throws: the harm grows with every minute of age.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Is it the model's events that stopped, or the values of its features that are old?
- Which promise is broken, and by how much?
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query age
title: How old is the newest event now?
ask: freshness event_age
window: last 1 h
expect: <= 1 h
out of range: volume

Set the bound here to what your promise says.
~~~

~~~step query feature-age
title: How old are the feature values that are served?
ask: freshness feature_age_p95
of: features
window: last 6 h
expect: <= 1 d
cannot say: volume

The 95th percentile; features without a time of their own can't say.
~~~

## Scope

~~~step query volume
title: Do rows come, as many as a week ago?
ask: volume rows
window: last 6 h
compare: last week
expect: 80 % to 125 % of reference

No rows: the caller or the log stopped. As many as ever: only what they carry is old.
~~~

~~~step manual find-it
title: Find where it stands still

Follow the data back from the model: log, stream, feature job, source table. Look for the first place whose newest record is old: the job
before it is the one. Its last run, its error, its lock, its credentials, its quota.
~~~

~~~step query moved
title: Do stale values already look otherwise?
ask: drift verdict
of: features
window: impact
expect: no drift
~~~

## Mitigate

~~~step manual mitigate
title: Get it going, or stop leaning on it

- Start the job again, or send again what was not sent. Rows of the past are taken in and judged where they belong.
- If it takes longer than the decisions can bear: switch to the fallback that does not need these features.
- Warn before a backfill that feeds other models, too.
~~~

## Verify

~~~step query verify
title: Is the newest event young again?
ask: freshness event_age
window: last 1 h
expect: <= 1 h
out of range: mitigate
~~~

~~~step query filled
title: Is the gap filled?
ask: volume rows
window: impact
compare: last week
expect: 80 % to 125 % of reference

What was lost stays lost: say so below, with how many rows.
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- Tell who decides by {{incident.model}}: answers since {{incident.impact_started}} were made on old values, which ones, how old.
- Does the job that stopped have an owner who is paged before the model's owner is? If not, that is the action item.
- Resolve with the cause, and close with a verdict.
~~~
`,
};
