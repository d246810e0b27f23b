import { route } from "#lib/http/route.ts";
import { getNotification } from "#lib/services/notification/get-notification.ts";

export const GET = route(getNotification);
