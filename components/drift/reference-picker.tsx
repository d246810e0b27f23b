"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { modelQuery } from "#lib/api/model.ts";
import { formatReference, referenceNames } from "#lib/charts/name-reference.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import { driftReferenceSchema } from "#lib/domain/health.ts";
import { relativeRanges } from "#lib/domain/time-range.ts";
import { InstantsForm } from "../shell/instants-form.tsx";
import { useScope } from "../shell/use-scope.ts";
import type { UrlPatch } from "../shell/use-url-state.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";
import { Select } from "../ui/select.tsx";

const nothingMore: UrlPatch = {
  reference: null,
  referenceFrom: null,
  referenceUntil: null,
  referenceVersion: null,
};

/** What the window is compared with; two of the six need a word more, and are in force once they have it. */
export function ReferencePicker({ workspace, model }: { workspace: string; model: string }) {
  const { reference: current, zone } = useScope();
  const { set } = useUrlState();
  const [isOpen, setIsOpen] = useState(false);
  const [opened, setOpened] = useState<DriftReference | null>(null);
  const label = formatReference(current, zone);
  const shown = opened ?? current.reference;
  const choose = (patch: UrlPatch) => {
    set({ ...nothingMore, ...patch });
    setIsOpen(false);
  };
  return (
    <Popover
      label="Compare with"
      align="end"
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        setOpened(null);
      }}
      trigger={
        <Button aria-label={`Compare with: ${label}`} className="min-w-0 max-w-72 font-normal">
          <span className="shrink-0 text-ink-3">vs</span>
          <span className="truncate">{label}</span>
          <ChevronDown size={14} aria-hidden className="text-ink-3" />
        </Button>
      }
    >
      <ul className="-m-1 flex w-80 max-w-full flex-col">
        {driftReferenceSchema.options.map((each) => (
          <li key={each}>
            <button
              type="button"
              aria-current={each === current.reference}
              aria-expanded={needsMore(each) ? shown === each : undefined}
              onClick={() =>
                needsMore(each)
                  ? setOpened(each)
                  : choose({ reference: each === "baseline" ? null : each })
              }
              className={clsx(
                "flex w-full flex-col rounded-md px-2 py-1.5 text-left",
                shown === each ? "bg-selected" : "hover:bg-hover",
              )}
            >
              <span className={clsx("text-sm", shown === each && "font-medium text-accent")}>
                {referenceNames[each].label}
              </span>
              <span className="text-ink-2 text-xs">{referenceNames[each].help}</span>
            </button>
            {shown === each && each === "version" && (
              <div className="px-2 pt-1 pb-2">
                <VersionChoice
                  workspace={workspace}
                  model={model}
                  onChoose={(referenceVersion) =>
                    choose({ reference: "version", referenceVersion })
                  }
                />
              </div>
            )}
            {shown === each && each === "window" && (
              <div className="px-2 pt-1 pb-2">
                <InstantsForm
                  zone={zone}
                  from={current.referenceFrom}
                  until={current.referenceUntil}
                  lengthMs={relativeRanges["24h"]}
                  onApply={(referenceFrom, referenceUntil) =>
                    choose({ reference: "window", referenceFrom, referenceUntil })
                  }
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Popover>
  );
}

const needsMore = (reference: DriftReference) => reference === "version" || reference === "window";

function VersionChoice({
  workspace,
  model,
  onChoose,
}: {
  workspace: string;
  model: string;
  onChoose: (version: string) => void;
}) {
  const { data } = useQuery(modelQuery(workspace, model));
  const scope = useScope();
  const environment = scope.environment ?? "production";
  const others =
    data?.versions.filter(
      (each) => each.environment === environment && each.version !== scope.version,
    ) ?? [];
  if (others.length === 0)
    return <p className="text-ink-2 text-xs">No other version has been seen in {environment}.</p>;
  return (
    <Select
      label="The version to compare with"
      value={scope.reference.referenceVersion ?? ""}
      placeholder="Choose a version"
      className="w-full"
      options={others.map(({ version }) => ({ value: version, label: version }))}
      onChange={onChoose}
    />
  );
}
