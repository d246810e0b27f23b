import { checkBanned } from "./banned.ts";
import { checkCitedPaths } from "./cited-paths.ts";
import { checkContractWords } from "./contract-words.ts";
import { checkDrawers } from "./drawers.ts";
import { checkGuardedFetch } from "./guarded-fetch.ts";
import type { Check } from "./house.ts";
import { checkMigrations } from "./migrations.ts";
import { checkNouns } from "./nouns.ts";
import { checkPrivacy } from "./privacy.ts";
import { checkRegistries } from "./registries.ts";
import { checkRooms } from "./rooms.ts";
import { checkServerOnly } from "./server-only.ts";
import { checkSleeps } from "./sleeps.ts";
import { checkUseClient } from "./use-client.ts";

export const checks: { name: string; check: Check }[] = [
  { name: "rooms", check: checkRooms },
  { name: "nouns", check: checkNouns },
  { name: "cited-paths", check: checkCitedPaths },
  { name: "contract-words", check: checkContractWords },
  { name: "drawers", check: checkDrawers },
  { name: "banned", check: checkBanned },
  { name: "use-client", check: checkUseClient },
  { name: "server-only", check: checkServerOnly },
  { name: "sleeps", check: checkSleeps },
  { name: "guarded-fetch", check: checkGuardedFetch },
  { name: "migrations", check: checkMigrations },
  { name: "registries", check: checkRegistries },
  { name: "privacy", check: checkPrivacy },
];
