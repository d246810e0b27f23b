-- By which sections postmortems of a workspace begin. Every edit is a version of its own, and none is taken away.
CREATE TABLE IF NOT EXISTS postmortem_templates (
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  version integer NOT NULL,
  sections jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, version)
);

-- One of an incident. Its sections are its own: a template that changes changes none that was begun.
CREATE TABLE IF NOT EXISTS postmortems (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  incident_id uuid NOT NULL,
  title text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'in_review', 'published')),
  -- From 1; the next begins when a published one is taken up again.
  edition integer NOT NULL DEFAULT 1,
  template_version integer NOT NULL,
  owner_user_id uuid,
  -- Settings that are considered beside the monitors that there are, and what the last replay said of all of them.
  candidates jsonb NOT NULL DEFAULT '[]',
  detection jsonb,
  revision integer NOT NULL DEFAULT 1,
  -- An approval from before is of something else.
  content_at timestamptz NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  published_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS postmortems_incident ON postmortems (workspace_id, incident_id);

CREATE TABLE IF NOT EXISTS postmortem_sections (
  workspace_id uuid NOT NULL,
  postmortem_id uuid NOT NULL REFERENCES postmortems (id) ON DELETE CASCADE,
  key text NOT NULL,
  position integer NOT NULL,
  title text NOT NULL,
  guidance text NOT NULL,
  kind text NOT NULL,
  is_required boolean NOT NULL,
  text text NOT NULL,
  factors jsonb NOT NULL DEFAULT '[]',
  revision integer NOT NULL DEFAULT 1,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (postmortem_id, key)
);

-- The curated timeline: what was taken over from the incident keeps what it said there.
CREATE TABLE IF NOT EXISTS postmortem_entries (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  postmortem_id uuid NOT NULL REFERENCES postmortems (id) ON DELETE CASCADE,
  -- The entry of the incident's timeline; null of one that was added here.
  source_id uuid,
  -- Of two at one moment the first to come stands first.
  position bigint GENERATED ALWAYS AS IDENTITY,
  original_text text,
  occurred_at timestamptz NOT NULL,
  text text NOT NULL,
  link text NOT NULL DEFAULT '',
  is_included boolean NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS postmortem_entries_source ON postmortem_entries (postmortem_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS postmortem_entries_order ON postmortem_entries (postmortem_id, occurred_at);

CREATE TABLE IF NOT EXISTS postmortem_reviews (
  workspace_id uuid NOT NULL,
  postmortem_id uuid NOT NULL REFERENCES postmortems (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  approved_at timestamptz,
  PRIMARY KEY (postmortem_id, user_id)
);

CREATE TABLE IF NOT EXISTS postmortem_comments (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  postmortem_id uuid NOT NULL REFERENCES postmortems (id) ON DELETE CASCADE,
  section_key text NOT NULL,
  text text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  resolved_by text,
  resolved_at timestamptz
);
CREATE INDEX IF NOT EXISTS postmortem_comments_of ON postmortem_comments (postmortem_id, created_at);

-- What was published, whole, as it was: history, so that it outlives what it speaks of.
CREATE TABLE IF NOT EXISTS postmortem_editions (
  workspace_id uuid NOT NULL,
  postmortem_id uuid NOT NULL,
  edition integer NOT NULL,
  document jsonb NOT NULL,
  published_by text NOT NULL,
  published_at timestamptz NOT NULL,
  -- Why it was taken up again.
  withdrawn_reason text,
  withdrawn_by text,
  withdrawn_at timestamptz,
  PRIMARY KEY (postmortem_id, edition)
);

CREATE TABLE IF NOT EXISTS action_item_counters (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  last_number integer NOT NULL
);

-- Incident and postmortem are named without a foreign key: what is still to be done outlives them.
CREATE TABLE IF NOT EXISTS action_items (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  number integer NOT NULL,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  kind text NOT NULL CHECK (kind IN ('detect', 'prevent', 'mitigate', 'repair')),
  priority text NOT NULL CHECK (priority IN ('p0', 'p1', 'p2', 'p3')),
  state text NOT NULL CHECK (state IN ('open', 'in_progress', 'done', 'wont_do')),
  -- Why it will not be done, or was called done though its test did not pass.
  state_reason text NOT NULL DEFAULT '',
  owner_user_id uuid,
  owner_team_id uuid,
  due_on date,
  tracker_url text NOT NULL DEFAULT '',
  incident_id uuid,
  postmortem_id uuid,
  acceptance jsonb,
  test_result jsonb,
  -- When a change of its monitor has it tested again; null while nothing waits.
  test_due_at timestamptz,
  remind_at timestamptz,
  -- Grows with every message about it.
  message_count integer NOT NULL DEFAULT 0,
  revision integer NOT NULL DEFAULT 1,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  done_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS action_items_number ON action_items (workspace_id, number);
CREATE INDEX IF NOT EXISTS action_items_incident ON action_items (workspace_id, incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS action_items_test ON action_items (test_due_at) WHERE test_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS action_items_remind ON action_items (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS action_items_monitor ON action_items (workspace_id, (acceptance->'subject'->>'monitorId')) WHERE acceptance IS NOT NULL;

-- Everything that happened to an item, append-only.
CREATE TABLE IF NOT EXISTS action_item_events (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  item_id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  text text NOT NULL,
  actor text NOT NULL,
  occurred_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS action_item_events_of ON action_item_events (item_id, position);
