import { route } from "#lib/http/route.ts";
import { replayNotification } from "#lib/services/notification/replay-notification.ts";

export const POST = route(replayNotification);
