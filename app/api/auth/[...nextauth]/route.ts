import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "#lib/auth.ts";

type AuthContext = { params: Promise<{ nextauth: string[] }> };

async function handler(request: NextRequest, context: AuthContext): Promise<Response> {
  return await NextAuth(request, context, authOptions());
}

export { handler as GET, handler as POST };
