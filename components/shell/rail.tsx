"use client";

import { clsx } from "clsx";
import { PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Kbd } from "../ui/kbd.tsx";
import { ItemCount } from "./item-count.tsx";
import { OpenCount } from "./open-count.tsx";
import { paths } from "./paths.ts";
import { PersonMenu } from "./person-menu.tsx";
import { isEntryActive, railEntries } from "./rail-entries.ts";
import { useCommandKey } from "./use-command-key.ts";
import { WorkspaceMenu } from "./workspace-menu.tsx";

export interface RailProps {
  workspace: string;
  isNarrow: boolean;
  onNarrow: (isNarrow: boolean) => void;
  onPalette: () => void;
  onKeys: () => void;
}

export function Rail({ workspace, isNarrow, onNarrow, onPalette, onKeys }: RailProps) {
  const path = usePathname();
  const Toggle = isNarrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <div
      className={clsx(
        "sticky top-0 flex h-dvh shrink-0 flex-col gap-1 border-r bg-rail px-2 py-2 max-sm:hidden print:hidden",
        isNarrow ? "w-[52px]" : "w-[216px]",
      )}
    >
      <WorkspaceMenu workspace={workspace} isNarrow={isNarrow} />
      <RailButton
        isNarrow={isNarrow}
        label="Search"
        hint={useCommandKey()}
        onClick={onPalette}
        icon={<Search size={16} aria-hidden />}
      />
      <nav aria-label="Pages" className="mt-2 flex flex-col gap-0.5">
        {railEntries(workspace).map((entry) => {
          const isActive = isEntryActive(entry, path);
          return (
            <Link
              key={entry.label}
              href={entry.href}
              prefetch={false}
              title={isNarrow ? entry.label : undefined}
              aria-current={isActive ? "page" : undefined}
              className={clsx(
                "relative flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm",
                isActive
                  ? "bg-selected font-medium text-accent"
                  : "text-ink-2 hover:bg-hover hover:text-ink",
              )}
            >
              <entry.icon size={16} aria-hidden className="shrink-0" />
              <span className={clsx(isNarrow && "sr-only")}>{entry.label}</span>
              {entry.href === paths.incidents(workspace) && (
                <OpenCount workspace={workspace} isNarrow={isNarrow} />
              )}
              {entry.href === paths.postmortems(workspace) && (
                <ItemCount workspace={workspace} isNarrow={isNarrow} />
              )}
            </Link>
          );
        })}
      </nav>
      <div className="mt-auto flex flex-col gap-0.5">
        <RailButton
          isNarrow={isNarrow}
          label={isNarrow ? "Widen" : "Narrow"}
          hint="["
          onClick={() => onNarrow(!isNarrow)}
          icon={<Toggle size={16} aria-hidden />}
        />
        <PersonMenu isNarrow={isNarrow} onKeys={onKeys} />
      </div>
    </div>
  );
}

function RailButton({
  isNarrow,
  label,
  hint,
  onClick,
  icon,
}: {
  isNarrow: boolean;
  label: string;
  hint: string;
  onClick: () => void;
  icon: ReactNode;
}) {
  return (
    <button
      type="button"
      title={isNarrow ? label : undefined}
      onClick={onClick}
      className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-ink-2 text-sm hover:bg-hover hover:text-ink"
    >
      {icon}
      <span className={clsx(isNarrow && "sr-only")}>{label}</span>
      {!isNarrow && (
        <span className="ml-auto">
          <Kbd>{hint}</Kbd>
        </span>
      )}
    </button>
  );
}
