import type { NextAuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import type { Runtime } from "#lib/runtime.ts";
import { getRuntime } from "#lib/runtime.ts";
import { signIn } from "#lib/services/session/sign-in.ts";
import { signInWithOidc } from "#lib/services/session/sign-in-with-oidc.ts";

const sessionSeconds = 14 * 24 * 60 * 60;

const oidcProfileSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  email: z.email(),
  email_verified: z.boolean().default(false),
  name: z.string().optional(),
});

/** The token says who somebody is and nothing else: what they may do is read from the memberships on every request. */
export function authOptions(): NextAuthOptions {
  const runtime = getRuntime();
  return {
    secret: runtime.env.PLUMBLINE_SECRET,
    session: { strategy: "jwt", maxAge: sessionSeconds },
    useSecureCookies: isSecure(runtime),
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [passwordProvider(runtime), ...oidcProviders(runtime)],
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.provider !== "oidc") return true;
        const parsed = oidcProfileSchema.safeParse(profile);
        if (!parsed.success) return false;
        const { iss, sub, email, email_verified, name } = parsed.data;
        const identity = { issuer: iss, subject: sub, email, isEmailVerified: email_verified };
        const userId = await signInWithOidc(
          runtime.postgres,
          { ...identity, name: name ?? email },
          runtime.now(),
        );
        if (userId === null) return false;
        user.id = userId;
        return true;
      },
      jwt: ({ token, user }) => (user === undefined ? token : { sub: user.id }),
      session: ({ session }) => ({ expires: session.expires }),
    },
    logger: {
      error: (code, detail) => runtime.log.error({ code, detail: textOf(detail) }, "next-auth"),
      warn: (code) => runtime.log.debug({ code }, "next-auth"),
      debug: () => undefined,
    },
  };
}

function passwordProvider(runtime: Runtime) {
  return Credentials({
    id: "credentials",
    name: "E-mail and password",
    credentials: { email: { type: "email" }, password: { type: "password" } },
    async authorize(credentials, request) {
      const result = await signIn(
        runtime.postgres,
        {
          email: String(credentials?.email ?? ""),
          password: String(credentials?.password ?? ""),
          address: addressOf(request.headers),
        },
        runtime.now(),
      );
      switch (result.kind) {
        case "signedIn":
          return result.user;
        case "refused":
          return null;
        case "limited":
          throw new Error("RateLimited");
      }
    },
  });
}

function oidcProviders({ env }: Runtime): OAuthConfig<Record<string, unknown>>[] {
  if (env.OIDC_ISSUER === undefined || env.OIDC_CLIENT_ID === undefined) return [];
  return [
    {
      id: "oidc",
      name: "Single sign-on",
      type: "oauth",
      wellKnown: `${env.OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile" } },
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      clientId: env.OIDC_CLIENT_ID,
      ...(env.OIDC_CLIENT_SECRET === undefined ? {} : { clientSecret: env.OIDC_CLIENT_SECRET }),
      profile: (profile) => ({ id: String(profile.sub), email: String(profile.email ?? "") }),
    },
  ];
}

/** The last hop is what the nearest proxy, or Next itself, saw; the ones before are what the client claims. */
function addressOf(headers: Record<string, unknown> | undefined): string {
  const forwarded = headers?.["x-forwarded-for"];
  const hops = typeof forwarded === "string" ? forwarded.split(",") : [];
  return hops.at(-1)?.trim() ?? "unknown";
}

function isSecure(runtime: Runtime): boolean {
  return runtime.publicUrl.startsWith("https://");
}

function textOf(detail: unknown): string {
  return detail instanceof Error ? detail.message : JSON.stringify(detail)?.slice(0, 500);
}

/** Whose session cookie a request carries; null without a valid one. */
export async function readSessionUserId(request: Request): Promise<string | null> {
  const runtime = getRuntime();
  const name = `${isSecure(runtime) ? "__Secure-" : ""}next-auth.session-token`;
  const cookie = readCookie(request.headers.get("cookie") ?? "", name);
  if (cookie === null) return null;
  const token = await decode({ token: cookie, secret: runtime.env.PLUMBLINE_SECRET }).catch(
    () => null,
  );
  return z.uuid().safeParse(token?.sub).data ?? null;
}

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
