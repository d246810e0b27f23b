export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "plumbline-theme";
export const railCookie = "plumbline-rail";

export const parseTheme = (value: string | undefined): Theme =>
  themes.find((theme) => theme === value) ?? "system";
