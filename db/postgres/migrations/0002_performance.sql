-- Buckets are dirty by aspect: a label that came late changes the performance of its hour, and none of its profiles.
ALTER TABLE dirty_buckets ADD COLUMN IF NOT EXISTS aspect text NOT NULL DEFAULT 'profile'
  CHECK (aspect IN ('profile', 'performance'));
ALTER TABLE dirty_buckets DROP CONSTRAINT IF EXISTS dirty_buckets_pkey;
ALTER TABLE dirty_buckets ADD CONSTRAINT dirty_buckets_pkey PRIMARY KEY (aspect, grain, model_id, bucket);
DROP INDEX IF EXISTS dirty_buckets_due;
CREATE INDEX IF NOT EXISTS dirty_buckets_due_by_aspect ON dirty_buckets (aspect, grain, last_marked_at);

-- Labels that were stored, and whose predictions' hours are still to be found: by their places in the order of receipt,
-- which other labels may share.
CREATE TABLE IF NOT EXISTS label_arrivals (
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL,
  sequence_from bigint NOT NULL,
  sequence_until bigint NOT NULL,
  label_from timestamptz NOT NULL,
  label_until timestamptz NOT NULL,
  label_count integer NOT NULL,
  arrived_at timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (model_id, sequence_from, sequence_until)
);
CREATE INDEX IF NOT EXISTS label_arrivals_due ON label_arrivals (arrived_at);
