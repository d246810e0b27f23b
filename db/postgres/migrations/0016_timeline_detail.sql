-- What an entry of a timeline shows beside its words: the result of a query, a link, an image.
ALTER TABLE incident_timeline ADD COLUMN IF NOT EXISTS detail jsonb;
