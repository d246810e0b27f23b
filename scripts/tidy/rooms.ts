import type { Check } from "./house.ts";

const ROOMS = new Set([
  ...["app", "components", "lib", "db", "ingest", "jobs", "sdk", "e2e", "bench", "scripts", "docs"],
  ...["public", ".ci"],
]);
const ROOMS_OF_LIB = new Set([
  ...["domain", "stats", "rules", "charts", "api", "services", "http", "notify"],
]);

/** A folder that no one planned is a room that no wall speaks about. */
export const checkRooms: Check = ({ files }) => {
  const firstOf = new Map<string, string>();
  for (const path of files) {
    const parts = path.split("/");
    const [room = "", second = ""] = parts;
    if (parts.length > 1 && !ROOMS.has(room)) firstOf.set(`${room}/`, path);
    if (room === "lib" && parts.length > 2 && !ROOMS_OF_LIB.has(second))
      firstOf.set(`lib/${second}/`, path);
  }
  return [...firstOf].map(([room, path]) => ({
    path,
    message: `${room} is not a room of the house; put the file in one, or add the room and its walls`,
  }));
};
