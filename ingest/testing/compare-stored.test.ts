import { expect, test } from "vitest";
import { compareStored, noDifferences } from "./compare-stored.ts";

interface Row {
  id: string;
}

const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id }));
const compare = (
  sent: { acknowledged?: Row[]; unanswered?: Row[][]; refused?: Row[][] },
  stored: Row[],
) =>
  compareStored<Row>(
    {
      acknowledged: new Map((sent.acknowledged ?? []).map((row) => [row.id, row])),
      unanswered: sent.unanswered ?? [],
      refused: sent.refused ?? [],
    },
    stored.map((row) => ({ row, receivedMs: 0 })),
    ({ id }) => id,
  );

test("what was acknowledged is there, and what was not answered is there whole or not at all", () => {
  const sent = { acknowledged: rows("a"), unanswered: [rows("b", "c"), rows("d", "e")] };
  expect(compare(sent, rows("a", "b", "c"))).toEqual(noDifferences);
  expect(compare(sent, rows("b", "c"))).toMatchObject({ lost: ["a"] });
  expect(compare(sent, rows("a", "b"))).toMatchObject({ torn: ["1 of 2"] });
  expect(compare(sent, rows("a", "a", "x"))).toMatchObject({ doubled: ["a"], strangers: ["x"] });
});

test("a row that came again and was acknowledged then tells nothing of the body that it was in before", () => {
  const sent = { acknowledged: rows("b"), unanswered: [rows("b", "c", "d")] };
  expect(compare(sent, rows("b"))).toEqual(noDifferences);
  expect(compare(sent, rows("b", "c", "d"))).toEqual(noDifferences);
  expect(compare(sent, rows("b", "c"))).toMatchObject({ torn: ["1 of 2"] });
  expect(compare({ acknowledged: rows("b"), refused: [rows("b", "c")] }, rows("b"))).toEqual(
    noDifferences,
  );
  expect(compare({ refused: [rows("b", "c")] }, rows("c"))).toMatchObject({ refused: ["c"] });
});
