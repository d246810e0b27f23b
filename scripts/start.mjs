// Runs under whatever Node the machine has (20 or newer): installs what is missing, then hands over to the pinned one.
import { runPinned } from "./pinned-node.mjs";

runPinned(["scripts/start.ts", ...process.argv.slice(2)]);
