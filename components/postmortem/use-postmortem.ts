"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A change of a postmortem: what is shown of it anywhere is asked for again. */
export function useChange<T, R>(workspace: string, change: (input: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["postmortem", workspace] }),
        client.invalidateQueries({ queryKey: ["action-item", workspace] }),
      ]),
  });
}
