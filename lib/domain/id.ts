import { z } from "zod";

/** Lower-case words joined by dashes: what stands in a URL for a workspace. */
export const slugSchema = z
  .string()
  .min(2)
  .max(48)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "use lower-case letters, digits and single dashes");

/** Names that clients choose: models, versions, environments, features. Control characters are refused. */
export const nameSchema = z
  .string()
  .min(1)
  .max(128)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, "control characters are not allowed");
