"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { sessionQuery } from "#lib/api/session.ts";
import { Menu } from "../ui/menu.tsx";
import { paths } from "./paths.ts";

export function WorkspaceMenu({ workspace, isNarrow }: { workspace: string; isNarrow: boolean }) {
  const router = useRouter();
  const session = useQuery(sessionQuery());
  const workspaces = session.data?.workspaces ?? [];
  const current = workspaces.find(({ slug }) => slug === workspace);
  const name = current?.name ?? workspace;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Workspace ${name}`}
          className="flex h-10 items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-md bg-ink font-semibold text-page text-xs uppercase"
          >
            {name.slice(0, 1)}
          </span>
          <span className={clsx("min-w-0 flex-1", isNarrow && "sr-only")}>
            <span className="block truncate font-semibold text-sm leading-[18px]">{name}</span>
            {current?.isDemo === true && (
              <span className="block truncate text-2xs text-ink-3 leading-4">
                real flights, replayed
              </span>
            )}
          </span>
          {!isNarrow && <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-ink-3" />}
        </button>
      }
      entries={[
        { kind: "label", text: "Workspaces" },
        ...workspaces.map((each) => ({
          kind: "item" as const,
          id: each.id,
          text: each.name,
          isChecked: each.slug === workspace,
          hint: each.role,
          onSelect: () => router.push(paths.fleet(each.slug)),
        })),
      ]}
    />
  );
}
