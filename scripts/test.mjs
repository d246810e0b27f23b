import { runPinned } from "./pinned-node.mjs";

runPinned(["scripts/test-run.ts", ...process.argv.slice(2)]);
