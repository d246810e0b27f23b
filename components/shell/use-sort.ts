"use client";

import type { Sort } from "../ui/data-table.tsx";
import { useUrlState } from "./use-url-state.ts";

/** A table's order, in the address: `sort=rows` or `sort=-rows`; a second table of a page has a name of its own. */
export function useSort(name = "sort"): [Sort | null, (sort: Sort | null) => void] {
  const { get, set } = useUrlState();
  const text = get(name);
  const sort =
    text === undefined ? null : { id: text.replace(/^-/, ""), isDescending: text.startsWith("-") };
  const change = (next: Sort | null) =>
    set({ [name]: next === null ? null : `${next.isDescending ? "-" : ""}${next.id}` }, "replace");
  return [sort, change];
}
