"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import type { Attribute, Fairness } from "#lib/api/fairness.ts";
import { updateAttribute } from "#lib/api/fairness.ts";
import { nameGroup } from "#lib/charts/name-fairness.ts";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";

export interface AttributeCardProps {
  workspace: string;
  model: string;
  fairness: Fairness;
}

const byRule = "";

/** Which declared keys are sensitive, and the group that the others are held against. */
export function AttributeCard({ workspace, model, fairness }: AttributeCardProps) {
  const client = useQueryClient();
  const { href } = useScope();
  const update = useMutation({
    mutationFn: ({ key, ...body }: Attribute) => updateAttribute(workspace, model, key, body),
    onSuccess: () => client.invalidateQueries({ queryKey: ["fairness", workspace, model] }),
  });
  if (fairness.attributes.length === 0)
    return (
      <EmptyState
        title="No segment key is declared"
        action={
          <Link href={href(paths.model(workspace, model, "segments"))} className={buttonClass()}>
            Declare one
          </Link>
        }
      >
        Log an attribute such as an age band as a tag of each prediction, declare the tag as a
        segment key of this model, and mark it here as sensitive: its groups are then compared in
        every window, the stored ones included.
      </EmptyState>
    );
  const groups = fairness.groups.filter(({ isComparable }) => isComparable);
  return (
    <section aria-label="Sensitive attributes" className="rounded-lg border px-4 py-3">
      <h2 className="font-semibold text-base">Sensitive attributes</h2>
      <p className="mt-0.5 text-ink-2 text-sm">
        Of the declared segment keys, those whose groups should be treated alike. Without a
        reference the others are held against{" "}
        {fairness.task === "regression" ? "the largest group" : "the most selected group"}.
      </p>
      <ul className="mt-2 flex flex-col">
        {fairness.attributes.map((attribute) => {
          const { key, isSensitive, referenceValue } = attribute;
          const isShown = key === fairness.attribute && groups.length > 0;
          return (
            <li key={key} className="flex min-h-10 flex-wrap items-center gap-2 border-t py-1.5">
              <span className="min-w-24 font-mono text-sm">{key}</span>
              {isSensitive && <Badge>sensitive</Badge>}
              {isSensitive && !isShown && referenceValue !== null && (
                <span className="text-ink-2 text-sm">reference {nameGroup(referenceValue)}</span>
              )}
              <span className="ml-auto flex items-center gap-2">
                {isSensitive && isShown && (
                  <Select
                    label={`Reference group of ${key}`}
                    prefix="reference"
                    className="max-w-56"
                    value={referenceValue ?? byRule}
                    placeholder="by rule"
                    options={[
                      {
                        value: byRule,
                        label: "by rule",
                        hint: fairness.task === "regression" ? "largest" : "most selected",
                      },
                      ...withChosen(
                        groups.map(({ value }) => value),
                        referenceValue,
                      ).map((value) => ({ value, label: nameGroup(value) })),
                    ]}
                    onChange={(value) =>
                      update.mutate({
                        key,
                        isSensitive,
                        referenceValue: value === byRule ? null : value,
                      })
                    }
                  />
                )}
                <Button
                  size="sm"
                  disabled={update.isPending}
                  onClick={() =>
                    update.mutate({ key, isSensitive: !isSensitive, referenceValue: null })
                  }
                >
                  {isSensitive ? "Not sensitive" : "Mark as sensitive"}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
      {update.isError && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {sayFailure(update.error)}
        </p>
      )}
    </section>
  );
}

const withChosen = (values: readonly string[], chosen: string | null) =>
  chosen === null || values.includes(chosen) ? values : [chosen, ...values];
