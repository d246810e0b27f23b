import { test } from "vitest";
import { IncidentModel } from "./testing/incident-model.ts";

test("whatever monitors, people, silences and the clock do, an incident does not contradict itself", () => {
  for (let seed = 1; seed <= 500; seed += 1) new IncidentModel(seed).run(40);
});
