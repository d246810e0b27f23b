"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ChevronDown, X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { segmentKeysQuery } from "#lib/api/segment.ts";
import { describeSegment, nameSegmentValue } from "#lib/charts/name-segment.ts";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { Popover } from "../ui/popover.tsx";

/** From so many values on a list is searched rather than read. */
const searchedFrom = 12;

/** Of which rows the page speaks: all, or those that share one value of a declared tag. */
export function SegmentPicker({ workspace, model }: { workspace: string; model: string }) {
  const { data } = useQuery(segmentKeysQuery(workspace, model));
  const { segment, href } = useScope();
  const { set } = useUrlState();
  const [isOpen, setIsOpen] = useState(false);
  const [search, setSearch] = useState("");
  const keys = data?.keys ?? [];
  if (segment === null && keys.length === 0) return null;
  const label = segment === null ? "All rows" : describeSegment(segment);
  const valueCount = keys.reduce((sum, { values }) => sum + values.length, 0);
  const choose = (patch: { segmentKey: string | null; segmentValue: string | null }) => {
    set(patch);
    setIsOpen(false);
    setSearch("");
  };
  const words = search.toLowerCase();
  return (
    <span className="inline-flex min-w-0 items-center">
      <Popover
        label="Segment"
        align="end"
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        trigger={
          <Button
            aria-label={`Segment: ${label}`}
            className={clsx(
              "min-w-0 max-w-60",
              segment === null ? "font-normal" : "border-accent bg-selected text-accent",
            )}
          >
            <span className={clsx("truncate", segment !== null && "font-mono")}>{label}</span>
            <ChevronDown size={14} aria-hidden className="shrink-0 text-ink-3" />
          </Button>
        }
      >
        <div className="flex w-72 max-w-full flex-col gap-2">
          {valueCount >= searchedFrom && (
            <Input
              aria-label="Find a value"
              placeholder="Find a value"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          <div className="-mx-1 max-h-80 overflow-y-auto px-1">
            <Choice
              isChosen={segment === null}
              onChoose={() => choose({ segmentKey: null, segmentValue: null })}
            >
              All rows
            </Choice>
            {keys.map(({ key, values }) => (
              <section key={key} aria-label={key} className="mt-2">
                <h3 className="px-2 font-medium font-mono text-ink-3 text-xs">{key}</h3>
                {values.length === 0 && (
                  <p className="px-2 py-1 text-ink-2 text-xs">
                    No row has been profiled by it yet.
                  </p>
                )}
                {values
                  .filter(({ value }) => nameSegmentValue(value).toLowerCase().includes(words))
                  .map(({ value }) => (
                    <Choice
                      key={value}
                      isChosen={segment?.key === key && segment.value === value}
                      onChoose={() => choose({ segmentKey: key, segmentValue: value })}
                    >
                      {nameSegmentValue(value)}
                    </Choice>
                  ))}
              </section>
            ))}
          </div>
          <Link
            href={href(paths.model(workspace, model, "segments"))}
            prefetch={false}
            className="border-t pt-2 text-accent text-sm hover:underline"
          >
            Compare segments, or declare another key
          </Link>
        </div>
      </Popover>
      {segment !== null && (
        <Button
          kind="quiet"
          size="icon"
          aria-label={`Leave the segment ${label}`}
          onClick={() => choose({ segmentKey: null, segmentValue: null })}
        >
          <X size={14} aria-hidden />
        </Button>
      )}
    </span>
  );
}

function Choice({
  isChosen,
  onChoose,
  children,
}: {
  isChosen: boolean;
  onChoose: () => void;
  children: string;
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={clsx(
        "block w-full truncate rounded-md px-2 py-1 text-left text-sm",
        isChosen ? "bg-selected font-medium text-accent" : "hover:bg-hover",
      )}
    >
      {children}
    </button>
  );
}
