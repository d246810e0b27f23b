import type { Check } from "./house.ts";

const MAY = /^components\/|^app\/(.*\/)?(error|global-error)\.tsx$/;

/** Doors are rendered by the server; what runs in the browser lives in components/. */
export const checkUseClient: Check = ({ files, text }) =>
  files
    .filter((path) => /\.tsx?$/.test(path) && !MAY.test(path))
    .filter((path) => /^(\s|\/\/.*|\/\*[\s\S]*?\*\/)*["']use client["']/.test(text(path)))
    .map((path) => ({ path, line: 1, message: "move what needs the browser to components/" }));
