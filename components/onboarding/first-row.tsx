"use client";

import { clsx } from "clsx";
import Link from "next/link";
import type { Onboarding } from "#lib/api/onboarding.ts";
import { paths } from "../shell/paths.ts";
import { buttonClass } from "../ui/button.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** Waits, says what was refused in the meantime, and turns green. */
export function FirstRow({
  workspace,
  onboarding,
}: {
  workspace: string;
  onboarding: Onboarding | null;
}) {
  const row = onboarding?.firstRow ?? null;
  const rejection = onboarding?.rejection ?? null;
  return (
    <section
      aria-label="The first row"
      aria-live="polite"
      className={clsx(
        "min-h-44 rounded-lg border px-5 py-4",
        row !== null && "border-healthy/50 bg-healthy-soft",
      )}
    >
      {row === null ? (
        <>
          <p className="flex items-center gap-2.5 font-medium">
            <span className="animate-breathe">
              <StatusShape status="unknown" size={14} />
            </span>
            Waiting for the first row
          </p>
          <p className="mt-1 text-ink-2 text-sm">
            This page asks every two seconds, and a reload goes on waiting for the same row.
          </p>
          {rejection !== null && (
            <div className="mt-3 rounded-md border border-breach/40 bg-breach-soft px-3 py-2 text-sm">
              <p className="font-medium">
                A row came and was refused: <span className="font-mono">{rejection.code}</span>
              </p>
              <p className="mt-0.5 text-ink-2">
                {rejection.path !== "" && <span className="font-mono">{rejection.path}: </span>}
                {rejection.message}
              </p>
              <Link
                href={paths.rejections(workspace)}
                className="mt-1 inline-block text-accent hover:underline"
              >
                All refused rows
              </Link>
            </div>
          )}
        </>
      ) : (
        <>
          <p className="flex items-center gap-2.5 font-medium">
            <StatusShape status="healthy" size={14} />
            <span>
              <span className="font-mono">{row.model}</span> {row.version} sent a row
            </span>
          </p>
          <p className="mt-1 text-ink-2 text-sm">
            Stored <TimeText iso={row.receivedAt} /> in {row.environment} as{" "}
            <span className="break-all font-mono">{row.predictionId}</span>.
          </p>
          <div className="mt-4 flex flex-wrap gap-2">
            <Link
              href={`${paths.model(workspace, row.model)}?range=1h&environment=${encodeURIComponent(row.environment)}`}
              className={buttonClass({ kind: "primary" })}
            >
              Open the model
            </Link>
            <Link href={paths.model(workspace, row.model, "baselines")} className={buttonClass()}>
              Upload its baseline
            </Link>
          </div>
        </>
      )}
    </section>
  );
}
