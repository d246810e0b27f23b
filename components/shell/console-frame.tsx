"use client";

import dynamic from "next/dynamic";
import { useParams, useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useKeys } from "../ui/use-keys.ts";
import { readNow } from "../ui/use-now.ts";
import { BottomBar } from "./bottom-bar.tsx";
import { modelPages, paths } from "./paths.ts";
import { Rail } from "./rail.tsx";
import { railEntries } from "./rail-entries.ts";
import { useRail } from "./use-preference.ts";

const CommandPalette = dynamic(
  () => import("./command-palette.tsx").then((module) => module.CommandPalette),
  { ssr: false },
);
const KeyHelp = dynamic(() => import("./key-help.tsx").then((module) => module.KeyHelp), {
  ssr: false,
});

const chordMs = 1_200;

export interface ConsoleFrameProps {
  workspace: string;
  isRailNarrow: boolean;
  children: ReactNode;
}

/** The frame around every page: rail, palette, keys. */
export function ConsoleFrame({ workspace, isRailNarrow, children }: ConsoleFrameProps) {
  const [isNarrow, setIsNarrow] = useRail(isRailNarrow);
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const router = useRouter();
  const params = useParams<{ model?: string }>();
  const model = params.model === undefined ? null : decodeURIComponent(params.model);
  const chordUntil = useRef(0);

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => (before === "palette" ? null : "palette"));
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  useKeys((key, event) => {
    if (readNow() < chordUntil.current) {
      chordUntil.current = 0;
      const entry = railEntries(workspace).find((each) => each.key === key);
      const page = modelPages.find((each) => each.key === key);
      if (entry !== undefined) router.push(entry.href);
      else if (page !== undefined && model !== null)
        router.push(`${paths.model(workspace, model, page.page)}${window.location.search}`);
      return;
    }
    switch (key) {
      case "g":
        chordUntil.current = readNow() + chordMs;
        break;
      case "?":
        setOpen("keys");
        break;
      case "[":
        setIsNarrow(!isNarrow);
        break;
      case "/": {
        const search = document.querySelector<HTMLInputElement>("input[type='search']");
        if (search === null) break;
        event.preventDefault();
        search.focus();
        break;
      }
    }
  });

  return (
    <div className="flex min-h-dvh max-sm:flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        To the page
      </a>
      <Rail
        workspace={workspace}
        isNarrow={isNarrow}
        onNarrow={setIsNarrow}
        onPalette={() => setOpen("palette")}
        onKeys={() => setOpen("keys")}
      />
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 focus:outline-none">
        {children}
      </main>
      <BottomBar workspace={workspace} onPalette={() => setOpen("palette")} />
      {open === "palette" && (
        <CommandPalette workspace={workspace} model={model} onClose={() => setOpen(null)} />
      )}
      {open === "keys" && <KeyHelp hasModel={model !== null} onClose={() => setOpen(null)} />}
    </div>
  );
}
