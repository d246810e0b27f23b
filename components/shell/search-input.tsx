"use client";

import { Search } from "lucide-react";
import { Input } from "../ui/field.tsx";
import { useUrlState } from "./use-url-state.ts";

/** Filters what the page lists; the text stands in the address. */
export function SearchInput({ label, name = "q" }: { label: string; name?: string }) {
  const { get, set } = useUrlState();
  return (
    <div className="relative w-64 max-w-full">
      <Search size={14} aria-hidden className="absolute top-2 left-2.5 text-ink-3" />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        defaultValue={get(name) ?? ""}
        onChange={(event) => set({ [name]: event.target.value }, "replace")}
        className="h-[30px] pl-8 text-sm"
      />
    </div>
  );
}
