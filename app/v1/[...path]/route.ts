import { passToIngest } from "#lib/http/pass-to-ingest.ts";

export const dynamic = "force-dynamic";

export { passToIngest as DELETE, passToIngest as GET, passToIngest as POST, passToIngest as PUT };
