import { buildConsole } from "./build-console.ts";
import { root } from "./root.ts";

const seconds = await buildConsole(root, () => console.log("Building the console."));
console.log(seconds === 0 ? "The build is current." : `Built in ${seconds.toFixed(1)} s.`);
