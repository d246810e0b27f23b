// Runs under whatever Node the machine has (20 or newer): installs what is missing, then hands over to the pinned one.
import { runPinned } from "./pinned-node.mjs";

// Nothing in it is fast: with the space for new objects that V8 takes by itself it holds 100 MB more, and never gives them back.
runPinned(["--max-semi-space-size=1", "scripts/start.ts", ...process.argv.slice(2)]);
