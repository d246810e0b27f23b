"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { modelQuery } from "#lib/api/model.ts";
import type { Answer } from "#lib/charts/sentence.ts";
import { BackfillNotice } from "../backfill/backfill-notice.tsx";
import { AsOf } from "../request/as-of.tsx";
import { AllRowsNotice } from "../segment/all-rows-notice.tsx";
import { SegmentPicker } from "../segment/segment-picker.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { modelPages, paths } from "../shell/paths.ts";
import { RangePicker } from "../shell/range-picker.tsx";
import { TabLinks } from "../shell/tab-links.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Select } from "../ui/select.tsx";

export interface ModelHeaderProps {
  workspace: string;
  model: string;
  answer: Answer | null;
  /** What the page mostly shows, for "as of". */
  query: UseQueryResult<unknown>;
  controls?: ReactNode;
  /** Pages without a window of time have no scope to choose. */
  hasScope?: boolean;
  /** On pages of one version: that which was answered about, null until it is known. */
  version?: string | null;
  /** What it shows can be had of one segment; else it says that it shows all rows. */
  hasSegment?: boolean;
  /** It sets segments side by side, so that none is chosen on it. */
  isComparing?: boolean;
}

const everyVersion = "*";

export function ModelHeader(props: ModelHeaderProps) {
  const { workspace, model, answer, query, controls, hasScope = true } = props;
  const { hasSegment = false, isComparing = false } = props;
  const { href, segment } = useScope();
  return (
    <PageHeader
      crumbs={[
        {
          label: "Fleet",
          href: href(paths.fleet(workspace), { segmentKey: null, segmentValue: null }),
        },
        { label: model, href: null, isMono: true },
      ]}
      answer={answer}
      isFailed={query.isError}
      notice={
        <>
          {hasScope && <BackfillNotice workspace={workspace} />}
          {hasScope && !hasSegment && !isComparing && segment !== null && (
            <AllRowsNotice segment={segment} />
          )}
        </>
      }
      asOf={<AsOf query={query} />}
      controls={
        <>
          {hasScope && (
            <ScopeControls workspace={workspace} model={model} answered={props.version} />
          )}
          {hasSegment && <SegmentPicker workspace={workspace} model={model} />}
          {controls}
          {hasScope && <RangePicker />}
        </>
      }
      tabs={
        <TabLinks
          label={`Pages of ${model}`}
          links={modelPages.map(({ page, label }) => ({
            label,
            href: href(paths.model(workspace, model, page)),
          }))}
        />
      }
    />
  );
}

interface ScopeControlsProps {
  workspace: string;
  model: string;
  answered: string | null | undefined;
}

function ScopeControls({ workspace, model, answered }: ScopeControlsProps) {
  const { data } = useQuery(modelQuery(workspace, model));
  const scope = useScope();
  const { set } = useUrlState();
  const environments = [...new Set(data?.versions.map(({ environment }) => environment) ?? [])];
  const environment = scope.environment ?? "production";
  const versions = [
    ...new Set(
      data?.versions
        .filter((each) => each.environment === environment)
        .sort((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt))
        .map(({ version }) => version) ?? [],
    ),
  ];
  const withCurrent = environments.includes(environment)
    ? environments
    : [environment, ...environments];
  return (
    <>
      <Select
        label="Environment"
        className="max-w-40"
        value={environment}
        options={withCurrent.map((value) => ({ value, label: value }))}
        onChange={(value) => set({ environment: value, version: null })}
      />
      <Select
        label="Version"
        className="max-w-48"
        value={scope.version ?? everyVersion}
        options={[
          {
            value: everyVersion,
            ...describeDefault(
              answered !== undefined && scope.version !== undefined ? null : answered,
            ),
          },
          ...versionsWith(versions, scope.version).map((value) => ({ value, label: value })),
        ]}
        onChange={(value) => set({ version: value === everyVersion ? null : value })}
      />
    </>
  );
}

/** What is shown where no version is named: all of them, or on pages of one the one that serves. */
function describeDefault(answered: string | null | undefined): { label: string; hint?: string } {
  if (answered === undefined) return { label: "All versions" };
  if (answered === null) return { label: "Serves most" };
  return { label: answered, hint: "serves most" };
}

const versionsWith = (versions: readonly string[], chosen: string | undefined) =>
  chosen === undefined || versions.includes(chosen) ? versions : [chosen, ...versions];
