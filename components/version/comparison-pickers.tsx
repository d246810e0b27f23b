"use client";

import { ArrowLeftRight } from "lucide-react";
import type { ReactNode } from "react";
import type { VersionComparison } from "#lib/api/version.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { nameMatched } from "#lib/charts/prepare-comparison.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { challengerColor, championColor } from "./version-color.ts";

/** Which two are compared; the choice stands in the address. */
export function ComparisonPickers({ comparison }: { comparison: VersionComparison }) {
  const { set } = useUrlState();
  const { champion, challenger, versions, candidates, pairs } = comparison;
  if (champion === null || challenger === null) return null;
  const { many, answered } = nameMatched(comparison);
  const names = [...new Set([...versions, champion, challenger])];
  const sharedWith = (one: string, other: string) =>
    candidates.find(
      ({ first, second }) =>
        (first === one && second === other) || (first === other && second === one),
    )?.idCount ?? 0;
  const choose = (next: { champion: string; challenger: string }) => set(next);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <h2 className="mr-2 font-semibold text-base max-sm:w-full">Champion and challenger</h2>
      <Side color={championColor}>
        <Select
          label="Champion"
          prefix="champion"
          className="max-w-64"
          value={champion}
          options={names
            .filter((value) => value !== challenger)
            .map((value) => ({ value, label: value }))}
          onChange={(value) => choose({ champion: value, challenger })}
        />
      </Side>
      <Button
        kind="quiet"
        size="iconSm"
        aria-label="Exchange champion and challenger"
        title="Exchange champion and challenger"
        onClick={() => choose({ champion: challenger, challenger: champion })}
      >
        <ArrowLeftRight size={15} aria-hidden />
      </Button>
      <Side color={challengerColor}>
        <Select
          label="Challenger"
          prefix="challenger"
          className="max-w-64"
          value={challenger}
          options={names
            .filter((value) => value !== champion)
            .map((value) => {
              const shared = sharedWith(champion, value);
              return {
                value,
                label: value,
                hint: shared === 0 ? "no id in common" : `${formatCount(shared)} ids in common`,
              };
            })}
          onChange={(value) => choose({ champion, challenger: value })}
        />
      </Side>
      {pairs !== null && (
        <span className="text-ink-2 text-sm">
          {formatCount(pairs.count)} {many} {answered} by both, {formatCount(pairs.labelledCount)}{" "}
          labelled{pairs.isSampled && "; a sample of them, by hashed id"}
        </span>
      )}
    </div>
  );
}

/** A picker never stands on another line than its colour. */
function Side({ color, children }: { color: string; children: ReactNode }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-2">
      <span aria-hidden className="size-2.5 shrink-0 rounded-[2px]" style={{ background: color }} />
      {children}
    </span>
  );
}
