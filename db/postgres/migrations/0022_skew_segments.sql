-- Skew is kept by segment from now on. Of models whose segment keys were declared before, the hours that profiles are kept of are
-- compared once more, or a segment would show the pairs of the newest hours alone.
INSERT INTO dirty_buckets (aspect, workspace_id, model_id, grain, bucket, first_marked_at, last_marked_at)
SELECT 'skew', models.workspace_id, models.id, '1h', hours.bucket, now(), now()
FROM models, generate_series(date_trunc('hour', now()) - interval '400 days', date_trunc('hour', now()), interval '1 hour') AS hours (bucket)
WHERE models.has_offline_features AND EXISTS (SELECT 1 FROM segment_keys WHERE segment_keys.model_id = models.id)
ON CONFLICT DO NOTHING;
