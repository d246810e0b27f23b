"use client";

import { clsx } from "clsx";
import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { Menu } from "../ui/menu.tsx";
import { isEntryActive, railEntries } from "./rail-entries.ts";
import { signOutOfHere } from "./sign-out.ts";
import { themes } from "./theme.ts";
import { useTheme } from "./use-preference.ts";

const themeNames = { system: "As the system", light: "Light", dark: "Dark" } as const;
const shownMax = 4;

/** The rail, in reach of the thumb. */
export function BottomBar({ workspace, onPalette }: { workspace: string; onPalette: () => void }) {
  const path = usePathname();
  const router = useRouter();
  const [theme, setTheme] = useTheme();
  const entries = railEntries(workspace);
  return (
    <nav
      aria-label="Pages"
      className="sticky bottom-0 z-30 grid h-14 grid-cols-5 border-t bg-rail pb-[env(safe-area-inset-bottom)] sm:hidden print:hidden"
    >
      {entries.slice(0, shownMax).map((entry) => {
        const isActive = isEntryActive(entry, path);
        return (
          <Link
            key={entry.label}
            href={entry.href}
            prefetch={false}
            aria-current={isActive ? "page" : undefined}
            className={clsx(itemClass, isActive ? "text-accent" : "text-ink-2")}
          >
            <entry.icon size={18} aria-hidden />
            {entry.label}
          </Link>
        );
      })}
      <Menu
        side="top"
        align="end"
        trigger={
          <button type="button" className={clsx(itemClass, "text-ink-2")}>
            <Ellipsis size={18} aria-hidden />
            More
          </button>
        }
        entries={[
          { kind: "item", text: "Search", onSelect: onPalette },
          ...entries.slice(shownMax).map((entry) => ({
            kind: "item" as const,
            text: entry.label,
            onSelect: () => router.push(entry.href),
          })),
          { kind: "line", id: "pages" },
          { kind: "label", text: "Theme" },
          ...themes.map((each) => ({
            kind: "item" as const,
            text: themeNames[each],
            isChecked: each === theme,
            onSelect: () => setTheme(each),
          })),
          { kind: "line", id: "theme" },
          { kind: "item", text: "Sign out", onSelect: () => void signOutOfHere() },
        ]}
      />
    </nav>
  );
}

const itemClass = "focus-inset flex flex-col items-center justify-center gap-0.5 text-2xs";
