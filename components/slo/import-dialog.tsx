"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { importSlos } from "#lib/api/slo.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";

/** Says what documents would make before it makes it. */
export function ImportDialog({
  workspace,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const client = useQueryClient();
  const [yaml, setYaml] = useState("");
  const check = useMutation({
    mutationFn: (text: string) => importSlos(workspace, { yaml: text, isDryRun: true }),
  });
  const create = useMutation({
    mutationFn: (text: string) => importSlos(workspace, { yaml: text }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["slo", workspace] });
      setYaml("");
      check.reset();
      onOpenChange(false);
    },
  });
  const found = check.data;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Import OpenSLO"
      description="Documents of openslo/v1 whose metric source is of the type Plumbline, as an objective's page exports them."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (found === undefined) check.mutate(yaml);
          else create.mutate(yaml);
        }}
      >
        <Field label="YAML" error={sayFailure(check.error ?? create.error)}>
          {(control) => (
            <textarea
              {...control}
              rows={12}
              spellCheck={false}
              value={yaml}
              onChange={(event) => {
                setYaml(event.target.value);
                check.reset();
              }}
              className={`${inputClass} h-auto py-2 font-mono text-xs`}
            />
          )}
        </Field>
        {found !== undefined && (
          <div role="status" className="text-sm">
            <p>
              {found.slos.length === 0
                ? "No objective is in these documents."
                : `Makes ${found.slos.map(({ name, model }) => `${name} (${model})`).join(", ")}.`}
            </p>
            {found.notes.map((note) => (
              <p key={note} className="mt-1 text-ink-2">
                {note}
              </p>
            ))}
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            disabled={
              yaml.trim() === "" || check.isPending || create.isPending || found?.slos.length === 0
            }
          >
            {found === undefined ? "Check" : "Import"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
