ALTER TABLE dirty_buckets DROP CONSTRAINT IF EXISTS dirty_buckets_aspect_check;
ALTER TABLE dirty_buckets ADD CONSTRAINT dirty_buckets_aspect_check CHECK (aspect IN ('profile', 'performance', 'skew'));

-- Rows that were stored and speak of predictions whose hours are still to be found: labels make their performance stale, offline
-- features their skew. By their places in the order of receipt, which other rows may share.
CREATE TABLE IF NOT EXISTS arrivals (
  aspect text NOT NULL CHECK (aspect IN ('performance', 'skew')),
  workspace_id uuid NOT NULL,
  model_id uuid NOT NULL,
  sequence_from bigint NOT NULL,
  sequence_until bigint NOT NULL,
  row_from timestamptz NOT NULL,
  row_until timestamptz NOT NULL,
  row_count integer NOT NULL,
  arrived_at timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (aspect, model_id, sequence_from, sequence_until)
);
CREATE INDEX IF NOT EXISTS arrivals_due ON arrivals (aspect, arrived_at);

-- Labels alone had a table of their own before.
DO $$ BEGIN
  IF to_regclass('label_arrivals') IS NOT NULL THEN
    INSERT INTO arrivals (aspect, workspace_id, model_id, sequence_from, sequence_until, row_from, row_until, row_count, arrived_at)
    SELECT 'performance', workspace_id, model_id, sequence_from, sequence_until, label_from, label_until, label_count, arrived_at
    FROM label_arrivals
    ON CONFLICT DO NOTHING;
    DROP TABLE label_arrivals;
  END IF;
END $$;
