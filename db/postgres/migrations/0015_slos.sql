-- Objectives, each a share of good slices of time or of good events.
CREATE TABLE IF NOT EXISTS slos (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  environment text NOT NULL,
  -- Null: every version that is seen.
  version text,
  indicator jsonb NOT NULL,
  objective double precision NOT NULL CHECK (objective > 0 AND objective < 1),
  period jsonb NOT NULL,
  bad_count_min integer NOT NULL,
  destination_ids uuid[] NOT NULL DEFAULT '{}',
  is_enabled boolean NOT NULL DEFAULT true,
  revision integer NOT NULL DEFAULT 1,
  -- When its slices are asked for next; until when they are, and since when all of them were asked for again.
  due_at timestamptz NOT NULL,
  measured_until timestamptz,
  swept_at timestamptz,
  error text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS slos_name ON slos (workspace_id, lower(name));
CREATE INDEX IF NOT EXISTS slos_due ON slos (due_at) WHERE is_enabled;

-- One row per slice of time of an objective. A slice that labels or late rows judge anew is changed in its place.
CREATE TABLE IF NOT EXISTS slo_slices (
  workspace_id uuid NOT NULL,
  slo_id uuid NOT NULL REFERENCES slos (id) ON DELETE CASCADE,
  slice_from timestamptz NOT NULL,
  slice_until timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('settled', 'provisional', 'unmeasured', 'idle')),
  good_count bigint NOT NULL,
  bad_count bigint NOT NULL,
  unmeasured_count bigint NOT NULL,
  value double precision,
  reason text NOT NULL DEFAULT '',
  revision integer NOT NULL DEFAULT 1,
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (slo_id, slice_from)
);
CREATE INDEX IF NOT EXISTS slo_slices_open ON slo_slices (slo_id, slice_from) WHERE state IN ('provisional', 'unmeasured');

-- How the newest evaluation of each objective's burn came out, by urgency.
CREATE TABLE IF NOT EXISTS slo_alert_state (
  workspace_id uuid NOT NULL,
  slo_id uuid NOT NULL REFERENCES slos (id) ON DELETE CASCADE,
  urgency text NOT NULL CHECK (urgency IN ('page', 'ticket')),
  result jsonb NOT NULL,
  -- Since when it burns like this; null while it does not.
  firing_since timestamptz,
  evaluated_at timestamptz NOT NULL,
  PRIMARY KEY (slo_id, urgency)
);
