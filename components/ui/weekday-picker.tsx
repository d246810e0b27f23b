"use client";

import { clsx } from "clsx";

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** Some days of the week, Monday being 1. */
export function WeekdayPicker({
  value,
  onChange,
}: {
  value: readonly number[];
  onChange: (weekdays: number[]) => void;
}) {
  return (
    <fieldset className="flex flex-wrap gap-1" aria-label="Days of the week">
      {days.map((day, index) => {
        const weekday = index + 1;
        const isChosen = value.includes(weekday);
        return (
          <label
            key={day}
            className={clsx(
              "relative flex h-8 cursor-pointer items-center rounded-md border px-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent",
              isChosen ? "bg-selected font-medium text-accent" : "text-ink-2 hover:text-ink",
            )}
          >
            <input
              type="checkbox"
              className="absolute inset-0 cursor-pointer opacity-0"
              checked={isChosen}
              onChange={() =>
                onChange(
                  isChosen
                    ? value.filter((each) => each !== weekday)
                    : [...value, weekday].sort((a, b) => a - b),
                )
              }
            />
            {day}
          </label>
        );
      })}
    </fieldset>
  );
}
