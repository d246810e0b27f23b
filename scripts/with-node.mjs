import { runPinned } from "./pinned-node.mjs";

runPinned(process.argv.slice(2));
