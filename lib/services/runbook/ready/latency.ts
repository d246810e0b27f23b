import type { ReadyRunbook } from "../ready-runbooks.ts";

export const latency: ReadyRunbook = {
  key: "latency",
  title: "Slow predictions",
  attach: { causeClasses: ["latency"] },
  body: `For an incident that says that the model answers more slowly than it did. Whoever calls it waits, times out, and falls back to something worse
without telling anybody.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Which quantile, by how much, since when? Of one version, or of all?
- Do callers time out? Their error rate says more than the mean.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query p95
title: Is the 95th percentile as it was a week ago?
ask: latency p95
window: evidence
compare: last week
expect: < 125 % of reference
in range: over
~~~

~~~step query median
title: And the median?
ask: latency p50
window: evidence
compare: last week
expect: < 125 % of reference

Both slower: everything is. The tail alone: some requests are: their size, their features, their host.
~~~

## Scope

~~~step query load
title: Do more requests come than a week ago?
ask: volume rows
window: evidence
compare: last week
expect: 80 % to 125 % of reference
out of range: capacity
~~~

~~~step query inputs
title: Are the inputs other than they were?
ask: drift verdict
of: features
window: evidence
expect: no drift

Longer texts, more items or a new default make the same model slower.
~~~

~~~step query fresh
title: Do feature values come late as well?
ask: freshness event_lag_p95
window: evidence
expect: <= 15 min
cannot say: release

A feature store that answers slowly is late as well as slow.
~~~

~~~step manual release
title: Look at what was released

The model's version, its runtime, its container, its host, its feature store, the caller's batch size: what changed around
{{incident.impact_started}}?
~~~

~~~step manual capacity
title: Look at the capacity

Queue length, CPU or GPU, memory, throttling, cold starts. Does one host answer slower than the others?
~~~

## Mitigate

~~~step manual mitigate
title: Make it answer in time again

- More load: add capacity, or shed what matters least.
- A release: roll it back.
- A dependency: its owners; meanwhile a cached or default feature if the model's owner agrees, or the smaller model.
~~~

## Verify

~~~step query verify
title: Is the 95th percentile back?
ask: latency p95
window: last 1 h
compare: last week
expect: < 125 % of reference
out of range: mitigate
~~~

## Communicate

~~~step manual over
title: Note how it ended

Did somebody do something, or did the load go away? What went away comes back at the same hour.
~~~

~~~step manual record
title: Say what it was, and close

- How many callers fell back or gave up since {{incident.impact_started}}, and what did they get instead?
- If there is no objective for this latency, set one. Resolve with the cause, and close with a verdict.
~~~
`,
};
