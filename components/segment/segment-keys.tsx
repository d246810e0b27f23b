"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SegmentKeys as Keys } from "#lib/api/segment.ts";
import {
  createSegmentKey,
  deleteSegmentKey,
  segmentKeysQuery,
  segmentSuggestionsQuery,
} from "#lib/api/segment.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { plural } from "#lib/charts/sentence.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const snippet = `client.log_prediction(
    {"distance": 728, "origin": "ATL"},
    prediction="late",
    tags={"region": "eu", "carrier": "HA"},
)`;

/** By which tags rows are profiled: those that are, those that could be, and how to send one. */
export function SegmentKeys({ workspace, model }: { workspace: string; model: string }) {
  const client = useQueryClient();
  const keys = useQuery(segmentKeysQuery(workspace, model));
  const suggestions = useQuery(segmentSuggestionsQuery(workspace, model));
  const [removing, setRemoving] = useState<string | null>(null);
  const refresh = async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ["segment", workspace, model] }),
      client.invalidateQueries({ queryKey: ["job", workspace] }),
    ]);
  };
  const creation = useMutation({
    mutationFn: (key: string) => createSegmentKey(workspace, model, key),
    onSuccess: refresh,
  });
  const removal = useMutation({
    mutationFn: (key: string) => deleteSegmentKey(workspace, model, key),
    onSuccess: async () => {
      setRemoving(null);
      await refresh();
    },
  });
  const declared = keys.data?.keys ?? [];
  const isFull = keys.data !== undefined && declared.length >= keys.data.keysMax;
  return (
    <section aria-label="Segment keys" className="flex flex-col gap-4">
      <div>
        <h2 className="font-semibold text-base">Segment keys</h2>
        <p className="mt-0.5 max-w-[76ch] text-ink-2 text-sm">
          A declared tag has every statistic kept for each of its values: at most{" "}
          {keys.data?.keysMax ?? 10} keys, and {keys.data?.valuesPerKeyMax ?? 100} values each, the
          rest together. Stored rows are profiled anew when one is declared.
        </p>
      </div>
      <QueryView
        query={keys}
        what="The segment keys"
        skeleton={<Skeleton className="h-20 w-full" />}
      >
        {(data) => <DeclaredKeys keys={data.keys} onRemove={setRemoving} />}
      </QueryView>
      {creation.data !== undefined && creation.data.backfillHourCount > 0 && (
        <p role="status" className="text-ink-2 text-sm">
          <span className="font-mono">{creation.data.key}</span> is declared;{" "}
          {formatCount(creation.data.backfillHourCount)}{" "}
          {plural(creation.data.backfillHourCount, "hour")} of stored rows are being profiled by it.
          Figures come in, the newest first.
        </p>
      )}
      <QueryView
        query={suggestions}
        what="The tags of the newest rows"
        skeleton={<Skeleton className="h-20 w-full" />}
      >
        {({ suggestions: found, rowCount }) =>
          found.length === 0 ? (
            <div className="grid gap-4 rounded-lg border border-dashed p-5 lg:grid-cols-2">
              <div>
                <p className="font-medium">
                  {declared.length === 0
                    ? "No row carries a tag yet"
                    : "No row carries another tag"}
                </p>
                <p className="mt-1 max-w-[60ch] text-ink-2 text-sm">
                  {rowCount === 0
                    ? "No row has come in the newest day."
                    : `${formatCount(rowCount)} of the newest rows were looked at.`}{" "}
                  Send what a row is about as its tags, such as region, customer tier or carrier. A
                  tag is not a feature: the model does not see it. A baseline&apos;s columns become
                  tags by <code className="font-mono">tags</code> in its mapping.
                </p>
              </div>
              <CodeBlock label="Python" code={snippet} />
            </div>
          ) : (
            <ul
              aria-label="Tags that could be declared"
              className="flex flex-col rounded-lg border"
            >
              {found.map(({ key, valueCount, rowCount: carrying }) => (
                <li
                  key={key}
                  className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-sm last:border-b-0"
                >
                  <span className="max-w-56 truncate font-medium font-mono">{key}</span>
                  <span className="text-ink-2">
                    {formatCount(valueCount)} {plural(valueCount, "value")} in{" "}
                    {formatCount(carrying)} of {formatCount(rowCount)} rows
                    {keys.data !== undefined &&
                      valueCount > keys.data.valuesPerKeyMax &&
                      `; past the first ${keys.data.valuesPerKeyMax} all are one`}
                  </span>
                  <Button
                    size="sm"
                    className="ml-auto"
                    disabled={creation.isPending || isFull}
                    onClick={() => creation.mutate(key)}
                  >
                    Declare {key}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <DeclareByName
        isBusy={creation.isPending}
        isFull={isFull}
        error={sayFailure(creation.error)}
        onDeclare={(key) => creation.mutate(key)}
      />
      <ConfirmDialog
        isOpen={removing !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setRemoving(null);
        }}
        title={`Remove the segment key "${removing ?? ""}"`}
        description="Its profiles and performance go, and pages no longer offer it. Rows keep their tags: declared again, it is built anew from the rows that are still stored."
        name={removing ?? ""}
        action="Remove it"
        isBusy={removal.isPending}
        error={sayFailure(removal.error)}
        onConfirm={() => {
          if (removing !== null) removal.mutate(removing);
        }}
      />
    </section>
  );
}

function DeclaredKeys({ keys, onRemove }: { keys: Keys["keys"]; onRemove: (key: string) => void }) {
  if (keys.length === 0) return null;
  return (
    <ul aria-label="Declared keys" className="flex flex-col rounded-lg border">
      {keys.map(({ key, declaredAt, values }) => (
        <li
          key={key}
          className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-sm last:border-b-0"
        >
          <span className="max-w-56 truncate font-medium font-mono">{key}</span>
          <span className="text-ink-2">
            {values.length === 0
              ? "no row profiled yet"
              : `${formatCount(values.length)} ${plural(values.length, "value")}`}
            , declared <TimeText iso={declaredAt} />
          </span>
          <Button
            kind="quiet"
            size="sm"
            className="ml-auto"
            aria-label={`Remove the key ${key}`}
            onClick={() => onRemove(key)}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}

function DeclareByName({
  isBusy,
  isFull,
  error,
  onDeclare,
}: {
  isBusy: boolean;
  isFull: boolean;
  error: string | null;
  onDeclare: (key: string) => void;
}) {
  const [key, setKey] = useState("");
  return (
    <form
      className="max-w-md"
      onSubmit={(event) => {
        event.preventDefault();
        if (key !== "") onDeclare(key);
      }}
    >
      <Field
        label="Declare a tag by its name"
        help={
          isFull
            ? "Every key that there may be is declared; remove one first."
            : "Also before its first row comes."
        }
        error={error}
      >
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              value={key}
              maxLength={128}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setKey(event.target.value)}
            />
            <Button type="submit" disabled={key === "" || isBusy || isFull}>
              {isBusy ? "Declaring" : "Declare"}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
