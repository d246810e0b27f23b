import { useSyncExternalStore } from "react";

const subscribe = () => () => undefined;

/** Whether the page's own code runs already. A form that is sent before is sent by the browser, with what is in it in the address. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}
