"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import type { Model } from "#lib/api/model.ts";
import { acceptFeatures, modelQuery, updateFeature, updateModel } from "#lib/api/model.ts";
import type { ExpectationList } from "#lib/api/quality.ts";
import { expectationListQuery } from "#lib/api/quality.ts";
import { sayTolerance } from "#lib/charts/draft-expectation.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { prepareSchemaAnswer } from "#lib/charts/prepare-schema-answer.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import { featureTypeSchema, taskSchema } from "#lib/domain/model.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { ModelHeader } from "./model-header.tsx";

// Most readers look; what an edit needs comes with the first.
const ExpectationDialog = dynamic(() =>
  import("../quality/expectation-dialog.tsx").then((module) => module.ExpectationDialog),
);

type Expectation = ExpectationList["features"][number];
type Feature = Model["features"][number] & { expectation: Expectation | null };

const typeHelp: Record<FeatureType, string> = {
  numeric: "compared as a distribution",
  categorical: "compared by value",
  boolean: "true and false",
  text: "not compared yet",
};

export function SchemaPage({ workspace, model }: { workspace: string; model: string }) {
  const query = useQuery(modelQuery(workspace, model));
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        hasScope={false}
        answer={query.data ? prepareSchemaAnswer(query.data) : null}
      />
      <PageBody>
        <QueryView
          query={query}
          what={`The schema of ${model}`}
          skeleton={<SkeletonTable rows={8} />}
        >
          {(data) => <SchemaTable workspace={workspace} model={data} />}
        </QueryView>
      </PageBody>
    </>
  );
}

function SchemaTable({ workspace, model }: { workspace: string; model: Model }) {
  const client = useQueryClient();
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const refresh = () =>
    client.invalidateQueries({ queryKey: modelQuery(workspace, model.name).queryKey });
  const feature = useMutation({
    mutationFn: ({ name, type }: { name: string; type: FeatureType }) =>
      updateFeature(workspace, model.name, name, type),
    onSuccess: refresh,
  });
  const task = useMutation({
    mutationFn: (value: string) =>
      updateModel(workspace, model.name, { task: taskSchema.parse(value) }),
    onSuccess: refresh,
  });
  const inferred = model.features.filter(({ provenance }) => provenance === "inferred");
  const all = useMutation({
    mutationFn: () =>
      acceptFeatures(
        workspace,
        model.name,
        inferred.map(({ name, type }) => ({ feature: name, type })),
      ),
    onSuccess: refresh,
  });
  const [edited, setEdited] = useState<string | null>(null);
  const expectations = useQuery(expectationListQuery(workspace, model.name));
  const search = (get("q") ?? "").toLowerCase();
  const rows = useMemo((): Feature[] => {
    const byName = new Map(expectations.data?.features.map((each) => [each.feature, each]));
    return model.features
      .map((each) => ({ ...each, expectation: byName.get(each.name) ?? null }))
      .filter(({ name }) => name.toLowerCase().includes(search))
      .sort(
        (a, b) =>
          Number(b.provenance === "inferred") - Number(a.provenance === "inferred") ||
          a.name.localeCompare(b.name, "en", { numeric: true }),
      );
  }, [model, search, expectations.data]);
  const columns = useMemo(() => schemaColumns(feature.mutate, setEdited), [feature.mutate]);
  const open = rows.find(({ name }) => name === edited);
  const failure = sayFailure(feature.error ?? task.error ?? all.error);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label="Task"
          prefix="Task"
          value={model.task ?? ""}
          options={[
            ...(model.task === null ? [{ value: "", label: "not known" }] : []),
            ...taskSchema.options.map((value) => ({ value, label: value })),
          ].filter(({ value }) => value !== "" || model.task === null)}
          onChange={(value) => {
            if (value !== "") task.mutate(value);
          }}
        />
        <Badge>{model.taskProvenance}</Badge>
        {model.task !== null && model.taskProvenance === "inferred" && (
          <Button size="sm" onClick={() => model.task !== null && task.mutate(model.task)}>
            Accept
          </Button>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <DataTable
        name="Features"
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        sort={sort}
        onSort={onSort}
        toolbar={
          <>
            <h2 className="mr-2 font-semibold text-base">Features</h2>
            <SearchInput label="Find a feature" />
            {inferred.length > 1 && (
              <Button size="sm" disabled={all.isPending} onClick={() => all.mutate()}>
                Accept all {formatCount(inferred.length)} types
              </Button>
            )}
          </>
        }
        empty="No feature is called that."
      />
      {expectations.data?.reference === null && (
        <p className="text-ink-3 text-xs">
          Ranges and values are learned from a baseline, and there is none yet.
        </p>
      )}
      {open !== undefined && (
        <ExpectationDialog
          key={open.name}
          workspace={workspace}
          model={model.name}
          type={open.type}
          expectation={open.expectation ?? nothingLearned(open.name)}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

const nothing = {
  minimum: null,
  maximum: null,
  allowedValues: null,
  allowedCount: null,
  isRequired: false,
};

const nothingLearned = (feature: string): Expectation => ({
  feature,
  provenance: "learned",
  learned: nothing,
  declared: null,
  expected: nothing,
});

function sayExpected({ expected, declared }: Expectation): string {
  const { minimum, maximum, allowedValues, allowedCount, isRequired } = expected;
  const parts = [
    ...(minimum === null && maximum === null
      ? []
      : [`${formatNumber(minimum)} to ${formatNumber(maximum)}`]),
    ...(allowedValues === null || allowedCount === null
      ? []
      : [allowedCount <= 3 ? allowedValues.join(", ") : `${formatCount(allowedCount)} values`]),
    ...(isRequired ? ["required"] : []),
  ];
  const tolerance = declared?.skewTolerance;
  return [
    parts.length === 0 ? "anything" : parts.join("; "),
    ...(tolerance === undefined ? [] : [`skew is ${sayTolerance(tolerance)}`]),
  ].join("; ");
}

function schemaColumns(
  update: (change: { name: string; type: FeatureType }) => void,
  edit: (name: string) => void,
): Column<Feature>[] {
  return [
    {
      id: "name",
      header: "Feature",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name }) => <NameText text={name} className="max-w-40 font-mono sm:max-w-64" />,
    },
    {
      id: "type",
      header: "Type",
      width: "180px",
      sortBy: ({ type }) => type,
      csv: ({ type }) => type,
      cell: ({ name, type }) => (
        <Select
          label={`Type of ${name}`}
          className="-my-0.5 h-7 w-32"
          value={type}
          options={featureTypeSchema.options.map((value) => ({
            value,
            label: value,
            hint: typeHelp[value],
          }))}
          onChange={(value) => update({ name, type: featureTypeSchema.parse(value) })}
        />
      ),
    },
    {
      id: "provenance",
      header: "Said by",
      width: "190px",
      sortBy: ({ provenance }) => provenance,
      csv: ({ provenance }) => provenance,
      cell: ({ name, type, provenance }) => (
        <span className="flex items-center gap-2">
          <Badge>{provenance}</Badge>
          {provenance === "inferred" && (
            <Button size="sm" kind="quiet" onClick={() => update({ name, type })}>
              Accept
            </Button>
          )}
        </span>
      ),
    },
    {
      id: "expected",
      header: "Expected",
      sortBy: ({ expectation }) => (expectation === null ? null : sayExpected(expectation)),
      csv: ({ expectation }) => (expectation === null ? null : sayExpected(expectation)),
      cell: ({ name, expectation }) => (
        <span className="flex items-center gap-2">
          <span
            className="max-w-40 truncate text-ink-2 xl:w-40"
            title={expectation === null ? undefined : sayExpected(expectation)}
          >
            {expectation === null ? "–" : sayExpected(expectation)}
          </span>
          {expectation !== null && (
            <Badge>
              {expectation.provenance === "learned"
                ? "learned, unconfirmed"
                : expectation.provenance}
            </Badge>
          )}
          <Button
            size="sm"
            kind="quiet"
            aria-label={`What ${name} is expected to be`}
            onClick={() => edit(name)}
          >
            Edit
          </Button>
        </span>
      ),
    },
    {
      id: "first",
      header: "First seen",
      isRight: true,
      from: "md",
      sortBy: ({ firstSeenAt }) => Date.parse(firstSeenAt),
      csv: ({ firstSeenAt }) => firstSeenAt,
      cell: ({ firstSeenAt }) => <TimeText iso={firstSeenAt} />,
    },
    {
      id: "last",
      header: "Last seen",
      isRight: true,
      from: "sm",
      sortBy: ({ lastSeenAt }) => Date.parse(lastSeenAt),
      csv: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <TimeText iso={lastSeenAt} />,
    },
  ];
}
