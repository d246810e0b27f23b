"use client";

import { clsx } from "clsx";
import Link from "next/link";
import type { Alert } from "#lib/api/alert.ts";
import { Badge } from "../ui/badge.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface AlertListProps {
  title: string;
  note?: string;
  alerts: readonly Alert[];
  /** The one whose evidence is shown. */
  shownId: string | null;
  onShow: ((alertId: string) => void) | null;
  empty: string;
  /** Where one is silenced; left out, none is. */
  silenceHref?: (alert: Alert) => string;
}

const shownMax = 50;

/** What fires and what has cleared, the most important first. */
export function AlertList(props: AlertListProps) {
  const { title, note, alerts, shownId, onShow, empty, silenceHref } = props;
  const shown = alerts.slice(0, shownMax);
  return (
    <section aria-label={title}>
      <h2 className="font-semibold text-base">{title}</h2>
      {note !== undefined && <p className="text-ink-2 text-sm">{note}</p>}
      {alerts.length === 0 ? (
        <p className="mt-2 text-ink-2 text-sm">{empty}</p>
      ) : (
        <ul className="mt-2 rounded-lg border">
          {shown.map((alert) => (
            <li
              key={alert.id}
              className={clsx(
                "flex min-w-0 items-start gap-2.5 border-b px-3 py-2.5 text-sm last:border-b-0",
                alert.id === shownId && "bg-selected",
              )}
            >
              <span className="pt-1">
                <StatusShape status={statusOf(alert)} />
              </span>
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-medium">{alert.target}</span>
                  <span className="text-ink-3 text-xs">{alert.monitorName}</span>
                  {alert.isFlapping && <Badge>flapping</Badge>}
                  {alert.silenced !== null && (
                    <Badge>
                      silenced until&nbsp;
                      <TimeText iso={alert.silenced.until} isAbsolute />
                    </Badge>
                  )}
                </span>
                <span className="block text-pretty text-ink-2">{alert.sentence}</span>
                {alert.unknown !== null && alert.state === "firing" && (
                  <span className="block text-ink-3 text-xs">
                    Can't be judged since <TimeText iso={alert.unknown.since} />:{" "}
                    {alert.unknown.reason}. It stays as it is.
                  </span>
                )}
                <span className="block text-ink-3 text-xs">
                  {alert.endedAt === null ? (
                    <>
                      firing since <TimeText iso={alert.beganAt} />
                    </>
                  ) : (
                    <>
                      {alert.endReason ?? "over"} <TimeText iso={alert.endedAt} />
                    </>
                  )}
                </span>
              </span>
              {silenceHref !== undefined && alert.silenced === null && alert.endedAt === null && (
                <Link
                  href={silenceHref(alert)}
                  aria-label={`Silence ${alert.target}`}
                  className="shrink-0 rounded-md px-1.5 py-0.5 text-accent text-xs hover:underline"
                >
                  Silence
                </Link>
              )}
              {onShow !== null && alert.hasEvidence && (
                <button
                  type="button"
                  aria-pressed={alert.id === shownId}
                  onClick={() => onShow(alert.id)}
                  className="shrink-0 rounded-md px-1.5 py-0.5 text-accent text-xs hover:underline"
                >
                  Evidence
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {alerts.length > shown.length && (
        <p className="mt-1 text-ink-3 text-xs">
          {shown.length} of {alerts.length}, the most important first.
        </p>
      )}
    </section>
  );
}

function statusOf({ state, unknown }: Alert) {
  if (state === "resolved") return "healthy" as const;
  return unknown === null ? ("breach" as const) : ("unknown" as const);
}
