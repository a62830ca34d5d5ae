-- The tables of Supabase Storage that name people's files, with the vendor's columns and its lock
-- against deletion by SQL. Read from supabase/storage@4fa61fb:migrations/tenant.
CREATE SCHEMA IF NOT EXISTS storage;

CREATE TABLE IF NOT EXISTS storage.buckets (
    id text PRIMARY KEY,
    name text NOT NULL UNIQUE,
    owner uuid,
    owner_id text,
    public boolean DEFAULT false,
    file_size_limit bigint,
    allowed_mime_types text[],
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

-- `owner` is deprecated (0018) and may be empty; no foreign key leads to auth.users (0017).
CREATE TABLE IF NOT EXISTS storage.objects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    bucket_id text REFERENCES storage.buckets (id),
    name text,
    owner uuid,
    owner_id text,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    last_accessed_at timestamptz DEFAULT now(),
    metadata jsonb,
    user_metadata jsonb,
    path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
    version text,
    UNIQUE (bucket_id, name)
);
CREATE INDEX IF NOT EXISTS name_prefix_search ON storage.objects (name text_pattern_ops);

CREATE TABLE IF NOT EXISTS storage.s3_multipart_uploads (
    id text PRIMARY KEY,
    in_progress_size bigint NOT NULL DEFAULT 0,
    upload_signature text NOT NULL,
    bucket_id text NOT NULL REFERENCES storage.buckets (id),
    key text COLLATE "C" NOT NULL,
    version text NOT NULL,
    owner_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    user_metadata jsonb
);

-- 0055: nobody deletes by SQL by mistake, as the files would stay where they are.
CREATE OR REPLACE FUNCTION storage.protect_delete() RETURNS trigger LANGUAGE plpgsql AS $lock$
BEGIN
    IF current_setting('storage.allow_delete_query', true) IS DISTINCT FROM 'true' THEN
        RAISE EXCEPTION 'Direct deletion from storage tables is not allowed. Use the Storage API.'
            USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END;
$lock$;
CREATE OR REPLACE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
CREATE OR REPLACE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
CREATE OR REPLACE TRIGGER protect_s3_multipart_uploads_delete
    BEFORE DELETE ON storage.s3_multipart_uploads
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();

-- Where the files themselves are: with the vendor an S3 bucket, here a table of its own.
CREATE SCHEMA IF NOT EXISTS storage_backend;
CREATE TABLE IF NOT EXISTS storage_backend.files (
    bucket_id text NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (bucket_id, name)
);
