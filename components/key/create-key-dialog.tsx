"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createKey, keyListQuery } from "#lib/api/key.ts";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import { apiKeyScopeSchema } from "#lib/domain/role.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { SecretOnce } from "./secret-once.tsx";

const scopeHelp: Record<ApiKeyScope, string> = {
  ingest: "send predictions, labels and baselines",
  read: "read everything of this workspace",
  write: "change models, baselines and settings",
  admin: "manage keys and members",
};
const lifetimes = [
  { value: "never", label: "Never", days: undefined },
  { value: "30", label: "In 30 days", days: 30 },
  { value: "90", label: "In 90 days", days: 90 },
  { value: "365", label: "In a year", days: 365 },
] as const;

export function CreateKeyDialog({
  workspace,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(["ingest"]);
  const [lifetime, setLifetime] = useState<string>("never");
  const creation = useMutation({
    mutationFn: () => {
      const days = lifetimes.find(({ value }) => value === lifetime)?.days;
      return createKey(workspace, {
        name,
        scopes: [...scopes],
        ...(days !== undefined && { expiresInDays: days }),
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keyListQuery(workspace).queryKey }),
  });
  const close = (next: boolean) => {
    if (!next && creation.isSuccess) {
      creation.reset();
      setName("");
    }
    onOpenChange(next);
  };
  const secret = creation.data?.secret;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={close}
      title={secret === undefined ? "Create a key" : `The key "${creation.data?.key.name ?? ""}"`}
    >
      {secret === undefined ? (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            creation.mutate();
          }}
        >
          <Field
            label="Name"
            help="Which program uses it, so that it can be revoked alone."
            error={sayFailure(creation.error)}
          >
            {(control) => (
              <Input
                {...control}
                required
                autoFocus
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <fieldset>
            <legend className="mb-1 font-medium text-sm">It may</legend>
            {apiKeyScopeSchema.options.map((scope) => (
              <label key={scope} className="flex h-8 items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent-fill"
                  checked={scopes.includes(scope)}
                  onChange={(event) =>
                    setScopes(
                      event.target.checked
                        ? [...scopes, scope]
                        : scopes.filter((each) => each !== scope),
                    )
                  }
                />
                <span className="w-14 font-medium">{scope}</span>
                <span className="text-ink-2">{scopeHelp[scope]}</span>
              </label>
            ))}
          </fieldset>
          <Field label="Ends">
            {({ id }) => (
              <Select
                id={id}
                label="Ends"
                value={lifetime}
                options={lifetimes.map(({ value, label }) => ({ value, label }))}
                onChange={setLifetime}
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button kind="quiet" onClick={() => close(false)}>
              Cancel
            </Button>
            <Button
              kind="primary"
              type="submit"
              disabled={name.trim() === "" || scopes.length === 0 || creation.isPending}
            >
              {creation.isPending ? "Creating" : "Create"}
            </Button>
          </div>
        </form>
      ) : (
        <div className="flex flex-col gap-4">
          <SecretOnce secret={secret} />
          <Button kind="primary" className="self-end" onClick={() => close(false)}>
            I have copied it
          </Button>
        </div>
      )}
    </Dialog>
  );
}
