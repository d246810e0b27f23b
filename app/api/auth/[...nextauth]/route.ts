import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "#lib/auth.ts";
import { refuseLargeForm } from "#lib/http/refuse-large-form.ts";

type AuthContext = { params: Promise<{ nextauth: string[] }> };

async function handler(request: NextRequest, context: AuthContext): Promise<Response> {
  return refuseLargeForm(request) ?? (await NextAuth(request, context, authOptions()));
}

export { handler as GET, handler as POST };
