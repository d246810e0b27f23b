/** Where to go after signing in: a path of this site, whatever the address bar was made to say. */
export function safePath(target: string | null): string {
  if (target === null) return "/";
  try {
    const base = "http://here.invalid";
    const url = new URL(target, base);
    const isOurs = url.origin === base || url.origin === globalThis.location?.origin;
    return isOurs ? `${url.pathname}${url.search}${url.hash}` : "/";
  } catch {
    return "/";
  }
}
