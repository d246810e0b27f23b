"use client";

import type { SloDetail } from "#lib/api/slo.ts";
import { formatDuration, formatNumber } from "#lib/charts/format-number.ts";
import { nameTier, sayTier } from "#lib/charts/say-tier.ts";
import { Badge } from "../ui/badge.tsx";
import { StatusMark } from "../ui/status-mark.tsx";

type Tier = Pick<
  SloDetail["tiers"][number],
  "name" | "urgency" | "budgetPercent" | "longMs" | "shortMs" | "factor" | "refusal"
> &
  Partial<Pick<SloDetail["tiers"][number], "long" | "short" | "verdict" | "inhibitedBy">>;

/** Every tier with its windows, its factor and, in words, what it says now or why it is not used. */
export function TierTable({ tiers }: { tiers: readonly Tier[] }) {
  return (
    <div className="overflow-x-auto rounded-lg border">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-ink-2 text-xs">
            <th className="h-9 border-b px-3 font-medium">Tier</th>
            <th className="h-9 border-b px-3 font-medium max-sm:hidden">Windows</th>
            <th className="h-9 border-b px-3 text-right font-medium">Fires above</th>
            <th className="h-9 border-b px-3 font-medium">What it says</th>
          </tr>
        </thead>
        <tbody>
          {tiers.map((tier) => (
            <tr key={tier.name} className={tier.refusal === null ? "" : "text-ink-3"}>
              <td className="whitespace-nowrap border-b px-3 py-2 align-top">
                {nameTier(tier.name)} <Badge>{tier.urgency}</Badge>
              </td>
              <td className="tabular whitespace-nowrap border-b px-3 py-2 align-top max-sm:hidden">
                {formatDuration(tier.longMs)} and {formatDuration(tier.shortMs)}
              </td>
              <td className="tabular whitespace-nowrap border-b px-3 py-2 text-right align-top">
                {formatNumber(tier.factor)} ×
              </td>
              <td className="border-b px-3 py-2 align-top">
                {tier.refusal === null ? (
                  <span className="flex flex-wrap items-baseline gap-x-2">
                    {tier.verdict === "fire" && <StatusMark status="breach" text="Burns" />}
                    {tier.verdict === "unknown" && <StatusMark status="unknown" />}
                    {tier.verdict === "clear" && <StatusMark status="healthy" text="Calm" />}
                    <span className="text-ink-2">{sayTier(tier)}</span>
                  </span>
                ) : (
                  <>Not used: {tier.refusal}.</>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
