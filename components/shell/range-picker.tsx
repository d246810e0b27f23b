"use client";

import { clsx } from "clsx";
import { CalendarClock, ChevronDown } from "lucide-react";
import { useState } from "react";
import { rangeNames } from "#lib/charts/format-range.ts";
import { formatSpan } from "#lib/charts/format-time.ts";
import { relativeRangeSchema, relativeRanges } from "#lib/domain/time-range.ts";
import { Button } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";
import { InstantsForm } from "./instants-form.tsx";
import { useScope } from "./use-scope.ts";
import { useUrlState } from "./use-url-state.ts";

/** Which stretch of time: relative and moving, or two instants and fixed. */
export function RangePicker() {
  const { range, zone } = useScope();
  const { set } = useUrlState();
  const [isOpen, setIsOpen] = useState(false);
  const isFixed = range.from !== undefined && range.until !== undefined;
  const chosen = range.range ?? "7d";
  const label = isFixed
    ? formatSpan(Date.parse(range.from ?? ""), Date.parse(range.until ?? ""), zone)
    : `Last ${rangeNames[chosen]}`;
  return (
    <Popover
      label="Time range"
      align="end"
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button aria-label={`Time range: ${label}`} className="min-w-0 font-normal">
          <CalendarClock size={14} aria-hidden className="text-ink-3" />
          <span className="truncate">{label}</span>
          <ChevronDown size={14} aria-hidden className="text-ink-3" />
        </Button>
      }
    >
      <div className="flex w-72 max-w-full flex-col gap-3">
        <div className="grid grid-cols-3 gap-1">
          {relativeRangeSchema.options.map((option) => (
            <button
              key={option}
              type="button"
              onClick={() => {
                set({ range: option, from: null, until: null });
                setIsOpen(false);
              }}
              className={clsx(
                "h-8 rounded-md text-sm",
                !isFixed && option === chosen
                  ? "bg-selected font-medium text-accent"
                  : "text-ink-2 hover:bg-hover hover:text-ink",
              )}
            >
              {rangeNames[option]}
            </button>
          ))}
        </div>
        <div className="border-t pt-3">
          <InstantsForm
            zone={zone}
            from={range.from}
            until={range.until}
            lengthMs={relativeRanges[chosen]}
            onApply={(from, until) => {
              set({ range: null, from, until });
              setIsOpen(false);
            }}
          />
        </div>
      </div>
    </Popover>
  );
}
