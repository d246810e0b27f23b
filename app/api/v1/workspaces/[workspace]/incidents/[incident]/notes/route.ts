import { route } from "#lib/http/route.ts";
import { addNote } from "#lib/services/incident/add-note.ts";

export const POST = route(addNote);
