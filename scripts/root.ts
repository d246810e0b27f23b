import { dirname } from "node:path";

/** The folder of the clone, without a slash at its end. */
export const root = dirname(import.meta.dirname);
