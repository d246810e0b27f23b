import { route } from "#lib/http/route.ts";
import { addNote } from "#lib/services/timeline/add-note.ts";

export const POST = route(addNote);
