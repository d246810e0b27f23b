const w = (workspace: string) => `/w/${encodeURIComponent(workspace)}`;

/** Every address of the console is spelled here. */
export const paths = {
  home: "/",
  signIn: "/sign-in",
  fleet: (workspace: string) => w(workspace),
  incidents: (workspace: string) => `${w(workspace)}/incidents`,
  incident: (workspace: string, number: number) => `${w(workspace)}/incidents/${number}`,
  insights: (workspace: string) => `${w(workspace)}/insights`,
  alerts: (workspace: string) => `${w(workspace)}/alerts`,
  getStarted: (workspace: string) => `${w(workspace)}/get-started`,
  rejections: (workspace: string) => `${w(workspace)}/rejections`,
  monitors: (workspace: string) => `${w(workspace)}/monitors`,
  newMonitor: (workspace: string) => `${w(workspace)}/monitors/new`,
  monitor: (workspace: string, monitorId: string) => `${w(workspace)}/monitors/${monitorId}`,
  editMonitor: (workspace: string, monitorId: string) =>
    `${w(workspace)}/monitors/${monitorId}/edit`,
  runbooks: (workspace: string) => `${w(workspace)}/runbooks`,
  newRunbook: (workspace: string) => `${w(workspace)}/runbooks/new`,
  runbook: (workspace: string, runbookId: string) => `${w(workspace)}/runbooks/${runbookId}`,
  editRunbook: (workspace: string, runbookId: string) =>
    `${w(workspace)}/runbooks/${runbookId}/edit`,
  runbookHistory: (workspace: string, runbookId: string) =>
    `${w(workspace)}/runbooks/${runbookId}/history`,
  system: (workspace: string) => `${w(workspace)}/system`,
  keys: (workspace: string) => `${w(workspace)}/settings/keys`,
  members: (workspace: string) => `${w(workspace)}/settings/members`,
  destinations: (workspace: string) => `${w(workspace)}/settings/destinations`,
  deliveries: (workspace: string) => `${w(workspace)}/settings/deliveries`,
  workspace: (workspace: string) => `${w(workspace)}/settings/workspace`,
  teams: (workspace: string) => `${w(workspace)}/settings/teams`,
  schedules: (workspace: string) => `${w(workspace)}/settings/schedules`,
  schedule: (workspace: string, scheduleId: string) =>
    `${w(workspace)}/settings/schedules/${encodeURIComponent(scheduleId)}`,
  escalation: (workspace: string) => `${w(workspace)}/settings/escalation`,
  silences: (workspace: string) => `${w(workspace)}/settings/silences`,
  /** With the form filled in, as `writeSilenceQuery` has it. */
  newSilence: (workspace: string, query: string) =>
    `${w(workspace)}/settings/silences?for=${encodeURIComponent(query)}`,
  postmortems: (workspace: string) => `${w(workspace)}/postmortems`,
  postmortem: (workspace: string, incident: number) => `${w(workspace)}/postmortems/${incident}`,
  postmortemPrint: (workspace: string, incident: number) =>
    `${w(workspace)}/postmortems/${incident}/print`,
  postmortemTemplate: (workspace: string) => `${w(workspace)}/settings/postmortem-template`,
  actionItems: (workspace: string) => `${w(workspace)}/action-items`,
  actionItem: (workspace: string, item: number) => `${w(workspace)}/action-items/${item}`,
  actions: (workspace: string) => `${w(workspace)}/settings/actions`,
  reactions: (workspace: string) => `${w(workspace)}/settings/reactions`,
  slos: (workspace: string) => `${w(workspace)}/slos`,
  slo: (workspace: string, sloId: string) => `${w(workspace)}/slos/${encodeURIComponent(sloId)}`,
  model: (workspace: string, model: string, page: ModelPage = "overview") => {
    const base = `${w(workspace)}/models/${encodeURIComponent(model)}`;
    return page === "overview" ? base : `${base}/${page}`;
  },
};

export const modelPages = [
  { page: "overview", label: "Overview", key: "o" },
  { page: "drift", label: "Drift", key: "d" },
  { page: "skew", label: "Skew", key: "k" },
  { page: "quality", label: "Quality", key: "q" },
  { page: "performance", label: "Performance", key: "p" },
  { page: "segments", label: "Segments", key: "e" },
  { page: "fairness", label: "Fairness", key: "a" },
  { page: "versions", label: "Versions", key: "w" },
  { page: "freshness", label: "Freshness and volume", key: "v" },
  { page: "rows", label: "Rows", key: "r" },
  { page: "baselines", label: "Baselines", key: "b" },
  { page: "schema", label: "Schema", key: "c" },
  { page: "jobs", label: "Jobs", key: "u" },
] as const;
export type ModelPage = (typeof modelPages)[number]["page"];
