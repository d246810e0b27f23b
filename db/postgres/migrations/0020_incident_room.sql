-- The room in which an incident is worked on: who does what, what is pinned, what was corrected, what was pasted.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1;
-- In which revision each field that people set was changed last: two people may change different ones side by side.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS field_revisions jsonb NOT NULL DEFAULT '{}';
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS roles jsonb NOT NULL DEFAULT '{}';
-- What fixed it, in the words of whoever resolved it.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS resolution text;
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS split_from uuid;
-- The series that went along when it was split off: what they find later is its own, too.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS split_series text[] NOT NULL DEFAULT '{}';
CREATE INDEX IF NOT EXISTS incidents_split_series ON incidents USING gin (split_series) WHERE split_series <> '{}';
CREATE INDEX IF NOT EXISTS incidents_detected ON incidents (workspace_id, detected_at DESC);

-- Pins come and go; what was pinned when is in the audit log.
CREATE TABLE IF NOT EXISTS incident_pins (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  actor jsonb NOT NULL,
  pinned_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, entry_id)
);

-- A note that was corrected: the timeline keeps the original, and the newest correction is what is shown.
CREATE TABLE IF NOT EXISTS incident_note_edits (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  revision integer NOT NULL CHECK (revision >= 2),
  text text NOT NULL,
  occurred_at timestamptz NOT NULL,
  actor jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (entry_id, revision)
);
CREATE INDEX IF NOT EXISTS incident_note_edits_incident ON incident_note_edits (incident_id);
CREATE OR REPLACE TRIGGER incident_note_edits_append_only BEFORE UPDATE ON incident_note_edits
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Pasted pictures, named by the hash of their bytes.
CREATE TABLE IF NOT EXISTS incident_images (
  workspace_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  hash text NOT NULL,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
  bytes bytea NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  actor jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, hash)
);

-- The shape of the shift that an incident is about: what similar ones are found by.
CREATE TABLE IF NOT EXISTS incident_signatures (
  workspace_id uuid NOT NULL,
  incident_id uuid PRIMARY KEY,
  signature jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS incident_signatures_workspace ON incident_signatures (workspace_id, updated_at DESC);
