import type { ReadyRunbook } from "../ready-runbooks.ts";

export const volumeDrop: ReadyRunbook = {
  key: "volume-drop",
  title: "Volume drop or surge",
  attach: { causeClasses: ["volume"] },
  body: `For an incident that says that fewer or more rows came than is usual at this hour of the week. Fewer: somebody gets no answer, or answers are
not logged. More: a retry, a replay, an attack, or a campaign that nobody announced.

## Triage

~~~step manual triage
title: Read what fired, and acknowledge

- Fewer or more, by how much, since when? Is it a holiday somewhere?
- Is the service itself up, and does it answer? If it does not, that is an incident of its own: hand over, and stay on this one.
- Acknowledge, so that others know that you have it.
~~~

## Confirm

~~~step query week
title: How many rows, against the same hours a week ago?
ask: volume rows
window: impact
compare: last week
expect: 80 % to 125 % of reference
~~~

~~~step query before
title: And against the hours just before?
ask: volume rows
window: last 2 h
compare: previous
expect: 50 % to 200 % of reference

A drop against both is a fault; against last week alone it may be the calendar.
~~~

~~~step query age
title: Do rows still come at all?
ask: freshness event_age
window: last 1 h
expect: <= 15 min
~~~

## Scope

~~~step manual where
title: Find what is gone, or what there is too much of

Compare the segments: client, region, channel. All alike: the caller, the log, the network. One: its client or its feed. Also look at refused
rows: what is refused is not counted.
~~~

~~~step query repeats
title: Are the values that come still like those of training?
ask: drift verdict
of: everything
window: impact
expect: no drift

Where a part of the world is gone, the rest looks otherwise: that drift needs no retraining.
~~~

~~~step query broken
title: Are the values that come whole?
ask: quality verdict
of: everything
window: impact
expect: no problem
~~~

## Mitigate

~~~step manual mitigate
title: Let rows come again, or keep false ones out

- The log: start it again, then send again what was kept; each row counts once.
- The caller: its owners, with the time and the segment.
- A surge of repeats: stop the sender. Labels and performance count each prediction once.
~~~

## Verify

~~~step query verify
title: Is the hour as it should be?
ask: volume rows
window: last 1 h
compare: last week
expect: 80 % to 125 % of reference
out of range: mitigate
~~~

## Communicate

~~~step manual record
title: Say what it was, and close

- How many predictions were not made, or not logged, since {{incident.impact_started}}? For whom?
- What was not logged can't be judged later: say so to whoever reads this week's performance.
- A holiday or campaign that is known: plan the next one as maintenance. Close with a verdict.
~~~
`,
};
