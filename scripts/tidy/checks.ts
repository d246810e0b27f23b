import type { Check } from "./house.ts";

export const checks: { name: string; check: Check }[] = [];
