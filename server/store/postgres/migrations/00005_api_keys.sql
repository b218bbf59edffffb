-- Who may call the servers. They read it every moment, and the command line writes
-- it beside them.

-- +goose Up
CREATE TABLE api_keys (
    name       TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    role       TEXT   NOT NULL,
    hash       BYTEA  NOT NULL UNIQUE, -- SHA-256 of the secret
    created_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL         -- the unknown instant while it is valid
);
