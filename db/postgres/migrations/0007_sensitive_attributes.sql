-- A declared key whose groups should be treated alike, and the group that the others are held against; without one the most
-- selected group is.
ALTER TABLE segment_keys ADD COLUMN IF NOT EXISTS is_sensitive boolean NOT NULL DEFAULT false;
ALTER TABLE segment_keys ADD COLUMN IF NOT EXISTS reference_value text;
