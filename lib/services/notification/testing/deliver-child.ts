import { createPostgres } from "#db/postgres/client.ts";
import { testSealer } from "../../destination/testing/build-destination.ts";
import { deliverNotification, takeNotification } from "../deliver-notification.ts";

/** A worker that sends one message of a workspace, for a test that kills it: once it has taken it ("take"), or whenever it likes. It
 *  says how far it is, and stays. */
const [url = "", workspaceId = "", now = "", until = ""] = process.argv.slice(2);
const context = {
  postgres: createPostgres({ url, application: "plumbline-deliver-child" }),
  sealer: testSealer,
  guard: { allowedHosts: ["127.0.0.1"] },
  now: () => new Date(now),
  random: () => 0,
  workspaceId,
};
const claim = await takeNotification(context);
process.stdout.write(claim === null ? "nothing\n" : "taken\n");
if (claim !== null && until === "deliver") {
  await deliverNotification(context, claim);
  process.stdout.write("delivered\n");
}
// Stays until it is killed.
setInterval(() => {}, 60_000);
