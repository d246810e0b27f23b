import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkRooms } from "./rooms.ts";

test("files at the root and in the rooms of the house pass", () => {
  const house = buildHouse({
    "next.config.ts": "",
    "app/page.tsx": "",
    ".ci/run": "",
    "lib/env.ts": "",
    "lib/stats/psi.ts": "",
    "db/clickhouse/queries/drift.ts": "",
  });
  expect(checkRooms(house)).toEqual([]);
});

test("a folder that is no room is named once, whatever it holds", () => {
  const findings = checkRooms(buildHouse({ "src/a.ts": "", "src/b.ts": "", "lib/hooks/c.ts": "" }));
  expect(findings.map(({ message }) => message.split(" ")[0])).toEqual(["lib/hooks/", "src/"]);
});
