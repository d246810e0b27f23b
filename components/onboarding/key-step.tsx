"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createKey, keyListQuery } from "#lib/api/key.ts";
import { SecretOnce } from "../key/secret-once.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";

export interface KeyStepProps {
  workspace: string;
  hasKey: boolean;
  secret: string | null;
  onSecret: (secret: string) => void;
}

export function KeyStep({ workspace, hasKey, secret, onSecret }: KeyStepProps) {
  const client = useQueryClient();
  const creation = useMutation({
    mutationFn: () => createKey(workspace, { name: "first row", scopes: ["ingest"] }),
    onSuccess: async ({ secret: made }) => {
      onSecret(made);
      await client.invalidateQueries({ queryKey: keyListQuery(workspace).queryKey });
    },
  });
  const failure = sayFailure(creation.error);
  if (secret !== null) return <SecretOnce secret={secret} />;
  return (
    <div className="flex flex-col items-start gap-2">
      <Button kind="primary" disabled={creation.isPending} onClick={() => creation.mutate()}>
        {creation.isPending ? "Creating" : "Create a key"}
      </Button>
      <p className={failure === null ? "text-ink-3 text-xs" : "text-breach text-xs"}>
        {failure ??
          (hasKey
            ? "This workspace has keys already; one that you know works as well."
            : "It may send rows and nothing else, and is shown once.")}
      </p>
    </div>
  );
}
