"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { baselineListQuery } from "#lib/api/baseline.ts";
import { modelQuery } from "#lib/api/model.ts";
import { modelPath } from "#lib/api/request.ts";
import { formatBytes } from "#lib/charts/format-number.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { formatOf, readColumns } from "./read-columns.ts";
import { uploadFile } from "./upload-file.ts";

export interface UploadDialogProps {
  workspace: string;
  model: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

const roles = [
  { name: "prediction", label: "Prediction" },
  { name: "label", label: "Label" },
  { name: "score", label: "Score" },
  { name: "timestamp", label: "Time of the prediction" },
  { name: "predictionId", label: "Prediction id" },
] as const;

interface Draft {
  file: File | null;
  columns: readonly string[];
  version: string;
  name: string;
  mapping: Readonly<Record<string, string>>;
  tags: string;
  ignore: string;
}

const emptyDraft: Draft = {
  file: null,
  columns: [],
  version: "",
  name: "training",
  mapping: {},
  tags: "",
  ignore: "",
};

/** A file, what it is called, and which of its columns is what. What was typed stays when the dialog is closed. */
export function UploadDialog({ workspace, model, isOpen, onOpenChange }: UploadDialogProps) {
  const client = useQueryClient();
  const versions =
    useQuery({ ...modelQuery(workspace, model), enabled: isOpen }).data?.versions ?? [];
  const [draft, setDraft] = useState(emptyDraft);
  const [sentBytes, setSentBytes] = useState(0);
  const abort = useRef<AbortController>(null);
  const listId = useId();
  const format = draft.file === null ? null : formatOf(draft.file.name);

  const upload = useMutation({
    mutationFn: (file: File) => {
      abort.current = new AbortController();
      return uploadFile({
        url: toUrl(workspace, model, draft, format ?? "csv"),
        file,
        signal: abort.current.signal,
        onProgress: setSentBytes,
      });
    },
    onSuccess: async () => {
      setDraft(emptyDraft);
      onOpenChange(false);
      await client.invalidateQueries({ queryKey: baselineListQuery(workspace, model).queryKey });
    },
  });
  const isCancelled = upload.error?.name === "AbortError";
  const wrongFormat =
    draft.file !== null && format === null
      ? "Take a .parquet, .csv, .ndjson or .jsonl file."
      : null;

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Upload a baseline"
      description="The rows that this version was trained on. Columns that are named nowhere are features."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setSentBytes(0);
          if (draft.file !== null && format !== null) upload.mutate(draft.file);
        }}
      >
        <Field label="File" help="Parquet, CSV or NDJSON, at most 2 GB." error={wrongFormat}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".parquet,.pq,.csv,.ndjson,.jsonl,.gz,.zst"
              className="text-sm file:mr-3 file:h-8 file:cursor-pointer file:rounded-md file:border file:border-line-strong/60 file:bg-raised file:px-3 file:font-medium file:text-ink"
              onChange={async (event) => {
                const file = event.target.files?.[0] ?? null;
                const columns = file === null ? [] : await readColumns(file);
                setDraft((before) => ({ ...before, file, columns }));
              }}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Version" help="Which version was trained on it.">
            {(control) => (
              <Input
                {...control}
                list={`${listId}-versions`}
                placeholder="unversioned"
                value={draft.version}
                onChange={(event) => setDraft({ ...draft, version: event.target.value })}
              />
            )}
          </Field>
          <Field label="Name" help="Such as training or validation.">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={128}
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              />
            )}
          </Field>
        </div>
        <datalist id={`${listId}-versions`}>
          {[...new Set(versions.map(({ version }) => version))].map((version) => (
            <option key={version} value={version} />
          ))}
        </datalist>
        <datalist id={`${listId}-columns`}>
          {draft.columns.map((column) => (
            <option key={column} value={column} />
          ))}
        </datalist>
        <fieldset className="grid gap-3 sm:grid-cols-2">
          <legend className="mb-2 font-medium text-sm">Which column is what</legend>
          {roles.map(({ name, label }) => (
            <Field key={name} label={label}>
              {(control) => (
                <Input
                  {...control}
                  list={`${listId}-columns`}
                  placeholder="not in the file"
                  value={draft.mapping[name] ?? ""}
                  onChange={(event) =>
                    setDraft({
                      ...draft,
                      mapping: { ...draft.mapping, [name]: event.target.value },
                    })
                  }
                />
              )}
            </Field>
          ))}
          <Field label="Tags" help="Columns by which it is compared segment by segment.">
            {(control) => (
              <Input
                {...control}
                value={draft.tags}
                onChange={(event) => setDraft({ ...draft, tags: event.target.value })}
              />
            )}
          </Field>
          <Field label="Leave out" help="Columns, separated by commas.">
            {(control) => (
              <Input
                {...control}
                value={draft.ignore}
                onChange={(event) => setDraft({ ...draft, ignore: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
        {draft.columns.length > 0 && (
          <p className="text-ink-3 text-xs">
            {draft.columns.length} columns in the file: {draft.columns.slice(0, 8).join(", ")}
            {draft.columns.length > 8 && " …"}
          </p>
        )}
        {upload.isPending && draft.file !== null && (
          <ProgressBar
            label={`${formatBytes(sentBytes)} of ${formatBytes(draft.file.size)}`}
            done={sentBytes}
            total={draft.file.size}
          />
        )}
        {upload.error !== null && !isCancelled && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(upload.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          {upload.isPending ? (
            <Button onClick={() => abort.current?.abort()}>Cancel the upload</Button>
          ) : (
            <Button kind="quiet" onClick={() => onOpenChange(false)}>
              Close
            </Button>
          )}
          <Button kind="primary" type="submit" disabled={format === null || upload.isPending}>
            Upload
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function toUrl(workspace: string, model: string, draft: Draft, format: string): string {
  const named = Object.entries(draft.mapping)
    .map(([role, column]) => [role, column.trim()] as const)
    .filter(([, column]) => column !== "");
  const [tags, ignore] = [draft.tags, draft.ignore].map((list) =>
    list
      .split(",")
      .map((column) => column.trim())
      .filter((column) => column !== ""),
  );
  const mapping = {
    ...Object.fromEntries(named),
    ...(tags?.length && { tags }),
    ...(ignore?.length && { ignore }),
  };
  const query = new URLSearchParams({
    name: draft.name.trim() || "training",
    format,
    mapping: JSON.stringify(mapping),
    ...(draft.version.trim() !== "" && { version: draft.version.trim() }),
  });
  return `/api/v1${modelPath(workspace, model)}/baselines?${query.toString()}`;
}
