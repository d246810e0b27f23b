import { route } from "#lib/http/route.ts";
import { listNotifications } from "#lib/services/notification/list-notifications.ts";

export const GET = route(listNotifications);
