"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { sessionQuery } from "#lib/api/session.ts";
import { Kbd } from "../ui/kbd.tsx";
import { Menu } from "../ui/menu.tsx";
import { signOutOfHere } from "./sign-out.ts";
import { useTheme } from "./use-preference.ts";

const themeChoices = [
  { theme: "system", label: "As the system", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

export function PersonMenu({ isNarrow, onKeys }: { isNarrow: boolean; onKeys: () => void }) {
  const session = useQuery(sessionQuery());
  const [theme, setTheme] = useTheme();
  const name = session.data?.user.name ?? "You";
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={`${name}: theme, keys, sign out`}
          className="flex h-10 items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-full border bg-page font-medium text-ink-2 text-xs uppercase"
          >
            {name.slice(0, 1)}
          </span>
          <span className={clsx("min-w-0 flex-1", isNarrow && "sr-only")}>
            <span className="block truncate text-sm leading-[18px]">{name}</span>
            <span className="block truncate text-2xs text-ink-3 leading-4">
              {session.data?.user.email}
            </span>
          </span>
        </button>
      }
      entries={[
        { kind: "label", text: "Theme" },
        ...themeChoices.map((choice) => ({
          kind: "item" as const,
          text: choice.label,
          isChecked: choice.theme === theme,
          icon: <choice.icon size={14} aria-hidden />,
          onSelect: () => setTheme(choice.theme),
        })),
        { kind: "line", id: "theme" },
        {
          kind: "item",
          text: "Keys",
          icon: <Keyboard size={14} aria-hidden />,
          hint: <Kbd>?</Kbd>,
          onSelect: onKeys,
        },
        {
          kind: "item",
          text: "Sign out",
          icon: <LogOut size={14} aria-hidden />,
          onSelect: () => void signOutOfHere(),
        },
      ]}
    />
  );
}
