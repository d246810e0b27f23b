import type { Check } from "./house.ts";

type Registry = { folder: string; definedBy: RegExp };

const registries: Registry[] = [
  { folder: "db/clickhouse/queries/", definedBy: /=\s*define(?:Query|Scan)\b/ },
  { folder: "jobs/", definedBy: /=\s*defineJob\b/ },
];

/** The laws over all queries and all jobs hold for those alone that a registry names. */
export const checkRegistries: Check = ({ files, text }) =>
  registries.flatMap(({ folder, definedBy }) => {
    const registry = `${folder}registry.ts`;
    const listed = files.includes(registry) ? text(registry) : "";
    return files
      .filter((path) => path.startsWith(folder) && path !== registry)
      .filter((path) => /(?<!\.test)\.ts$/.test(path) && definedBy.test(text(path)))
      .filter((path) => !listed.includes(`"./${path.slice(folder.length)}"`))
      .map((path) => ({ path, message: `add it to ${registry}` }));
  });
