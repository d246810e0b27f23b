import type { Check } from "./house.ts";

const DRAWERS = new Set(["util", "utils", "helper", "helpers", "common", "misc", "shared"]);
const CODE = /\.(ts|tsx|js|mjs|cjs|py)$/;
const SDK_ENTRY = /^sdk\/typescript\/(src\/)?index\.ts$/;

/** A drawer takes whatever nobody named; a barrel closes import cycles and hides where a thing lives. */
export const checkDrawers: Check = ({ files }) =>
  files
    .filter((path) => CODE.test(path))
    .flatMap((path) => {
      const parts = path.split("/");
      const name = (parts.at(-1) ?? "").replace(/(\.db)?(\.test)?\.[a-z]+$/, "");
      const drawer = [...parts.slice(0, -1), name].find((part) => DRAWERS.has(part));
      if (drawer)
        return [{ path, message: `"${drawer}" says nothing; name the file for what it answers` }];
      if (path.endsWith(".py") || path.endsWith(".d.ts")) return [];
      if (name === "types") return [{ path, message: "a type lives beside what makes it" }];
      if (name === "index" && !SDK_ENTRY.test(path))
        return [{ path, message: "no barrels; import the file that has the thing" }];
      return [];
    });
